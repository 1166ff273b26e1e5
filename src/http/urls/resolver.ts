/*
 * How it works. `urls` is one ordered list, a pattern with children being a list under a prefix. `resolve` walks it in
 * the order of declaration and takes the first pattern that matches the whole path (resolver-match.ts): two converters
 * in one place, a `<path:>` in the middle and a name used twice are all lawful. A pattern looks at its fixed beginning
 * before it runs its regular expression, so a long list costs a few string comparisons. `reverse` goes through the
 * namespaces of a name to its table (reverse-table.ts), and takes the first of its ways, the last declared first, whose
 * parameters are exactly those given and whose address the pattern matches.
 */
import { CortadoError, nearestName } from "#kernel";
import { httpErrors } from "../errors.ts";
import { viewMarks } from "../view.ts";
import { type AddressWay, fillWay, type ReverseParams } from "./address-ways.ts";
import type { UrlPattern } from "./path.ts";
import { quotePath, type QueryValues, toQueryString } from "./quote.ts";
import { matchIn, type ResolverMatch } from "./resolver-match.ts";
import { ReverseTable } from "./reverse-table.ts";
import { walkUrls } from "./walk-urls.ts";

/** What an address is made with beside its name and parameters. */
export interface ReverseOptions {
  /** A query string, or its values by name: `{ page: 2, tag: ["new", "ice"] }`. */
  query?: QueryValues | undefined;
  /** What stands behind `#`. */
  fragment?: string | undefined;
  /** The instance namespace that an application namespace means, where it is one of that application. */
  currentApp?: string | undefined;
}

/** One address of a project, as `cortado routes` and the debug page list it. */
export interface RouteListing {
  route: string;
  name: string | undefined;
  view: string;
}

/** What a resolver knows beside its addresses. */
export interface ResolverOptions {
  /** The prefix that a proxy in front adds to every address: `/shop/`. */
  prefix?: string | undefined;
}

/**
 * Finds the view of a path, and the path of a name.
 *
 * ```ts
 * const resolver = new Resolver([path("coffee/<int:id>/", coffeeDetail, { name: "coffee-detail" })]);
 * resolver.resolve("/coffee/3/")?.params; // { id: 3 }
 * resolver.reverse("coffee-detail", { id: 3 }, { query: { page: 2 } }); // "/coffee/3/?page=2"
 * ```
 */
export class Resolver {
  readonly urls: readonly UrlPattern[];
  /** Stands before every address; it begins and ends with a slash. */
  readonly prefix: string;
  #table: ReverseTable | undefined;

  constructor(urls: readonly UrlPattern[], { prefix = "/" }: ResolverOptions = {}) {
    this.urls = urls;
    this.prefix = `/${prefix.replace(/^\/+|\/+$/g, "")}/`.replace("//", "/");
  }

  /** What the path (decoded, beginning with its slash) leads to; undefined where no pattern matches. */
  resolve(path: string): ResolverMatch | undefined {
    return path.startsWith("/") ? matchIn(this.urls, path, this.#begin(path)) : undefined;
  }

  /** Where the path begins that patterns match: a proxy may or may not have taken the prefix away. */
  #begin(path: string): number {
    return this.prefix !== "/" && path.startsWith(this.prefix) ? this.prefix.length : 1;
  }

