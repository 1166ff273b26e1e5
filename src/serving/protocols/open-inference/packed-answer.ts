import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import type { HttpRequest, HttpResponse } from "#http";

const encoders = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** Bytes below which packing an answer is not worth its time. */
const WORTH_PACKING = 16 * 1024;

/** The answer, packed where it is long and the client asks for that. */
export async function packed(response: HttpResponse, request: HttpRequest): Promise<HttpResponse> {
  const { body } = response;
  const wanted = request.headers["accept-encoding"];
  if (wanted === undefined || (typeof body !== "string" && !Buffer.isBuffer(body)) || body.length < WORTH_PACKING)
    return response;
  const coding = (["gzip", "deflate"] as const).find((each) =>
    new RegExp(`\\b${each}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(String(wanted)),
  );
  if (coding === undefined) return response;
  response.body = await encoders[coding](body, { level: 1 });
  response.setHeader("content-encoding", coding);
  return response.vary("Accept-Encoding");
}
