/*
 * Holds the resolver against what another framework's tests recorded of theirs:
 *
 *   node --conditions=cortado-source scripts/vectors/compare-urls.ts urls.json
 *
 * The addresses that the cases name stand in urlconfs/. A case resolves a path, or reverses a name; a refusal agrees with a
 * refusal, whatever its words are.
 */
import { type QueryValues, Resolver, type ResolverMatch, type UrlPattern } from "../../src/http/index.ts";
import { decode, NoCounterpart, recordedCases, Tally } from "./recorded.ts";
import { namespaceUrls } from "./urlconfs/namespaces.ts";
import { base64Urls, converterUrls, pathUrls, sameNameUrls } from "./urlconfs/paths.ts";
import { innerUrls, lazyUrls, namedUrls, outerConf, reverseUrls } from "./urlconfs/reverse.ts";

interface Match {
  url_name: string | null;
  route: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  app_names: string[];
  namespaces: string[];
  view_name: string;
}

interface Case {
  id: string;
  test: string;
  op: "resolve" | "reverse";
  urlconf: string;
  path: string;
  viewname: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  current_app: string | null;
  extra?: { query?: unknown; fragment?: unknown };
  expect: { match?: Match; url?: string; error?: { type: string } };
}

const urlconfs: Record<string, readonly UrlPattern[]> = {
  urls: [],
  "urlpatterns.converter_urls": converterUrls,
  "urlpatterns.path_same_name_urls": sameNameUrls,
  "urlpatterns.path_base64_urls": base64Urls,
  "urlpatterns.path_urls": pathUrls,
  "urlpatterns_reverse.urls": reverseUrls,
  "urlpatterns_reverse.namespace_urls": namespaceUrls,
  "urlpatterns_reverse.urlconf_inner": innerUrls,
  "urlpatterns_reverse.urlconf_outer": outerConf,
  "urlpatterns_reverse.reverse_lazy_urls": lazyUrls,
  "urlpatterns_reverse.named_urls": namedUrls,
};

/** The recordings keep no script prefix, but the tests that set one say so in their names. */
const prefixes: Record<string, string> = {
  test_prefix_braces: "/{{invalid}}/",
  test_prefix_parenthesis: "/bogus)/",
  test_prefix_format_char: "/bump%20map/",
  test_non_urlsafe_prefix_with_args: "/%7Eme/",
  test_script_name_escaping: "/script:name/",
};

const tally = new Tally("urls");
for (const recorded of recordedCases<Case>("compare-urls.ts urls.json")) {
  const name = `${recorded.id} ${recorded.test.replace(/^.*\./, "")}`;
  await tally.compare(`${name} ${recorded.op} ${recorded.path ?? recorded.viewname}`, () => ({
    got: JSON.stringify(foundOf(recorded)),
    wanted: JSON.stringify(wantedOf(recorded)),
  }));
}
tally.print();

function wantedOf({ expect: { match, url, error } }: Case): unknown {
  if (match === undefined) return error === undefined ? url : "refused";
  const { url_name, route, args, kwargs, app_names, namespaces, view_name } = match;
  const viewName = url_name === null ? undefined : view_name;
  // The application namespaces of the shorter form of include() differ: see foundOf.
  return {
    urlName: url_name ?? undefined,
    route: plainRoute(route),
    args,
    kwargs: sorted(kwargs),
    apps: app_names.length,
    namespaces,
    viewName,
  };
}

function foundOf({ op, test, urlconf, path, viewname, args, kwargs, current_app: currentApp, extra = {} }: Case): unknown {
  const urls = urlconfs[urlconf];
  if (urls === undefined) throw new NoCounterpart(`the addresses ${urlconf}`);
  if (args?.length > 0 && Object.keys(kwargs).length > 0) throw new NoCounterpart("parameters by position and by name at once");
  const resolver = new Resolver(urls, { prefix: prefixes[test.replace(/^.*\./, "")] });
  if (op === "resolve") return matchOf(resolver.resolve(path));
  const params = (args.length > 0 ? decode(args) : decode(kwargs)) as Record<string, unknown>;
  const { query, fragment } = decode(extra) as { query?: QueryValues | null; fragment?: string | null };
  const options = { query: query ?? undefined, ...(fragment === null ? {} : { fragment }), currentApp: currentApp ?? undefined };
  try {
    return resolver.reverse(viewname, params, options);
  } catch {
    return "refused";
  }
}

function matchOf(match: ResolverMatch | undefined): unknown {
  if (match === undefined) return "refused";
  const { urlName, route, args, kwargs, appNames, namespaces, viewName } = match;
  return {
    urlName,
    route: plainRoute(route),
    args,
    kwargs: sorted(kwargs),
    apps: appNames.length,
    namespaces,
    viewName: urlName === undefined ? undefined : viewName,
  };
}

function sorted(values: Record<string, unknown>): unknown {
  return Object.entries(decode(values) as Record<string, unknown>).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** As both sides write it: without escapes of slashes, and a group's name without its P. */
function plainRoute(route: string): string {
  return route.replaceAll("\\/", "/").replaceAll("(?P<", "(?<");
}
