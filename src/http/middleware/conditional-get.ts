import { createHash } from "node:crypto";
import { answerConditionally } from "../conditional.ts";
import type { HttpResponse } from "../response.ts";
import type { Middleware } from "../view.ts";

/** An ETag of what the answer holds; undefined for what is not held in memory, or may not be kept. */
function etagOf({ body }: HttpResponse): string | undefined {
  if (typeof body !== "string" && !Buffer.isBuffer(body)) return undefined;
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
}

/**
 * Answers GET with 304 where the client has the same answer already: each answer gets an ETag of its body. The view runs all
 * the same; what is spared is the way to the client.
 *
 * ```ts
 * const middleware = [conditionalGet];
 * ```
 */
export const conditionalGet: Middleware = async (request, next) => {
  const response = await next();
  if (request.method !== "GET" || response.status !== 200) return response;
  if (response.complete !== undefined) await response.complete();
  const isKept = !/\bno-store\b/i.test(response.header("cache-control") ?? "");
  if (isKept && response.header("etag") === undefined) {
    const etag = etagOf(response);
    if (etag !== undefined) response.setHeader("etag", etag);
  }
  return response.header("etag") === undefined && response.header("last-modified") === undefined
    ? response
    : answerConditionally(request, response);
};
