import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";
import { cacheRateLimits, type RateLimitStore } from "../rate-limit-store.ts";
import { networkOf } from "../network-of.ts";
import type { HttpRequest } from "../request.ts";
import { toResponse } from "../to-response.ts";
import { type View, wrapView } from "../view.ts";

/** `10/m`: ten calls a minute; `s`, `m`, `h`, `d`, also with a number: `5/10s`. */
export type Rate = `${number}/${string}`;

/** Which calls `rateLimit` counts, and how many it lets through. */
export interface RateLimitOptions {
  rate: Rate;
  /** Whose calls are counted together: those of an address (the default; of an IPv6 address the first half), of a user (of an address where none is logged in), or of what a function answers. */
  key?: "ip" | "user" | ((request: HttpRequest) => string | Promise<string>) | undefined;
  /** The methods that are counted: all. */
  methods?: readonly string[] | undefined;
  /** Views of one group are counted together; by default each is counted alone. */
  group?: string | undefined;
  /** Where the calls are counted: the default cache. */
  store?: RateLimitStore | undefined;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
let groups = 0;

function readRate(rate: Rate): { limit: number; seconds: number } {
  const [, limit, count = "1", unit = ""] = /^(\d+)\/(\d*)([smhd])$/.exec(rate) ?? [];
  if (limit === undefined) throw httpErrors.HTTP_BAD_RATE({ given: rate });
  return { limit: Number(limit), seconds: Number(count || "1") * unitSeconds[unit]! };
}

async function callerOf(request: HttpRequest, key: RateLimitOptions["key"]): Promise<string> {
  if (typeof key === "function") return key(request);
  const { user } = request as { user?: { id?: unknown } | null };
  return key === "user" && user?.id !== undefined ? `user:${String(user.id)}` : `ip:${networkOf(request.ip)}`;
}

/**
 * Refuses callers who call a view too often, with 429 and `Retry-After`. Answers say in `RateLimit-Limit`, `RateLimit-Remaining`
 * and `RateLimit-Reset` what is left.
 *
 * ```ts
 * path("search/", rateLimit(search, { rate: "30/m" }));
 * path("login/", rateLimit(login, { rate: "5/10m", key: "ip", methods: ["POST"] }));
 * ```
 * @throws HTTP_BAD_RATE; HttpError 429
 */
export function rateLimit<P>(view: View<P>, options: RateLimitOptions): View<P> {
  const { limit, seconds } = readRate(options.rate);
  const { key = "ip", methods, store = cacheRateLimits(), group = `${view.name}:${groups++}` } = options;
  return wrapView(view, async (request, params) => {
    if (methods !== undefined && !methods.includes(request.method)) return view(request, params);
    const now = Date.now() / 1000;
    const window = Math.floor(now / seconds);
    const calls = await store.hit(`rate:${group}:${await callerOf(request, key)}:${window}`, seconds);
    const reset = String(Math.max(1, Math.ceil((window + 1) * seconds - now)));
    const headers = {
      "ratelimit-limit": String(limit),
      "ratelimit-remaining": String(Math.max(0, limit - calls)),
      "ratelimit-reset": reset,
    };
    if (calls > limit)
      throw HttpError.from(429, httpErrors.HTTP_TOO_MANY_REQUESTS({ rate: options.rate }), { ...headers, "retry-after": reset });
    const response = await toResponse(await view(request, params), request);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return response;
  });
}
