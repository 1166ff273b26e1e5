import { httpErrors } from "../errors.ts";
import type { Resolver } from "./resolver.ts";
import type { NamesOf } from "./path.ts";

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
export type UrlName = keyof RegisteredNames & string;

/** The parameters of an address; may be left out where it takes none. */
export type UrlParams<N extends UrlName> = string extends UrlName
  ? [params?: Readonly<Record<string, unknown>> | readonly unknown[]]
  : {} extends RegisteredNames[N]
    ? [params?: RegisteredNames[N]]
    : [params: RegisteredNames[N]];

let current: Resolver | undefined;

/** Makes a resolver the one that `reverse` asks. A project does so when it opens. */
export function setCurrentResolver(resolver: Resolver | undefined): void {
  current = resolver;
}

export function currentResolver(): Resolver {
  if (current === undefined) throw httpErrors.HTTP_NO_RESOLVER();
  return current;
}

/**
 * The address of a name.
 *
 * ```ts
 * reverse("coffee-detail", { id: 3 }); // "/coffee/3/"
 * ```
 * @throws HTTP_UNKNOWN_URL_NAME, HTTP_NO_REVERSE_MATCH, HTTP_NO_RESOLVER
 */
export function reverse<N extends UrlName>(name: N, ...params: UrlParams<N>): string {
  return currentResolver().reverse(name, params[0] as Readonly<Record<string, unknown>> | undefined);
}
