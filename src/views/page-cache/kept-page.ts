import { type HttpRequest, HttpResponse, patchCacheControl } from "#http";

/** An answer as a cache keeps it. */
export interface KeptPage {
  headers: Record<string, string | readonly string[]>;
  body: string | Buffer | null;
  withheld: string[] | undefined;
  /** Milliseconds of the clock. */
  made: number;
}

const notForOthers = /(?:^|[\s,])(?:private|no-store|no-cache|max-age=0)(?=$|[\s,=])/i;

/** Whether an answer may be given to others, or to the same visitor again: it says nothing of one request alone. */
export function isKeepable(request: HttpRequest, response: HttpResponse): boolean {
  const { status, body, cookies, headers } = response;
  if (status !== 200 || response.error !== undefined) return false;
  if (body !== null && typeof body !== "string" && !Buffer.isBuffer(body)) return false;
  if (cookies.length > 0 || headers["set-cookie"] !== undefined) return false;
  if (notForOthers.test(response.header("cache-control") ?? "") || response.header("vary")?.includes("*")) return false;
  return !tellsOfOneRequest(request);
}

/** A token, a nonce, messages that were taken, a session that changed: made for this request, or told to this browser. */
function tellsOfOneRequest(request: HttpRequest): boolean {
  return (
    request.csrfSecret !== undefined ||
    request.usedCspNonce !== undefined ||
    request.openedMessages !== undefined ||
    request.openedSession?.modified === true
  );
}

/** Seconds that an answer says it is good for; undefined where it says nothing. */
export function maxAgeOf(response: HttpResponse): number | undefined {
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(response.header("cache-control") ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Says to browsers and proxies how long the page is good, and for whom. */
export function announceLife(response: HttpResponse, { seconds, isPrivate }: { seconds: number; isPrivate: boolean }): void {
  if (response.header("expires") === undefined)
    response.setHeader("expires", new Date(Date.now() + seconds * 1000).toUTCString());
  patchCacheControl(response, { maxAge: Math.floor(seconds), ...(isPrivate ? { private: true } : {}) });
  if (isPrivate) response.vary("Cookie");
}

export function keepPage({ headers, body, withheld }: HttpResponse): KeptPage {
  return { headers: { ...headers }, body: body as KeptPage["body"], withheld, made: Date.now() };
}

/** The answer again, with its age. */
export function fromKept({ headers, body, withheld, made }: KeptPage): HttpResponse {
  const response = new HttpResponse(body);
  Object.assign(response.headers, headers);
  response.headers["age"] = String(Math.max(0, Math.floor((Date.now() - made) / 1000)));
  response.withheld = withheld;
  return response;
}
