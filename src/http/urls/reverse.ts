import { AsyncLocalStorage } from "node:async_hooks";
import { LazyText } from "#kernel/i18n";
import { httpErrors } from "../errors.ts";
import type { ReverseParams } from "./address-ways.ts";
import type { NamesOf, UrlPattern } from "./path.ts";
import { Resolver, type ReverseOptions } from "./resolver.ts";
import type { ResolverMatch } from "./resolver-match.ts";

/**
 * Where a project tells the compiler its addresses.
 *
 * ```ts
 * declare module "cortado" { interface Register { urls: typeof urls } }
 * ```
 */
export interface Register {}

type RegisteredNames = Register extends { urls: infer Urls } ? NamesOf<Urls> : Record<string, any>;

/** The names of the registered addresses; any string where none are registered. */
export type UrlName = Extract<keyof RegisteredNames, string>;

/** The parameters of an address; may be left out where it takes none. */
export type UrlParams<N extends UrlName> = string extends UrlName
  ? [params?: ReverseParams, options?: ReverseOptions]
  : {} extends RegisteredNames[N]
    ? [params?: RegisteredNames[N], options?: ReverseOptions]
    : [params: RegisteredNames[N], options?: ReverseOptions];

let current: Resolver | undefined;
/** The addresses of single requests: made when a request first has its own. */
let overrides: AsyncLocalStorage<Resolver> | undefined;
const resolvers = new WeakMap<readonly UrlPattern[], Resolver>();

/** Makes a resolver the one that `reverse` asks. A project does so when it opens. */
export function setCurrentResolver(resolver: Resolver | undefined): void {
  current = resolver;
}

/** @throws HTTP_NO_RESOLVER */
export function currentResolver(): Resolver {
  const resolver = overrides?.getStore() ?? current;
  if (resolver === undefined) throw httpErrors.HTTP_NO_RESOLVER();
  return resolver;
}

/** The resolver of a list of addresses: one and the same each time. */
export function resolverOf(urls: readonly UrlPattern[]): Resolver {
  let resolver = resolvers.get(urls);
  if (resolver === undefined) resolvers.set(urls, (resolver = new Resolver(urls, { prefix: current?.prefix })));
  return resolver;
}

/**
 * Other addresses for what runs inside: `reverse`, `resolve` and `{% url %}` ask them.
 *
 * ```ts
 * overrideUrls(partnerUrls, () => reverse("prices"));
 * ```
 */
export function overrideUrls<T>(urls: readonly UrlPattern[], run: () => T): T {
  overrides ??= new AsyncLocalStorage();
  return overrides.run(resolverOf(urls), run);
}

/**
 * The address of a name.
 *
 * ```ts
 * reverse("coffee-detail", { id: 3 }); // "/coffee/3/"
 * reverse("coffee", {}, { query: { page: 2 }, fragment: "top" }); // "/coffee/?page=2#top"
 * ```
 * @throws HTTP_UNKNOWN_URL_NAME, HTTP_UNKNOWN_NAMESPACE, HTTP_NO_REVERSE_MATCH, HTTP_NO_RESOLVER
 */
export function reverse<N extends UrlName>(name: N, ...[params, options]: UrlParams<N>): `/${string}` {
  return currentResolver().reverse(name, params as ReverseParams | undefined, options) as `/${string}`;
}

/**
 * `reverse`, when the address is shown: for what is written down before the project is open.
 *
 * ```ts
 * const link = reverseLazy("coffee"); // no project is open yet
 * ```
 */
export function reverseLazy<N extends UrlName>(name: N, ...params: UrlParams<N>): LazyText {
  return new LazyText(() => reverse(name, ...params));
}

/** What a path leads to; undefined where no pattern matches. `resolve("/coffee/3/")?.urlName` */
export function resolve(path: string): ResolverMatch | undefined {
  return currentResolver().resolve(path);
}

/** Whether a path leads to a view. */
export function isValidPath(path: string): boolean {
  return resolve(path) !== undefined;
}
