// The addresses of the recorded tests that are written with path(), made from what the recordings expect of them.
import { include, path, registerConverter, rePath, type UrlPattern } from "../../../src/http/index.ts";
import { emptyView as view } from "./views.ts";

registerConverter("base64", {
  regex: /[a-zA-Z0-9+/]*={0,2}/,
  toValue: (text) => Buffer.from(text, "base64").toString("latin1"),
  toUrl: (value: Uint8Array | string) => Buffer.from(value as string, "latin1").toString("base64"),
});
const toNumber = { toValue: Number, toUrl: String };
registerConverter("tiny_int", {
  ...toNumber,
  regex: /[0-9]+/,
  toUrl: (value) => (Number(value) > 5 ? undefined : String(value)),
});
registerConverter("to_url_value_error", { ...toNumber, regex: /[0-9]+/, toUrl: () => undefined });
registerConverter("reverse_to_url_value_error", { ...toNumber, regex: /[0-9]+/, toUrl: () => undefined });

export const converterUrls: UrlPattern[] = ["int", "path", "slug", "str", "uuid"].map((kind) =>
  path(`${kind}/<${kind}:${kind}>/` as string, view, { name: kind }),
);

export const sameNameUrls: UrlPattern[] = [
  path("number_of_args/0/", view, { name: "number_of_args" }),
  path("number_of_args/1/<value>/", view, { name: "number_of_args" }),
  path("kwargs_names/a/<a>/", view, { name: "kwargs_names" }),
  path("kwargs_names/b/<b>/", view, { name: "kwargs_names" }),
  path("converter/path/<path:value>/", view, { name: "converter" }),
  path("converter/str/<str:value>/", view, { name: "converter" }),
  path("converter/slug/<slug:value>/", view, { name: "converter" }),
  path("converter/int/<int:value>/", view, { name: "converter" }),
  path("converter/uuid/<uuid:value>/", view, { name: "converter" }),
  rePath(/^regex\/uppercase\/([A-Z]+)\//, view, { name: "regex" }),
  rePath(/^regex\/lowercase\/([a-z]+)\//, view, { name: "regex" }),
  path("converter_to_url/int/<value>/", view, { name: "converter_to_url" }),
  path("converter_to_url/tiny_int/<tiny_int:value>/", view, { name: "converter_to_url" }),
];

const base64Inner = [path("<base64:value>/", view, { name: "subpattern-base64" })];

export const base64Urls: UrlPattern[] = [
  path("base64/<base64:value>/", view, { name: "base64" }),
  path("base64/<base64:base>/subpatterns/", base64Inner),
  path("base64/<base64:base>/namespaced/", include(base64Inner, { appName: "namespaced-base64" })),
];

export const pathUrls: UrlPattern[] = [
  path("articles/2003/", view, { name: "articles-2003" }),
  path("articles/<int:year>/", view, { name: "articles-year" }),
  path("articles/<int:year>/<int:month>/", view, { name: "articles-year-month" }),
  path("articles/<int:year>/<int:month>/<int:day>/", view, { name: "articles-year-month-day" }),
  path("books/2007/", view, { name: "books-2007", extra: { extra: true } }),
  path("books/<int:year>/<int:month>/<int:day>/", view, { name: "books-year-month-day", extra: { extra: true } }),
  path("users/", view, { name: "users" }),
  path("users/<id>/", view, { name: "user-with-id" }),
  path("included_urls/", [path("extra/<extra>/", view, { name: "inner-extra" }), path("", view, { name: "inner-nothing" })]),
  rePath(/^regex\/(?<pk>[0-9]+)\/$/, view, { name: "regex" }),
  rePath(/^regex_optional\/(?<arg1>\d+)\/(?:(?<arg2>\d+)\/)?/, view, { name: "regex_optional" }),
  rePath(/^regex_only_optional\/(?:(?<arg1>\d+)\/)?/, view, { name: "regex_only_optional" }),
  path("<lang>/<path:url>/", view, { name: "lang-and-path" }),
];
