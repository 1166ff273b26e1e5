/*
 * How it works. A client that knows an answer says which (ETag) or from when (Last-Modified). Of what it asks, the stronger
 * counts: `If-Match`, or without it `If-Unmodified-Since`, says under which condition the request holds at all (412);
 * then `If-None-Match`, or without it `If-Modified-Since`, says what is known already (304, or 412 where something would change).
 */
import { HttpResponse } from "./response.ts";
import type { HttpRequest } from "./request.ts";

/** By what an answer is known. */
export interface Validators {
  /** In quotes, `W/` before them where it is weak: `"3-5"`; quotes are added where they are missing. */
  etag?: string | undefined;
  lastModified?: Date | undefined;
}

const etagForm = /^(?:W\/)?"[^"]*"$/;
const etagInList = /(?:W\/)?"[^"]*"|\*/g;
/** What a 304 says of the answer that the client has. */
const kept = ["cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"];

export function quoteEtag(etag: string): string {
  return etagForm.test(etag) ? etag : `"${etag.replaceAll('"', "")}"`;
}

function etagsOf(header: string | undefined): readonly string[] {
  return header?.match(etagInList) ?? [];
}

/** In whole seconds; undefined where the header holds no date. */
function secondsOf(header: string | undefined): number | undefined {
  const at = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000);
}

const strong = (etag: string): string => etag.replace(/^W\//, "");

function matchesStrongly(etag: string | undefined, etags: readonly string[]): boolean {
  if (etag === undefined) return false;
  return etags.includes("*") || (!etag.startsWith("W/") && etags.includes(etag));
}

function matchesWeakly(etag: string | undefined, etags: readonly string[]): boolean {
  return etag !== undefined && (etags.includes("*") || etags.some((each) => strong(each) === strong(etag)));
}

/** 304 or 412, where the request asks under a condition that settles it; undefined where it is to be answered. */
export function settledStatus(request: HttpRequest, { etag, lastModified }: Validators): 304 | 412 | undefined {
  const { headers } = request;
  const isSafe = request.method === "GET" || request.method === "HEAD";
  const changed = lastModified === undefined ? undefined : Math.floor(lastModified.getTime() / 1000);
  const ifMatch = etagsOf(headers["if-match"]);
  const unmodifiedSince = secondsOf(headers["if-unmodified-since"]);
  if (ifMatch.length > 0) {
    if (!matchesStrongly(etag, ifMatch)) return 412;
  } else if (unmodifiedSince !== undefined && (changed === undefined || changed > unmodifiedSince)) return 412;
  const ifNoneMatch = etagsOf(headers["if-none-match"]);
  const modifiedSince = secondsOf(headers["if-modified-since"]);
  if (ifNoneMatch.length > 0) return matchesWeakly(etag, ifNoneMatch) ? (isSafe ? 304 : 412) : undefined;
  return isSafe && modifiedSince !== undefined && changed !== undefined && changed <= modifiedSince ? 304 : undefined;
}

/** 304, with what is to be kept of the answer's headers, and its cookies. */
export function notModified(known?: HttpResponse): HttpResponse {
  const response = new HttpResponse(null, { status: 304 });
  for (const name of kept) if (known?.headers[name] !== undefined) response.headers[name] = known.headers[name];
  response.cookies.push(...(known?.cookies ?? []));
  return response;
}

/** The answer, or 304 or 412 in its place, by its own `ETag` and `Last-Modified` headers. */
export function answerConditionally(request: HttpRequest, response: HttpResponse): HttpResponse {
  const changed = secondsOf(response.header("last-modified"));
  const lastModified = changed === undefined ? undefined : new Date(changed * 1000);
  const status = settledStatus(request, { etag: response.header("etag"), lastModified });
  if (status === undefined) return response;
  return status === 304 ? notModified(response) : new HttpResponse(null, { status });
}
