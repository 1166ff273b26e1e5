import type { HttpResponse } from "./response.ts";

/** The directives of a `Cache-Control` header, times in seconds. */
export interface CacheControl {
  maxAge?: number | undefined;
  sMaxage?: number | undefined;
  staleWhileRevalidate?: number | undefined;
  staleIfError?: number | undefined;
  public?: boolean | undefined;
  private?: boolean | undefined;
  noCache?: boolean | undefined;
  noStore?: boolean | undefined;
  noTransform?: boolean | undefined;
  mustRevalidate?: boolean | undefined;
  proxyRevalidate?: boolean | undefined;
  immutable?: boolean | undefined;
}

const toDirective = (name: string): string => name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

function readDirectives(header: string | undefined): Map<string, string | true> {
  const entries = (header ?? "").split(",").flatMap((part): [string, string | true][] => {
    const [name = "", value] = part.trim().split("=", 2);
    return name === "" ? [] : [[name.toLowerCase(), value ?? true]];
  });
  return new Map(entries);
}

/**
 * Adds directives to what an answer says of being kept. The shorter of two `maxAge` counts, and of `public` and `private` the
 * one that is given here.
 *
 * ```ts
 * patchCacheControl(response, { maxAge: 60, private: true });
 * ```
 */
export function patchCacheControl(response: HttpResponse, control: CacheControl): void {
  const directives = readDirectives(response.header("cache-control"));
  if (control.public) directives.delete("private");
  if (control.private) directives.delete("public");
  for (const [name, value] of Object.entries(control) as [string, number | boolean | undefined][]) {
    const directive = toDirective(name);
    if (value === false || value === undefined) continue;
    const known = directive === "max-age" ? Number(directives.get(directive) ?? Infinity) : Infinity;
    directives.set(directive, value === true ? true : String(Math.min(value, known)));
  }
  const text = [...directives].map(([name, value]) => (value === true ? name : `${name}=${value}`)).join(", ");
  response.setHeader("cache-control", text);
}

/** Says that nothing may keep an answer. */
export function addNeverCache(response: HttpResponse): void {
  if (response.header("expires") === undefined) response.setHeader("expires", new Date().toUTCString());
  patchCacheControl(response, { maxAge: 0, noCache: true, noStore: true, mustRevalidate: true, private: true });
}
