import { currentResolver, type HttpResponse, redirectTo, type UrlName, type UrlParams } from "#http";

/** Something that has a page of its own, such as a row. */
export interface HasAddress {
  getAbsoluteUrl(): string;
}

/** How a client is sent elsewhere. */
export interface RedirectOptions {
  /** For good: the client may remember it. */
  permanent?: boolean | undefined;
  /** The client repeats its method and body there, instead of a GET. */
  preserveRequest?: boolean | undefined;
  /** Added to the address. */
  query?: Readonly<Record<string, string | number | boolean | readonly (string | number)[] | null | undefined>> | undefined;
  /** What stands behind the `#`. */
  fragment?: string | undefined;
}

/** The parameters of a named address, then how the client is sent there. */
export type RedirectParams<N extends UrlName> =
  UrlParams<N> extends readonly [unknown, ...unknown[]]
    ? [params: UrlParams<N>[0], options?: RedirectOptions]
    : [params?: UrlParams<N>[0], options?: RedirectOptions];

/** The status of a redirect: 302, 301, 307 or 308. */
export function redirectStatus({ permanent, preserveRequest }: RedirectOptions): 301 | 302 | 307 | 308 {
  if (preserveRequest) return permanent ? 308 : 307;
  return permanent ? 301 : 302;
}

/**
 * Sends the client to a named address, to a path, or to the page of a row.
 *
 * ```ts
 * return redirect("coffee-detail", { id: 3 });
 * return redirect("coffee", {}, { query: { page: 2 } });
 * return redirect("/coffee/", { permanent: true });
 * return redirect(coffee);
 * ```
 */
export function redirect<N extends UrlName>(name: N, ...params: RedirectParams<N>): HttpResponse;
export function redirect(to: `${string}/${string}` | `?${string}` | HasAddress, options?: RedirectOptions): HttpResponse;
export function redirect(to: string | HasAddress, ...given: any[]): HttpResponse {
  const isName = typeof to === "string" && !to.includes("/") && !to.startsWith("?");
  const options = ((isName ? given[1] : given[0]) ?? {}) as RedirectOptions;
  const url = isName ? currentResolver().reverse(to, given[0]) : typeof to === "string" ? to : to.getAbsoluteUrl();
  return redirectTo(withQuery(url, options), redirectStatus(options));
}

/** An address with more in its query. */
export function withQuery(url: string, { query = {}, fragment }: Pick<RedirectOptions, "query" | "fragment">): string {
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const each of [value].flat()) added.append(name, String(each));
  }
  const [whole, hash] = fragment === undefined ? [url, ""] : [url.split("#")[0]!, `#${encodeURIComponent(fragment)}`];
  if (added.size === 0) return whole + hash;
  const [path = "", rest] = whole.split(/(?=#)/, 2);
  return `${path}${path.includes("?") ? "&" : "?"}${added}${rest ?? ""}${hash}`;
}
