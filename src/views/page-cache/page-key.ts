import { createHash } from "node:crypto";
import type { HttpRequest } from "#http";
import { currentLanguage, currentTimeZone } from "#kernel/i18n";

/** What tells one kept page from another. */
export interface PageKeyOptions {
  /** More that the page depends on; null or undefined for a request that is not to be answered from the cache. */
  key?: ((request: HttpRequest) => string | null | undefined) | undefined;
  /** Headers of the request that the page depends on, beside those that its `Vary` names. */
  vary?: readonly string[] | undefined;
  /** The page is the same for everyone, whoever is logged in. */
  shared?: boolean | undefined;
  /** Stands before the keys. */
  prefix?: string | undefined;
}

/** The address, the language, the time zone and the visitor's session as one key; undefined where nothing may be kept. */
export function pageKey(request: HttpRequest, { key, shared = false, prefix = "" }: PageKeyOptions): string | undefined {
  const own = key === undefined ? "" : key(request);
  if (own === null || own === undefined) return undefined;
  // A page may show who is logged in without a word in its headers: with a session, it is this visitor's alone.
  const session = shared ? "" : (request.openedSession?.key ?? "");
  const parts = [request.scheme, request.host, request.url, currentLanguage(), currentTimeZone(), session, own];
  return `cortado.page:${prefix}:${hashOf(parts)}`;
}

/** The key of the page for a request with these headers. */
export function variantKey(key: string, request: HttpRequest, names: readonly string[]): string {
  return `${key}:${hashOf(names.map((name) => [name, request.headers[name] ?? null]))}`;
}

/** Names of headers in one order and spelling. */
export function headerNames(names: Iterable<string>): string[] {
  const tidy = Array.from(names, (name) => name.trim().toLowerCase()).filter((name) => name !== "");
  return [...new Set(tidy)].toSorted();
}

function hashOf(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
