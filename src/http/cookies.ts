import { httpErrors } from "./errors.ts";

/** How a cookie is set. Cookies are `HttpOnly` and `SameSite=Lax` unless said otherwise. */
export interface CookieOptions {
  /** Seconds it lives; until the browser closes when left out. */
  maxAge?: number | undefined;
  expires?: Date | undefined;
  path?: string | undefined;
  domain?: string | undefined;
  httpOnly?: boolean | undefined;
  /** Left out: set where the request came over https. */
  secure?: boolean | undefined;
  sameSite?: "lax" | "strict" | "none" | undefined;
}

/** A cookie that an answer sets. */
export interface Cookie {
  name: string;
  value: string;
  options: CookieOptions;
  /** What its signature is bound to beside its name; undefined where it is not signed. */
  salt?: string | undefined;
}

const nameForm = /^[\w!#$%&'*+\-.^`|~]+$/;
const attributeForm = /^[^;\r\n\0]*$/;
const sameSiteText = { lax: "Lax", strict: "Strict", none: "None" } as const;

function decodeValue(text: string): string {
  const value = text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Reads a `Cookie` header. Of a name that came twice the first value counts, as browsers send the closest path first. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  if (header === undefined) return cookies;
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    if (!cookies.has(name)) cookies.set(name, decodeValue(pair.slice(at + 1).trim()));
  }
  return cookies;
}

/** @throws HTTP_BAD_COOKIE where the cookie cannot be sent */
export function verifyCookie({ name, options: { path = "", domain = "" } }: Cookie): void {
  if (!nameForm.test(name)) throw httpErrors.HTTP_BAD_COOKIE({ name, problem: "its name holds a character that cookies forbid" });
  if (!attributeForm.test(path) || !attributeForm.test(domain))
    throw httpErrors.HTTP_BAD_COOKIE({ name, problem: "its path or domain holds a forbidden character" });
}

/** A `Set-Cookie` header's value; the cookie was verified when it was set. */
export function serializeCookie({ name, value, options }: Cookie, secure: boolean): string {
  const { path = "/", domain, maxAge, expires, sameSite = "lax", httpOnly = true } = options;
  let text = `${name}=${encodeURIComponent(value)}; Path=${path}`;
  if (domain !== undefined) text += `; Domain=${domain}`;
  if (maxAge !== undefined) text += `; Max-Age=${Math.floor(maxAge)}`;
  if (expires !== undefined) text += `; Expires=${expires.toUTCString()}`;
  if (httpOnly) text += "; HttpOnly";
  if (options.secure ?? (secure || sameSite === "none")) text += "; Secure";
  return `${text}; SameSite=${sameSiteText[sameSite]}`;
}
