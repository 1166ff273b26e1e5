/*
 * How it works. What the client takes of the encodings is weighed by its `Accept-Encoding`, and of equals the first of the
 * setting is taken. A body in memory is compressed whole, a stream as it flows. The length of a compressed page tells a
 * listener whether a guess that it planted in the page repeats a secret of the page (BREACH), so a random number of bytes goes
 * with each: in gzip's file name, in brotli's empty metadata. Zstandard has no place for them that browsers read over, so it
 * is used only where a project asks for it.
 */
import { once } from "node:events";
import { randomInt } from "node:crypto";
import { pipeline, Readable, Transform } from "node:stream";
import {
  type BrotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  type Gzip,
  type ZstdCompress,
} from "node:zlib";
import { preferredCoding } from "../accept-encoding.ts";
import { afterView } from "../decorators/after-view.ts";
import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import type { Middleware, View } from "../view.ts";

/** A way to compress, by its name in `Accept-Encoding`. */
export type Encoding = "br" | "gzip" | "zstd";

/** What is compressed, and how. */
export interface CompressionOptions {
  /** Bytes below which a body goes as it is: 200. */
  minLength?: number | undefined;
  /** Which to use, the best first: brotli, then gzip. */
  encodings?: readonly Encoding[] | undefined;
}

const compressible =
  /^(?:text\/|application\/(?:[\w.+-]+\+)?(?:json|xml|javascript|wasm)\b|image\/(?:svg\+xml|bmp)\b|font\/(?:ttf|otf)\b)/i;
const mostPadding = { gzip: 100, br: 32 };

/**
 * Compresses answers for clients that take it: what is text, is long enough, and is neither compressed already nor a stream of
 * events.
 *
 * ```ts
 * const middleware = [compression()];
 * ```
 */
export function compression(options: CompressionOptions = {}): Middleware {
  return async (request, next) => compressed(await next(), request, options);
}

/** Compresses the answers of one view. `path("report/", gzipPage(report))` */
export function gzipPage<P>(view: View<P>, options: CompressionOptions = {}): View<P> {
  return afterView(view, (response, request) => compressed(response, request, options));
}

async function compressed(
  response: HttpResponse,
  request: HttpRequest,
  { minLength = 200, encodings = ["br", "gzip"] }: CompressionOptions,
): Promise<HttpResponse> {
  if (response.complete !== undefined) await response.complete();
  if (!isCompressible(response, minLength)) return response;
  response.vary("Accept-Encoding");
  const encoding = preferredCoding(request.headers["accept-encoding"], encodings);
  if (encoding === undefined || request.method === "HEAD") return response;
  const { body } = response;
  if (body instanceof Readable) response.body = pipeline(body, compressor(encoding, true), padding(encoding), () => {});
  else response.body = await compressWhole(Buffer.from(body as string), encoding);
  delete response.headers["content-length"];
  response.setHeader("content-encoding", encoding);
  const etag = response.header("etag");
  if (etag?.startsWith('"')) response.setHeader("etag", `W/${etag}`);
  return response;
}

function isCompressible({ status, body, headers }: HttpResponse, minLength: number): boolean {
  if (body === null || status === 206 || headers["content-encoding"] !== undefined) return false;
  const type = String(headers["content-type"] ?? "");
  if (!compressible.test(type) || type.startsWith("text/event-stream")) return false;
  return body instanceof Readable || Buffer.byteLength(body) >= minLength;
}

/** @param flows each piece goes out as it comes, for streams: their clients wait for it. */
function compressor(encoding: Encoding, flows: boolean): BrotliCompress | Gzip | ZstdCompress {
  if (encoding === "gzip") return createGzip({ level: 6, ...(flows && { flush: constants.Z_SYNC_FLUSH }) });
  if (encoding === "zstd") return createZstdCompress(flows ? { flush: constants.ZSTD_e_flush } : {});
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
  return createBrotliCompress({ params, ...(flows && { flush: constants.BROTLI_OPERATION_FLUSH }) });
}

async function compressWhole(body: Buffer, encoding: Encoding): Promise<Buffer> {
  const stream = compressor(encoding, false);
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
  const ended = once(stream, "end");
  stream.write(body);
  if (encoding === "br")
    for (let left = randomInt(mostPadding.br); left > 0; left--)
      await new Promise<void>((resolve) => stream.flush(constants.BROTLI_OPERATION_EMIT_METADATA, resolve));
  stream.end();
  await ended;
  const whole = Buffer.concat(chunks);
  return encoding === "gzip" ? withFileName(whole) : whole;
}

/** Passes a compressed stream on; in gzip's, the header gets its file name. */
function padding(encoding: Encoding): Transform {
  let isFirst = encoding === "gzip";
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const first = isFirst;
      isFirst = false;
      done(null, first ? withFileName(chunk) : chunk);
    },
  });
}

const gzipHeader = 10;
const hasFileName = 0x08;

/** A gzip stream whose header names a file, of random length. */
function withFileName(gzip: Buffer): Buffer {
  const header = Buffer.from(gzip.subarray(0, gzipHeader));
  header[3]! |= hasFileName;
  const name = Buffer.concat([Buffer.alloc(randomInt(mostPadding.gzip), "a"), Buffer.of(0)]);
  return Buffer.concat([header, name, gzip.subarray(gzipHeader)]);
}