  /** The path as the patterns know it, without the prefix of a proxy in front. */
  withoutPrefix(path: string): string {
    return path.slice(this.#begin(path) - 1);
  }

  /**
   * The address of a name. Parameters come by name, or by position as an array.
   * @throws HTTP_UNKNOWN_URL_NAME, HTTP_UNKNOWN_NAMESPACE, HTTP_NO_REVERSE_MATCH, HTTP_BAD_FRAGMENT
   */
  reverse(name: string, params: ReverseParams = {}, options: ReverseOptions = {}): string {
    const ways = this.#waysTo(name, options.currentApp);
    for (const way of ways) {
      const rest = fillWay(way, params);
      if (rest !== undefined) return `${quotePath(this.prefix + rest)}${endOf(options)}`;
    }
    throw httpErrors.HTTP_NO_REVERSE_MATCH({ name, params, patterns: [...new Set(ways.map(({ route }) => `/${route}`))] });
  }

  /**
   * What is wrong with a name and the parameters given to it — their names, or how many come by position — whatever their
   * values; undefined where an address can be made.
   */
  reverseProblem(name: string, given: readonly string[] | number): CortadoError | undefined {
    try {
      const ways = this.#waysTo(name, undefined);
      if (ways.some(({ params, extra }) => takes(params, extra, given))) return undefined;
      const params = typeof given === "number" ? Array.from({ length: given }, () => "…") : Object.fromEntries(given.map((key) => [key, "…"])); // prettier-ignore
      return httpErrors.HTTP_NO_REVERSE_MATCH({ name, params, patterns: [...new Set(ways.map(({ route }) => `/${route}`))] });
    } catch (error) {
      if (error instanceof CortadoError) return error;
      throw error;
    }
  }

  #waysTo(name: string, currentApp: string | undefined): readonly AddressWay[] {
    this.#table ??= new ReverseTable(this.urls);
    const at = name.lastIndexOf(":");
    const table = at < 0 ? this.#table : this.#tableOf(name.slice(0, at).split(":"), currentApp);
    const ways = table.waysTo(name.slice(at + 1));
    if (ways === undefined) throw httpErrors.HTTP_UNKNOWN_URL_NAME({ name, known: [...this.#table.names()] });
    return ways;
  }

  #tableOf(namespaces: readonly string[], currentApp: string | undefined): ReverseTable {
    let table = this.#table!;
    let current = currentApp?.split(":");
    const inside: string[] = [];
    for (const namespace of namespaces) {
      const nearest = current?.shift();
      const instance = table.instanceOf(namespace, nearest);
      if (instance !== nearest) current = undefined;
      const inner = table.inside(instance);
      if (inner === undefined) throw httpErrors.HTTP_UNKNOWN_NAMESPACE({ namespace, inside, known: table.namespaces });
      inside.push(instance);
      table = inner;
    }
    return table;
  }

  /** Every address, in the order in which it is tried. */
  routes(): RouteListing[] {
    return [...walkUrls(this.urls)].map(({ patterns, name }) => ({
      route: `${this.prefix}${patterns.map((pattern) => pattern.matcher.text).join("")}`,
      name,
      view: patterns.at(-1)!.view!.name || "(anonymous)",
    }));
  }

  /** Whether a path that leads nowhere lies under an API: a fixed address of one, or the prefix of a list that has only its views. */
  isOfApi(path: string): boolean {
    const whole = path.endsWith("/") ? path : `${path}/`;
    return path.startsWith("/") && isOfApi(this.urls, whole, this.#begin(whole));
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

function takes(params: readonly string[], extra: Readonly<Record<string, unknown>>, given: readonly string[] | number): boolean {
  if (typeof given === "number") return params.length === given;
  return (
    params.every((param) => given.includes(param)) && given.every((key) => params.includes(key) || Object.hasOwn(extra, key))
  );
}

function endOf({ query, fragment }: ReverseOptions): string {
  if (fragment !== undefined && typeof fragment !== "string") throw httpErrors.HTTP_BAD_FRAGMENT({ given: fragment });
  const asked = query === undefined ? "" : toQueryString(query);
  return `${asked === "" ? "" : `?${asked}`}${fragment === undefined ? "" : `#${fragment}`}`;
}

function isOfApi(urls: readonly UrlPattern[], path: string, offset: number): boolean {
  return urls.some(({ matcher, children, view }) => {
    if (view !== undefined) return viewMarks(view).api === true && isBelow(path, offset, matcher.text);
    const match = matcher.match(path, offset);
    if (match === undefined) return false;
    const views = [...walkUrls(children!)].map(({ patterns }) => patterns.at(-1)!.view!);
    const isApi = match.end > offset && views.length > 0 && views.every((view) => viewMarks(view).api === true);
    return isApi || isOfApi(children!, path, match.end);
  });
}

function isBelow(path: string, offset: number, address: string): boolean {
  return address !== "" && path.startsWith(address.endsWith("/") ? address : `${address}/`, offset);
}
