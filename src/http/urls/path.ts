import { compileRegex } from "./regex-matcher.ts";
import { compileRoute, type RouteMatcher } from "./route-matcher.ts";
import type { ConverterValues } from "./converters.ts";
import { httpErrors } from "../errors.ts";
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
  /** The instance namespace of the children's names. */
  readonly namespace?: string | undefined;
  /** The application namespace, which several instances may share. */
  readonly appName?: string | undefined;
  /** Parameters that the pattern adds to those of the address. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  readonly names?: (names: Names) => Names;
}

/** Patterns to be mounted under a prefix, with the namespaces of their names. */
export interface IncludedUrls<Names extends UrlNames = any> {
  readonly urls: readonly UrlPattern<any>[];
  readonly namespace?: string | undefined;
  readonly appName?: string | undefined;
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

type Prefixed<Names, Params> = {} extends Params ? Names : { [K in keyof Names]: Flat<Names[K] & Params> };

/** Names under their namespaces: that of the instance and that of the application. */
type Spaced<Names, NS, App> = [NS, App] extends [null, null]
  ? Names
  : { [K in keyof Names & string as `${(NS extends string ? NS : never) | (App extends string ? App : never)}:${K}`]: Names[K] };

/** What an address has beside its pattern and view. */
export interface PathOptions<N extends string = string> {
  name?: N | undefined;
  /** Parameters given to the view beside those of the address. */
  extra?: Readonly<Record<string, unknown>> | undefined;
}

type Named<N extends string, Params extends Record<string, unknown>> = UrlPattern<
  [N] extends [never] ? {} : { [K in N]: Params }
>;

/** A view's parameters are checked against the pattern, and nothing is inferred from the view. */
type ViewOf<P extends string> = NoInfer<View<ParamsOf<P>>>;

type Target = View | IncludedUrls | readonly UrlPattern[];

function isView(target: Target): target is View {
  return typeof target === "function";
}

function makePattern(matcher: (whole: boolean) => RouteMatcher, target: Target, { name, extra }: PathOptions = {}): UrlPattern {
  if (isView(target)) return { matcher: matcher(true), view: target, name, extra };
  if (typeof target !== "object" || target === null)
    throw httpErrors.HTTP_NO_VIEW({ pattern: matcher(true).text, given: target });
  const { urls, namespace, appName }: IncludedUrls = "urls" in target ? target : { urls: target };
  return { matcher: matcher(false), children: urls, namespace, appName, extra };
}

/**
 * An address and what answers it: a view, or further addresses under it.
 * Converters: `int`, `str` (the default), `slug`, `uuid`, `path`, and those of `registerConverter`.
 *
 * ```ts
 * path("coffee/<int:id>/", coffeeDetail, { name: "coffee-detail" });
 * path("api/", include(api.urls, { namespace: "api" }));
 * ```
 * @throws HTTP_BAD_PATTERN, HTTP_UNKNOWN_CONVERTER, HTTP_NO_VIEW
 */
export function path<const P extends string, const N extends string = never>(
  pattern: P,
  view: ViewOf<P>,
  options?: PathOptions<N>,
): Named<N, ParamsOf<P>>;
export function path<const P extends string, Names extends UrlNames>(
  pattern: P,
  included: IncludedUrls<Names>,
  options?: Pick<PathOptions, "extra">,
): UrlPattern<Prefixed<Names, ParamsOf<P>>>;
export function path<const P extends string, const Urls extends readonly UrlPattern<any>[]>(
  pattern: P,
  urls: Urls,
  options?: Pick<PathOptions, "extra">,
): UrlPattern<Prefixed<NamesOf<Urls>, ParamsOf<P>>>;
export function path(pattern: string, target: Target, options?: PathOptions): UrlPattern {
  return makePattern((whole) => compileRoute(pattern, whole), target, options);
}

/**
 * An address by regular expression. Named groups become parameters (strings); without any, all groups do, by number.
 *
 * ```ts
 * rePath(/^archive\/(?<year>[0-9]{4})\/$/, archive, { name: "archive" });
 * ```
 * @throws HTTP_BAD_PATTERN, HTTP_NO_VIEW
 */
export function rePath<const N extends string = never>(
  pattern: RegExp | string,
  view: View<any>,
  options?: PathOptions<N>,
): Named<N, Record<string, unknown>>;
export function rePath<Names extends UrlNames>(
  pattern: RegExp | string,
  included: IncludedUrls<Names>,
  options?: Pick<PathOptions, "extra">,
): UrlPattern<{ [K in keyof Names]: Names[K] & Record<string, unknown> }>;
export function rePath<const Urls extends readonly UrlPattern<any>[]>(
  pattern: RegExp | string,
  urls: Urls,
  options?: Pick<PathOptions, "extra">,
): UrlPattern<{ [K in keyof NamesOf<Urls>]: NamesOf<Urls>[K] & Record<string, unknown> }>;
export function rePath(pattern: RegExp | string, target: Target, options?: PathOptions): UrlPattern {
  return makePattern(() => compileRegex(pattern), target, options);
}

/** Under which namespaces names are included. */
export interface IncludeOptions<NS extends string | null = null, App extends string | null = null> {
  /** The instance: the application's name where it is left out. */
  namespace?: NS | undefined;
  /** The application, which may be included several times; the list's own `appName` by default. */
  appName?: App | undefined;
}

/**
 * Addresses to be mounted with `path`, their names under a namespace. The same addresses may be mounted several times, each
 * time as an instance of their application.
 *
 * ```ts
 * path("shop/", include(shopUrls, { namespace: "shop" })); // reverse("shop:coffee")
 * export const polls = { appName: "polls", urls: [path("", view, { name: "index" })] };
 * path("author/", include(polls, { namespace: "author" })); // reverse("polls:index"), reverse("author:index")
 * ```
 */
export function include<
  const Urls extends readonly UrlPattern<any>[],
  const NS extends string | null = null,
  const App extends string | null = null,
>(
  urls: Urls | { readonly urls: Urls; readonly appName?: App | undefined },
  { namespace, appName }: IncludeOptions<NS, App> = {},
): IncludedUrls<Spaced<NamesOf<Urls>, NS, App>> {
  const list = ("urls" in urls ? urls : { urls }) as IncludedUrls;
  const application = appName ?? list.appName;
  return { urls: list.urls, namespace: namespace ?? application, appName: application ?? namespace ?? undefined };
}
