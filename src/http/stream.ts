import { Readable } from "node:stream";
import { HttpResponse, type ResponseInit } from "./response.ts";

/**
 * Answers piece by piece, as the pieces are made: nothing is held in memory, and the source is closed when the client goes.
 *
 * ```ts
 * return stream(csvLines(Coffee.objects.iterator()), { headers: { "content-type": "text/csv; charset=utf-8" } });
 * ```
 */
export function stream(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  init?: ResponseInit,
): HttpResponse {
  // An object stream would take a text apart, and begin before it is asked.
  const response = new HttpResponse(Readable.from(bytesOf(pieces), { objectMode: false }), init);
  response.headers["content-type"] ??= "application/octet-stream";
  return response;
}

async function* bytesOf(pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) if (piece.length > 0) yield Buffer.from(piece as Uint8Array);
}
