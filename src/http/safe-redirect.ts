/** What browsers and servers agree on; a longer address was made to break something. */
const longest = 2048;

/**
 * Whether an address that came from a client (`?next=`) may be redirected to: it stays on this site.
 *
 * ```ts
 * const next = request.query.get("next") ?? "/";
 * return redirectTo(isSafeRedirect(next, request.host) ? next : "/");
 * ```
 */
export function isSafeRedirect(url: string, host: string | null, options: { requireHttps?: boolean } = {}): boolean {
  const text = url.trim();
  // oxlint-disable-next-line no-control-regex -- browsers drop control characters while they read an address
  if (text === "" || text.length > longest || /[\x00-\x20\x7f]/.test(text)) return false;
  // Browsers read a backslash as a slash; where it was escaped on the way, it is a part of a name before an @.
  if (text.includes("\\")) return false;
  // Browsers read three slashes as two.
  if (text.startsWith("///")) return false;
  const base = "http://relative.invalid";
  if (!URL.canParse(text, base)) return false;
  const target = new URL(text, base);
  if (target.username !== "" || target.password !== "") return false;
  if (target.origin === base && !text.includes("relative.invalid")) return !/^[a-z][a-z0-9+.-]*:/i.test(text);
  if (!/^https?:\/\//i.test(text) && !text.startsWith("//")) return false;
  if (options.requireHttps && target.protocol !== "https:") return false;
  return host !== null && target.host === host.toLowerCase();
}
