// The addresses of the recorded tests about namespaces, made from what the recordings expect of them.
import { include, path, rePath, type UrlPattern } from "../../../src/http/index.ts";
import { emptyView as view } from "./views.ts";

const named = (name: string, pattern: RegExp): UrlPattern => rePath(pattern, view, { name });

const objectUrls = [
  named("urlobject-view", /^inner\/$/),
  named("urlobject-view", /^inner\/(?<arg1>[0-9]+)\/(?<arg2>[0-9]+)\/$/),
  named("urlobject-special-view", /^inner\/\+\\\$\*\/$/),
];
const normalUrls = [
  named("inc-normal-view", /^normal\/$/),
  named("inc-normal-view", /^normal\/(?<arg1>[0-9]+)\/(?<arg2>[0-9]+)\/$/),
  named("inc-special-view", /^\+\\\$\*\/$/),
  named("inc-mixed-args", /^mixed_args\/([0-9]+)\/(?<arg2>[0-9]+)\/$/),
  named("inc-no-kwargs", /^no_kwargs\/([0-9]+)\/([0-9]+)\/$/),
];
const instance = (prefix: string, appName: string, namespace: string): UrlPattern =>
  path(prefix, include(objectUrls, { appName, namespace }));
const normal = (namespace: string) => include(normalUrls, { appName: "inc-app", namespace });

const nestedUrls: UrlPattern[] = [
  ...normalUrls,
  instance("test3/", "testapp", "test-ns3"),
  instance("test4/", "testapp", "testapp"),
  path("ns-included4/", include(normalUrls, { namespace: "inc-ns4" })),
];

export const namespaceUrls: UrlPattern[] = [
  named("normal-view", /^normal\/$/),
  named("normal-view", /^normal\/(?<arg1>[0-9]+)\/(?<arg2>[0-9]+)\/$/),
  named("resolver-view", /^resolver_match\/$/),
  named("special-view", /^\+\\\$\*\/$/),
  named("mixed-args", /^mixed_args\/([0-9]+)\/(?<arg2>[0-9]+)\/$/),
  named("no-kwargs", /^no_kwargs\/([0-9]+)\/([0-9]+)\/$/),
  named("view-class", /^view_class\/(?<arg1>[0-9]+)\/(?<arg2>[0-9]+)\/$/),
  path("test1/", include(objectUrls, { appName: "testapp", namespace: "test-ns1" })),
  instance("test2/", "testapp", "test-ns2"),
  instance("default/", "testapp", "testapp"),
  instance("other1/", "nodefault", "other-ns1"),
  instance("other2/", "nodefault", "other-ns2"),
  instance("newapp1/", "newapp", "new-ns1"),
  instance("new-default/", "newapp", "newapp"),
  path("app-included1/", normal("app-ns1")),
  path("app-included2/", normal("app-ns2")),
  path("ns-included1/", include(nestedUrls, { namespace: "inc-ns1" })),
  path("ns-included2/", include(nestedUrls, { namespace: "inc-ns2" })),
  path("app-included/", include(normalUrls, { appName: "inc-app" })),
  path("included/", normalUrls),
  rePath(/^inc(?<outer>[0-9]+)\//, include([named("inner-nothing", /$/), named("inner-extra", /extra\/(?<extra>\w+)\/$/)], { namespace: "inc-ns5" })), // prettier-ignore
  rePath(/^ns-outer\/(?<outer>[0-9]+)\//, include(normalUrls, { namespace: "inc-outer" })),
  rePath(/^\+\\\$\*\//, include([...normalUrls, path("included/", include(normalUrls, { namespace: "included_namespace_urls" }))], { namespace: "special" })), // prettier-ignore
];
