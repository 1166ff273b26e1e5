import type { Readable } from "node:stream";
import { type Cookie, type CookieOptions, verifyCookie } from "./cookies.ts";
import { httpErrors } from "./errors.ts";
import type { FastifyReply } from "fastify";
import type { HttpRequest } from "./request.ts";

/** A response's headers by lower-case name. */
export type ResponseHeaders = Record<string, string | readonly string[]>;

/** What an answer holds; a stream is sent as it comes. */
export type ResponseBody = string | Buffer | Readable | null;

/** What an answer begins with beside its body. */
export interface ResponseInit {
  status?: number | undefined;
  /** The status in words, in place of the usual ones. */
  reason?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

const headerName = /^[\w!#$%&'*+\-.^`|~]+$/;
// oxlint-disable-next-line no-control-regex -- control characters are what must not be sent
const forbiddenInValue = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * An answer.
 *
 * ```ts
 * const response = new HttpResponse("<h1>Hello</h1>", { status: 200, headers: { "x-cup": "small" } });
 * response.setCookie("theme", "dark", { maxAge: 3600 });
 * ```
 */
export class HttpResponse {
  status: number;
  body: ResponseBody;
  /** By lower-case name. `setHeader` checks what it is given. */
  readonly headers: ResponseHeaders = {};
  /** The cookies that the answer sets. */
  readonly cookies: Cookie[] = [];
  /** The status in words, where they are not the usual ones. */
  reason: string | undefined;
  /** What was thrown, where this answers an error: a middleware may answer otherwise. */
  error: unknown;
  /** Headers of every answer that this one goes without. */
  withheld: string[] | undefined;
  /** Takes the connection over, in place of a body: a WebSocket. */
  takeOver?(reply: FastifyReply): void;
  /** What this answer is to a request, where that depends on it: a part of a file, or that nothing changed. */
  forRequest?(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
  /** Makes the body, where that waits until every middleware had its turn. */
  complete?(): Promise<void>;

  constructor(body: ResponseBody = null, init: ResponseInit = {}) {
    this.body = body;
    this.status = init.status ?? 200;
    this.reason = init.reason;
    for (const name in init.headers) this.setHeader(name, init.headers[name]!);
  }

  /** @throws HTTP_BAD_HEADER for line breaks and other characters that headers forbid. */
  setHeader(name: string, value: string): this {
    if (!headerName.test(name) || forbiddenInValue.test(value)) throw httpErrors.HTTP_BAD_HEADER({ name });
    this.headers[name.toLowerCase()] = value;
    return this;
  }

  header(name: string): string | undefined {
    const value = this.headers[name.toLowerCase()];
    return typeof value === "string" || value === undefined ? value : value.join(", ");
  }

  /** Leaves a header out, also where every answer carries it: `response.withhold("x-frame-options")`. */
  withhold(name: string): this {
    delete this.headers[name.toLowerCase()];
    (this.withheld ??= []).push(name.toLowerCase());
    return this;
  }

  /** @throws HTTP_BAD_COOKIE */
  setCookie(name: string, value: string, options: CookieOptions = {}): this {
    const cookie = { name, value, options };
    verifyCookie(cookie);
    this.cookies.push(cookie);
    return this;
  }

  /**
   * Sets a cookie that its reader can trust: `request.signedCookie(name)` takes it only as it was set here. It stays readable.
   *
   * ```ts
   * response.setSignedCookie("cart", "3-5", { salt: "shop", maxAge: 3600 });
   * ```
   * @throws HTTP_BAD_COOKIE
   */
  setSignedCookie(name: string, value: string, { salt = "", ...options }: CookieOptions & { salt?: string } = {}): this {
    this.setCookie(name, value, options);
    this.cookies.at(-1)!.salt = salt;
    return this;
  }

  deleteCookie(name: string, options: Pick<CookieOptions, "path" | "domain" | "sameSite"> = {}): this {
    return this.setCookie(name, "", { ...options, maxAge: 0, expires: new Date(0) });
  }

  /** Adds to the `Vary` header. */
  vary(name: string): this {
    const known = this.header("vary");
    if (known === undefined) this.headers["vary"] = name;
    else if (
      !known
        .toLowerCase()
        .split(/\s*,\s*/)
        .includes(name.toLowerCase())
    )
      this.headers["vary"] = `${known}, ${name}`;
    return this;
  }
}

function make(body: ResponseBody, contentType: string, init: ResponseInit | undefined): HttpResponse {
  const response = new HttpResponse(body, init);
  response.headers["content-type"] ??= contentType;
  return response;
}

/** JSON text of a value; a `bigint` becomes a string. */
function toJsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    if (!(error instanceof TypeError) || !error.message.includes("BigInt")) throw error;
    return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
  }
}

/** Answers in JSON. `return json({ error: "sold out" }, { status: 409 });` */
export function json(value: unknown, init?: ResponseInit): HttpResponse {
  return make(toJsonText(value), "application/json; charset=utf-8", init);
}

/** Answers in plain text. */
export function text(body: string, init?: ResponseInit): HttpResponse {
  return make(body, "text/plain; charset=utf-8", init);
}

/** Answers in HTML. */
export function html(body: string, init?: ResponseInit): HttpResponse {
  return make(body, "text/html; charset=utf-8", init);
}

const scheme = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Sends the client to another address: 302 unless told otherwise.
 *
 * ```ts
 * return redirectTo("/coffee/", 303);
 * ```
 * @throws HTTP_BAD_REDIRECT for anything but http, https and relative addresses.
 */
export function redirectTo(url: string, status: 301 | 302 | 303 | 307 | 308 = 302): HttpResponse {
  const isWeb = !scheme.test(url) || /^https?:/i.test(url);
  // Browsers read a backslash before the path as a slash, but not one that is escaped: it would name another host.
  const isSplit = /^(?:https?:)?\/\/[^/?#]*\\/i.test(url);
  // oxlint-disable-next-line no-control-regex -- a browser drops control characters, so they could hide a scheme
  if (!isWeb || isSplit || /[\x00-\x1f\x7f]/.test(url)) throw httpErrors.HTTP_BAD_REDIRECT({ url });
  // What is escaped already stays as it is, and so do the brackets of an IPv6 address.
  const location = encodeURI(url.toWellFormed()).replace(/%(25|5B|5D)/g, (escape) => decodeURIComponent(escape));
  return new HttpResponse(null, { status, headers: { location } });
}
