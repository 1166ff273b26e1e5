import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { HttpError, type HttpRequest, requireUtf8 } from "#http";
import { BODY_LIMIT } from "./body-limit.ts";

const decoders = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/**
 * The body of a prediction as it was meant: unpacked where the client packed it, never more than the limit.
 * @throws HttpError 400, 413, 415
 */
export async function bodyBytes(request: HttpRequest): Promise<Buffer> {
  requireUtf8(request.headers["content-type"]);
  const packed = await request.body({ limit: BODY_LIMIT });
  const coding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (coding === "identity" || coding === "") return packed;
  if (coding !== "gzip" && coding !== "deflate")
    throw new HttpError(415, `The body's Content-Encoding is ${JSON.stringify(coding)}, and must be gzip or deflate.`);
  try {
    return await decoders[coding](packed, { maxOutputLength: BODY_LIMIT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new HttpError(413, `The unpacked body is larger than the ${BODY_LIMIT} bytes that are taken.`);
    throw new HttpError(400, `The body is not what its Content-Encoding ${coding} says.`);
  }
}
