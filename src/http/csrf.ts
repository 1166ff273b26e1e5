/*
 * How it works. A visitor's browser keeps a secret in the cookie `csrftoken`; a page carries the same secret under a
 * fresh mask (so that compression does not leak it), in the field `csrfmiddlewaretoken` or the header `X-CSRFToken`.
 * Another site can make the browser send the cookie, but can read neither. Unsafe requests must bring both, and come
 * from an origin of ours where the browser names one; over https it must name one (Origin or Referer).
 */
import { constantTimeCompare, randomString } from "#kernel/signing";
import { httpErrors } from "./errors.ts";
import { HttpError } from "./http-error.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpSettings } from "./settings.ts";
import { viewMarks } from "./view.ts";

type CsrfRules = Pick<HttpSettings, "security" | "csrf">;

/** The cookie that holds the browser's secret. */
export const csrfCookieName = "csrftoken";
/** The secret's name in the session, where it is kept there. */
export const csrfSessionName = "_csrfSecret";
/** The field of a form that carries the token. */
export const csrfFieldName = "csrfmiddlewaretoken";
/** The header that carries the token where no form does. */
export const csrfHeaderName = "x-csrftoken";
export const csrfCookieMaxAge = 52 * 7 * 24 * 3600;

const secretLength = 32;
const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const tokenForm = /^(?:[a-zA-Z0-9]{32}|[a-zA-Z0-9]{64})$/;
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const formTypes = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

export function newCsrfSecret(): string {
  return randomString(secretLength, alphabet);
}

export function isCsrfSecret(text: string | undefined): text is string {
  return text !== undefined && text.length === secretLength && tokenForm.test(text);
}

function shift(text: string, mask: string, direction: 1 | -1): string {
  let shifted = "";
  for (let i = 0; i < secretLength; i++) {
    const index = alphabet.indexOf(text[i]!) + direction * alphabet.indexOf(mask[i]!);
    shifted += alphabet[(index + alphabet.length) % alphabet.length];
  }
  return shifted;
}

/** The secret under a fresh mask: what a page carries. */
export function maskCsrfSecret(secret: string): string {
  const mask = newCsrfSecret();
  return mask + shift(secret, mask, 1);
}

function unmask(token: string): string {
  return token.length === secretLength ? token : shift(token.slice(secretLength), token.slice(0, secretLength), -1);
}

function refuse(reason: string): HttpError {
  return HttpError.from(403, httpErrors.HTTP_CSRF_FAILED({ reason }));
}

/** What browsers send by themselves, to a page of another site too: it does not say that a program meant the request. */
const browserSchemes = /^\s*(?:basic|digest|negotiate|ntlm)\b/i;

function bringsCredentials({ headers: { authorization } }: HttpRequest): boolean {
  return authorization !== undefined && !browserSchemes.test(authorization);
}

function needsToken(request: HttpRequest): boolean {
  if (safeMethods.has(request.method)) return false;
  const when = viewMarks(request.resolved!.view).csrf ?? "always";
  if (when === "session") return request.hasSessionCookie && !bringsCredentials(request);
  return when === "always";
}

export function matchesOrigin(origin: string, pattern: string): boolean {
  if (!pattern.includes("*.")) return origin === pattern;
  const [scheme = "", domain = ""] = pattern.split("*");
  return origin.startsWith(scheme) && origin.endsWith(domain) && origin.length > scheme.length + domain.length;
}

/** Whether an origin is the request's own, or one of those that the project trusts. */
export function isTrustedOrigin(request: HttpRequest, origin: string, trusted: readonly string[]): boolean {
  // As a browser writes it: without a default port.
  const own = new URL(`${request.scheme}://${request.host}`).origin;
  return origin === own || trusted.some((pattern) => matchesOrigin(origin, pattern));
}

function verifyOrigin(request: HttpRequest, trusted: readonly string[]): void {
  const isOurs = (origin: string): boolean => isTrustedOrigin(request, origin, trusted);
  const { origin, referer } = request.headers;
  if (origin !== undefined) {
    if (!isOurs(origin)) throw refuse(`the origin ${origin} is not trusted`);
  } else if (request.isSecure) {
    if (referer === undefined) throw refuse("it came over https and names neither an origin nor a referer");
    const from = URL.canParse(referer) ? new URL(referer).origin : "null";
    if (!isOurs(from)) throw refuse(`the referer's origin ${from} is not trusted`);
  }
}

async function sentToken(request: HttpRequest): Promise<string> {
  const header = request.headers[csrfHeaderName];
  if (typeof header === "string") return header;
  if (formTypes.test(request.headers["content-type"] ?? "")) {
    const field = (await request.form()).data.get(csrfFieldName);
    if (field !== undefined) return field;
  }
  throw refuse("it carries no token");
}

/**
 * Verifies an unsafe request.
 * @throws HttpError 403 HTTP_CSRF_FAILED
 */
export async function verifyCsrf(request: HttpRequest, { security, csrf }: CsrfRules): Promise<void> {
  if (!needsToken(request)) return;
  verifyOrigin(request, security.trustedOrigins ?? []);
  const secret = request.knownCsrfSecret;
  if (secret === undefined)
    throw refuse(csrf.useSessions ? "the session holds no token" : `the cookie ${csrfCookieName} is missing`);
  const token = await sentToken(request);
  if (!tokenForm.test(token)) throw refuse("its token has the wrong form");
  if (!constantTimeCompare(unmask(token), secret)) throw refuse("its token is not the one of this browser");
}
