/*
 * How it works. A page is kept under its address, language, time zone and, where the visitor has a session, that session. Beside it
 * stands a list of the headers that its `Vary` named, which are a part of the key from then on: the first answer of an address
 * teaches the list. One request makes a page while others wait for it; an answer that may not be kept (see kept-page.ts) is given
 * to its own request alone, and those that waited make theirs. Where the cache cannot be reached, the view runs.
 */
import { cache, type Cache } from "#cache";
import { answerConditionally, type HttpRequest, type HttpResponse } from "#http";
import { CortadoError } from "#kernel";
import { announceLife, fromKept, isKeepable, keepPage, type KeptPage, maxAgeOf } from "./kept-page.ts";
import { headerNames, pageKey, type PageKeyOptions, variantKey } from "./page-key.ts";

/** How pages are kept. */
export interface PageCacheOptions extends PageKeyOptions {
  /** The alias of the cache: `default`. */
  cache?: string | undefined;
}

/** Thrown to those who wait for a page that is for one request alone. */
const notKept = Symbol("not kept");

interface Asking {
  request: HttpRequest;
  run: () => Promise<HttpResponse>;
  seconds: number;
  /** The answer's own `max-age` counts in place of the seconds. */
  heedsMaxAge?: boolean;
  options: PageCacheOptions;
}

/** Answers a request with a kept page, or keeps what `run` answers. */
export async function answerFromCache(asking: Asking): Promise<HttpResponse> {
  const { request, run, options } = asking;
  const key = isPlainRead(request) && !isOfUnkeyedUser(request, options) ? pageKey(request, options) : undefined;
  if (key === undefined) return run();
  let own: HttpResponse | undefined;
  let failure: { error: unknown } | undefined;
  const runOnce = async () => {
    try {
      return (own = await run());
    } catch (error) {
      // It may be about this request alone: those who wait for the page find out for themselves.
      failure = { error };
      throw notKept;
    }
  };
  try {
    return await findOrMake({ ...asking, run: runOnce }, key, cache(options.cache));
  } catch (error) {
    if (failure !== undefined) throw failure.error;
    if (error === notKept) return own ?? run();
    if (!isOfCache(error)) throw error;
    request.log.warn({ err: error }, "The page was made without its cache.");
    return own ?? run();
  }
}

async function findOrMake(asking: Asking, key: string, store: Cache): Promise<HttpResponse> {
  const { request, run, seconds, options } = asking;
  const learned = await store.get<string[]>(`${key}:vary`);
  const names = headerNames([...(options.vary ?? []), ...(learned ?? [])]);
  const variant = variantKey(key, request, names);
  if (request.method === "HEAD") {
    const kept = await store.get<KeptPage>(variant);
    return kept === undefined ? run() : conditionally(request, fromKept(kept));
  }
  let own: HttpResponse | undefined;
  const make = async (): Promise<KeptPage> => {
    own = await run();
    await own.complete?.();
    if (!isKeepable(request, own)) throw notKept;
    const varied = headerNames([...names, ...(own.header("vary") ?? "").split(",")]);
    const life = asking.heedsMaxAge ? (maxAgeOf(own) ?? seconds) : seconds;
    announceLife(own, { seconds: life, isPrivate: options.shared !== true && isOfSession(request) });
    const page = keepPage(own);
    if (varied.length === names.length && life === seconds) return page;
    // It belongs under another key, or for another time, than was thought: those who wait ask again.
    await store.set(`${key}:vary`, varied, { timeout: Math.max(life, seconds) });
    await store.set(variantKey(key, request, varied), page, { timeout: life });
    throw notKept;
  };
  const kept = await store.getOrSet(variant, make, { timeout: seconds });
  return conditionally(request, own ?? fromKept(kept));
}

function conditionally(request: HttpRequest, response: HttpResponse): HttpResponse {
  const isKnown = response.header("etag") !== undefined || response.header("last-modified") !== undefined;
  return isKnown ? answerConditionally(request, response) : response;
}

/** Whether a page is asked for by its address and headers: one that a body asks for is none that others get by the address. */
function isPlainRead({ method, headers }: HttpRequest): boolean {
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  return (method === "GET" || method === "HEAD") && !hasBody;
}

function isOfSession({ openedSession }: HttpRequest): boolean {
  return openedSession !== undefined && openedSession.key !== null;
}

/** Whether the request is somebody's whom no session names: a token's, or one whom a middleware knows by other means. */
function isOfUnkeyedUser(request: HttpRequest, { shared }: PageCacheOptions): boolean {
  if (request.headers.authorization !== undefined) return true;
  const { user } = request as { user?: { isAuthenticated?: unknown } };
  return shared !== true && user?.isAuthenticated === true && !isOfSession(request);
}

/** The cache is out of reach, holds what it cannot read, or the page is inside one that is kept under the same key. */
const cacheFailures: ReadonlySet<string> = new Set(["CACHE_UNREACHABLE", "CACHE_UNREADABLE", "CACHE_MAKES_ITSELF"]);

/** Whether the cache could not do its part. */
function isOfCache(error: unknown): boolean {
  return error instanceof CortadoError && cacheFailures.has(error.code);
}
