/*
 * How it works. `urls` is one ordered list, a pattern with children being a list under a prefix. `resolve` walks it in
 * the order of declaration and takes the first pattern that matches the whole path: two converters in one place, a
 * `<path:>` in the middle and a name used twice are all lawful. A pattern looks at its fixed beginning before it runs
 * its regular expression, so a long list costs a few string comparisons. `reverse` keeps, for each name, the ways in
 * which its address can be made; it takes the last declared one whose parameters are exactly those given, and checks
 * that what it made is matched by the pattern.
 */
import { nearestName } from "#kernel";
import { httpErrors } from "../errors.ts";
import { escapeRegex, type RoutePart } from "./route-matcher.ts";
import type { UrlPattern } from "./path.ts";
import { type View, viewMarks } from "../view.ts";

/** What a path leads to. */
export interface ResolvedRoute {
  view: View;
  params: Record<string, unknown>;
  /** The pattern's name with its namespaces: `shop:coffee-detail`; undefined where it has none. */
  name: string | undefined;
  namespaces: readonly string[];
  /** The patterns that matched, as written and joined: `coffee/<int:id>/`. */
  route: string;
}

/** One address of a project, as `cortado routes` and the debug page list it. */
export interface RouteListing {
  route: string;
  name: string | undefined;
  view: string;
}

type Params = Readonly<Record<string, unknown>> | readonly unknown[];

interface Template {
  parts: readonly RoutePart[];
  params: readonly string[];
  extra: Readonly<Record<string, unknown>>;
  route: string;
  check: RegExp;
}

interface Chain {
  patterns: readonly UrlPattern[];
  namespaces: readonly string[];
}

/** How far a path was read, and the namespaces of the patterns that read it. */
interface Position {
  offset: number;
  namespaces: readonly string[];
}

/** Behind the path's first slash. */
const start: Position = { offset: 1, namespaces: [] };

/**
 * Finds the view of a path, and the path of a name.
 *
 * ```ts
 * const resolver = new Resolver([path("coffee/<int:id>/", coffeeDetail, { name: "coffee-detail" })]);
 * resolver.resolve("/coffee/3/")?.params; // { id: 3 }
 * resolver.reverse("coffee-detail", { id: 3 }); // "/coffee/3/"
 * ```
 */
export class Resolver {
  readonly #urls: readonly UrlPattern[];
  #templates: Map<string, Template[]> | undefined;

  constructor(urls: readonly UrlPattern[]) {
    this.#urls = urls;
  }

