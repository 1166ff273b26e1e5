import { matchesOrigin } from "../csrf.ts";
import { HttpResponse } from "../response.ts";
import type { Middleware } from "../view.ts";

/** Which pages of other sites may read answers: the setting `cors`. */
export interface CorsSettings {
  /** `https://shop.example.com`, `https://*.example.com`, or `"*"` for every page there is. */
  origins: "*" | readonly string[];
  /** Beginnings of the addresses for which it holds: `/api/`. Default: all. */
  paths?: readonly string[] | undefined;
  /** Lets those pages send the visitor's cookies; never together with `"*"`. Default false. */
  credentials?: boolean | undefined;
  /** Headers of the answer that those pages may read, besides the usual ones. */
  exposedHeaders?: readonly string[] | undefined;
  /** Seconds for which a browser remembers what it may send. Default a day. */
  maxAge?: number | undefined;
}

const usualHeaders = ["Cortado-Model", "Server-Timing", "Retry-After", "X-Request-Id", "Inference-Header-Content-Length"];
const methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
const day = 86_400;

/**
 * Tells browsers that pages of other sites may read the answers, and answers what they ask beforehand. What a page may do when
 * it asks is another matter: permissions, tokens and CSRF stay as they are.
 */
export function crossOrigin({
  origins,
  paths = ["/"],
  credentials = false,
  exposedHeaders = [],
  maxAge = day,
}: CorsSettings): Middleware {
  const exposed = [...usualHeaders, ...exposedHeaders].join(", ");
  const isAllowed = (origin: string) => origins === "*" || origins.some((pattern) => matchesOrigin(origin, pattern));
  return async (request, next) => {
    const { origin, "access-control-request-method": wanted, "access-control-request-headers": headers } = request.headers;
    if (!paths.some((path) => request.path.startsWith(path))) return next();
    const asksBefore = request.method === "OPTIONS" && wanted !== undefined && origin !== undefined;
    const response = asksBefore ? new HttpResponse(null, { status: 204 }) : await next();
    if (origins !== "*") response.vary("Origin");
    if (origin === undefined || !isAllowed(origin)) return response;
    response.setHeader("access-control-allow-origin", origins === "*" ? "*" : origin);
    if (credentials && origins !== "*") response.setHeader("access-control-allow-credentials", "true");
    if (!asksBefore) return response.setHeader("access-control-expose-headers", exposed);
    if (headers !== undefined) response.setHeader("access-control-allow-headers", headers).vary("Access-Control-Request-Headers");
    return response.setHeader("access-control-allow-methods", methods).setHeader("access-control-max-age", String(maxAge));
  };
}
