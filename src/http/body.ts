import type { IncomingMessage } from "node:http";
import { httpErrors } from "./errors.ts";
import { HttpError } from "./http-error.ts";

function tooLarge(limit: number): HttpError {
  return HttpError.from(413, httpErrors.HTTP_BODY_TOO_LARGE({ limit }), { connection: "close" });
}

/** Reads a body into memory. @throws HttpError 413 beyond the limit, 400 where the client went away. */
export function readBody(raw: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(raw.headers["content-length"] ?? 0) > limit) return reject(tooLarge(limit));
    if (raw.readableEnded) return reject(httpErrors.HTTP_BODY_CONSUMED());
    if (raw.destroyed) return reject(HttpError.from(400, httpErrors.HTTP_BODY_ABORTED()));
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) return void chunks.push(chunk);
      raw.off("data", onData).pause();
      reject(tooLarge(limit));
    };
    raw.on("data", onData);
    raw.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    raw.once("error", () => reject(HttpError.from(400, httpErrors.HTTP_BODY_ABORTED())));
    raw.once("close", () => raw.readableEnded || reject(HttpError.from(400, httpErrors.HTTP_BODY_ABORTED())));
  });
}
