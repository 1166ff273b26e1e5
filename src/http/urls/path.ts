import { compileRegex } from "./regex-matcher.ts";
import { compileRoute, type RouteMatcher } from "./route-matcher.ts";
import type { ConverterValues } from "./converters.ts";
import type { View } from "../view.ts";

/** The names of a list of addresses, each with the parameters it takes. */
export type UrlNames = Record<string, Record<string, unknown>>;

/**
 * One line of `urls`: a pattern, with a view or with further patterns. `Names` is known to the compiler only; it stands
 * in a function's parameter and result so that a list of patterns keeps the names of each and not those they share.
 */
export interface UrlPattern<Names extends UrlNames = any> {
  readonly matcher: RouteMatcher;
  readonly view?: View | undefined;
  readonly children?: readonly UrlPattern[] | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  /** Parameters that the pattern adds to those of the address. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  readonly names?: (names: Names) => Names;
}

/** Patterns to be mounted under a prefix, with the namespace of their names. */
export interface IncludedUrls<Names extends UrlNames = any> {
  readonly urls: readonly UrlPattern<any>[];
  readonly namespace?: string | undefined;
  readonly names?: (names: Names) => Names;
}

type Value<Kind extends string> = Kind extends keyof ConverterValues ? ConverterValues[Kind] : unknown;
type Parameter<Text extends string> = Text extends `${infer Kind}:${infer Name}`
  ? { [K in Name]: Value<Kind> }
  : { [K in Text]: string };
type Flat<T> = { [K in keyof T]: T[K] };

/** The parameters of a pattern: `ParamsOf<"coffee/<int:id>/">` is `{ id: number }`. */
export type ParamsOf<P extends string> = P extends `${string}<${infer Text}>${infer Rest}`
  ? Flat<Parameter<Text> & ParamsOf<Rest>>
  : {};

type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;

/** The names of all patterns of a list. */
export type NamesOf<Urls> = Urls extends readonly (infer P)[]
  ? UnionToIntersection<P extends UrlPattern<infer N> ? N : never>
  : never;

type Prefixed<Names, Params, Namespace> = {
  [K in keyof Names & string as Namespace extends string ? `${Namespace}:${K}` : K]: Flat<Names[K] & Params>;
};

export interface PathOptions<N extends string = string> {
  name?: N | undefined;
  /** Parameters given to the view beside those of the address. */
  extra?: Readonly<Record<string, unknown>> | undefined;
}

/** A view's parameters are checked against the pattern, and nothing is inferred from the view. */
type ViewOf<P extends string> = NoInfer<View<ParamsOf<P>>>;

function isView(target: View | IncludedUrls | readonly UrlPattern[]): target is View {
  return typeof target === "function";
}

function makePattern(
  matcher: (whole: boolean) => RouteMatcher,
  target: View | IncludedUrls | readonly UrlPattern[],
  options: PathOptions,
): UrlPattern {
  if (isView(target)) return { matcher: matcher(true), view: target, name: options.name, extra: options.extra };
  const included = "urls" in target ? target : { urls: target, namespace: undefined };
  return { matcher: matcher(false), children: included.urls, namespace: included.namespace, extra: options.extra };
}

/**
 * An address and what answers it: a view, or further addresses under it.
 * Converters: `int`, `str` (the default), `slug`, `uuid`, `path`, and those of `registerConverter`.
 *
 * ```ts
 * path("coffee/<int:id>/", coffeeDetail, { name: "coffee-detail" });
 * path("api/", include(api.urls, { namespace: "api" }));
 * ```
 * @throws HTTP_BAD_PATTERN, HTTP_UNKNOWN_CONVERTER
 */
export function path<const P extends string, const N extends string = never>(
  pattern: P,
  view: ViewOf<P>,
  options?: PathOptions<N>,
): UrlPattern<[N] extends [never] ? {} : { [K in N]: ParamsOf<P> }>;
export function path<const P extends string, Names extends UrlNames>(
  pattern: P,
  included: IncludedUrls<Names>,
): UrlPattern<Prefixed<Names, ParamsOf<P>, null>>;
export function path<const P extends string, const Urls extends readonly UrlPattern<any>[]>(
  pattern: P,
  urls: Urls,
): UrlPattern<Prefixed<NamesOf<Urls>, ParamsOf<P>, null>>;
export function path(
  pattern: string,
  target: View | IncludedUrls | readonly UrlPattern[],
  options: PathOptions = {},
): UrlPattern {
  return makePattern((whole) => compileRoute(pattern, whole), target, options);
}

/**
 * An address by regular expression. Named groups become parameters (strings); without any, all groups do, by number.
 *
 * ```ts
 * rePath(/^archive\/(?<year>[0-9]{4})\/$/, archive, { name: "archive" });
 * ```
 */
export function rePath<const N extends string = never>(
  pattern: RegExp | string,
  target: View<any> | IncludedUrls | readonly UrlPattern[],
  options: PathOptions<N> = {},
): UrlPattern<[N] extends [never] ? {} : { [K in N]: Record<string, string> }> {
  return makePattern(() => compileRegex(pattern), target, options);
}

/**
 * Addresses to be mounted with `path`, their names under a namespace.
 *
 * ```ts
 * path("shop/", include(shopUrls, { namespace: "shop" })); // reverse("shop:coffee")
 * ```
 */
export function include<const Urls extends readonly UrlPattern<any>[], const NS extends string | null = null>(
  urls: Urls | { readonly urls: Urls },
  options: { namespace?: NS } = {},
): IncludedUrls<Prefixed<NamesOf<Urls>, {}, NS>> {
  return { urls: "urls" in urls ? urls.urls : urls, namespace: options.namespace ?? undefined };
}