  /** What the path (decoded, beginning with its slash) leads to; undefined where no pattern matches. */
  resolve(path: string): ResolvedRoute | undefined {
    return path.startsWith("/") ? resolveIn(this.#urls, path, start) : undefined;
  }

  /**
   * The address of a name. Parameters come by name, or by position as an array.
   * @throws HTTP_UNKNOWN_URL_NAME, HTTP_NO_REVERSE_MATCH
   */
  reverse(name: string, params: Params = {}): string {
    this.#templates ??= collectTemplates(this.#urls);
    const templates = this.#templates.get(name);
    if (templates === undefined) throw httpErrors.HTTP_UNKNOWN_URL_NAME({ name, known: [...this.#templates.keys()] });
    for (const template of templates) {
      const url = fillTemplate(template, params);
      if (url !== undefined) return url;
    }
    throw httpErrors.HTTP_NO_REVERSE_MATCH({ name, params, patterns: [...new Set(templates.map(({ route }) => `/${route}`))] });
  }

  /** Every address, in the order in which it is tried. */
  routes(): RouteListing[] {
    return [...walk(this.#urls)].map(({ patterns, namespaces }) => ({
      route: `/${patterns.map((pattern) => pattern.matcher.text).join("")}`,
      name: nameOf(patterns.at(-1)!, namespaces),
      view: patterns.at(-1)!.view!.name || "(anonymous)",
    }));
  }

  /** Whether a path that leads nowhere lies under the prefix of an API: of an included list that has only an API's views. */
  isOfApi(path: string): boolean {
    return path.startsWith("/") && isOfApi(this.#urls, path.endsWith("/") ? path : `${path}/`, start.offset);
  }

  /** The fixed address that is nearest to a path which leads nowhere. */
  nearest(path: string): string | undefined {
    const fixed = this.routes().map(({ route }) => route);
    return nearestName(
      path,
      fixed.filter((route) => !/[<(\\]/.test(route)),
    );
  }
}

function nameOf(pattern: UrlPattern, namespaces: readonly string[]): string | undefined {
  return pattern.name === undefined || namespaces.length === 0 ? pattern.name : `${namespaces.join(":")}:${pattern.name}`;
}

function resolveIn(urls: readonly UrlPattern[], path: string, { offset, namespaces }: Position): ResolvedRoute | undefined {
  for (const pattern of urls) {
    const match = pattern.matcher.match(path, offset);
    if (match === undefined) continue;
    const params = pattern.extra === undefined ? match.params : { ...match.params, ...pattern.extra };
    if (pattern.view !== undefined)
      return { view: pattern.view, params, name: nameOf(pattern, namespaces), namespaces, route: pattern.matcher.text };
    const inner = pattern.namespace === undefined ? namespaces : [...namespaces, pattern.namespace];
    const found = resolveIn(pattern.children!, path, { offset: match.end, namespaces: inner });
    if (found === undefined) continue;
    return { ...found, params: { ...params, ...found.params }, route: pattern.matcher.text + found.route };
  }
  return undefined;
}

function isOfApi(urls: readonly UrlPattern[], path: string, offset: number): boolean {
  return urls.some(({ matcher, children }) => {
    const match = children && matcher.match(path, offset);
    if (match === undefined) return false;
    const views = [...walk(children!)].map(({ patterns }) => patterns.at(-1)!.view!);
    const isApi = match.end > start.offset && views.length > 0 && views.every((view) => viewMarks(view).api === true);
    return isApi || isOfApi(children!, path, match.end);
  });
}

function* walk(urls: readonly UrlPattern[], before: Chain = { patterns: [], namespaces: [] }): Generator<Chain> {
  for (const pattern of urls) {
    const patterns = [...before.patterns, pattern];
    if (pattern.view !== undefined) yield { patterns, namespaces: before.namespaces };
    else
      yield* walk(pattern.children!, {
        patterns,
        namespaces: pattern.namespace === undefined ? before.namespaces : [...before.namespaces, pattern.namespace],
      });
  }
}

function collectTemplates(urls: readonly UrlPattern[]): Map<string, Template[]> {
  const templates = new Map<string, Template[]>();
  for (const { patterns, namespaces } of walk(urls)) {
    const name = nameOf(patterns.at(-1)!, namespaces);
    if (name === undefined) continue;
    const found = templatesOf(patterns);
    templates.set(name, [...found, ...(templates.get(name) ?? [])]);
  }
  return templates;
}

function templatesOf(patterns: readonly UrlPattern[]): Template[] {
  const extra = Object.assign({}, ...patterns.map((pattern) => pattern.extra));
  const route = patterns.map((pattern) => pattern.matcher.text).join("");
  const check = checkOf(patterns);
  let ways: RoutePart[][] = [[]];
  for (const { matcher } of patterns) {
    let unnamed = 0;
    const renumber = (part: RoutePart, before: readonly RoutePart[]): RoutePart =>
      typeof part !== "string" && /^\d+$/.test(part.param) ? { ...part, param: String(countParams(before) + unnamed++) } : part;
    ways = ways.flatMap((way) =>
      matcher.templates().map((template) => {
        unnamed = 0;
        return [...way, ...template.map((part) => renumber(part, way))];
      }),
    );
  }
  return ways.map((parts) => ({ parts, params: paramsOf(parts), extra, route, check }));
}

function countParams(parts: readonly RoutePart[]): number {
  return parts.filter((part) => typeof part !== "string").length;
}

function paramsOf(parts: readonly RoutePart[]): string[] {
  return [...new Set(parts.flatMap((part) => (typeof part === "string" ? [] : [part.param])))];
}

/** The patterns of a chain as one expression; group names may repeat in a chain, so where they do the groups lose them. */
function checkOf(patterns: readonly UrlPattern[]): RegExp {
  const source = `^${escapeRegex("/")}${patterns.map((pattern) => pattern.matcher.source).join("")}`;
  try {
    return new RegExp(source);
  } catch {
    return new RegExp(source.replace(/\(\?<([^=!][^>]*)>/g, "("));
  }
}

function fillTemplate(template: Template, given: Params): string | undefined {
  const values = Array.isArray(given)
    ? byPosition(template, given)
    : byName(template, given as Readonly<Record<string, unknown>>);
  if (values === undefined) return undefined;
  let url = "/";
  for (const part of template.parts) {
    const text = typeof part === "string" ? part : part.converter.toUrl(values[part.param]);
    if (text === undefined) return undefined;
    url += text;
  }
  return template.check.test(url) ? escapeLeadingSlashes(quotePath(url)) : undefined;
}

function byPosition({ params }: Template, given: readonly unknown[]): Record<string, unknown> | undefined {
  if (given.length !== params.length || given.includes(undefined)) return undefined;
  return Object.fromEntries(params.map((param, i) => [param, given[i]]));
}

function byName(
  { params, extra }: Template,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  for (const param of params) if (!Object.hasOwn(given, param) || given[param] === undefined) return undefined;
  for (const [name, value] of Object.entries(given)) {
    if (params.includes(name) || value === undefined) continue;
    if (!Object.hasOwn(extra, name) || extra[name] !== value) return undefined;
  }
  return given;
}

const keptInPaths = /%(?:21|24|26|27|28|29|2A|2B|2C|2F|3A|3B|3D|40)/g;

/** Encodes what may not stand in a path. */
function quotePath(path: string): string {
  return encodeURIComponent(path).replace(keptInPaths, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
}

/** An address never begins with two slashes: a browser would read a host there. */
function escapeLeadingSlashes(url: string): string {
  return url.startsWith("//") ? `/%2F${url.slice(2)}` : url;
}
