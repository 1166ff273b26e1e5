import { currentResolver, type HttpResponse, redirectTo, type UrlName, type UrlParams } from "#http";

/** Something that has a page of its own, such as a row. */
export interface HasAddress {
  getAbsoluteUrl(): string;
}

/**
 * Sends the client to a named address, to a path, or to the page of a row.
 *
 * ```ts
 * return redirect("coffee-detail", { id: 3 });
 * return redirect("/coffee/");
 * return redirect(coffee);
 * ```
 */
export function redirect<N extends UrlName>(name: N, ...params: UrlParams<N>): HttpResponse;
export function redirect(to: `${string}/${string}` | `?${string}` | HasAddress): HttpResponse;
export function redirect(to: string | HasAddress, params?: Readonly<Record<string, unknown>> | readonly unknown[]): HttpResponse {
  if (typeof to !== "string") return redirectTo(to.getAbsoluteUrl());
  const isAddress = to.includes("/") || to.startsWith("?");
  return redirectTo(isAddress ? to : currentResolver().reverse(to, params));
}
