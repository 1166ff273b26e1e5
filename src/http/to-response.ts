import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { httpErrors } from "./errors.ts";
import type { HttpRequest } from "./request.ts";
import { html, HttpResponse, json } from "./response.ts";
import { stream } from "./stream.ts";

/** What a view returned, as a response. @throws HTTP_NO_RESPONSE */
export function toResponse(result: unknown, request: HttpRequest): HttpResponse | Promise<HttpResponse> {
  if (result instanceof HttpResponse) return result.forRequest === undefined ? result : result.forRequest(request);
  if (typeof result === "string") return html(result);
  if (result === null) return new HttpResponse(null, { status: 204 });
  if (typeof result === "object") return fromObject(result);
  if (typeof result === "number" || typeof result === "boolean") return json(result);
  throw httpErrors.HTTP_NO_RESPONSE({ view: request.resolved?.view.name || "(anonymous)", path: request.path });
}

function fromObject(value: object): HttpResponse {
  if (value instanceof Readable) return binary(value);
  if (value instanceof Uint8Array) return binary(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof Response) return fromWeb(value);
  if (value instanceof globalThis.ReadableStream) return binary(Readable.fromWeb(value as ReadableStream));
  if (Symbol.asyncIterator in value) return stream(value as AsyncIterable<string | Uint8Array>);
  return json(value);
}

function binary(body: Buffer | Readable): HttpResponse {
  return new HttpResponse(body, { headers: { "content-type": "application/octet-stream" } });
}

function fromWeb(source: Response): HttpResponse {
  const body = source.body === null ? null : Readable.fromWeb(source.body as ReadableStream);
  const response = new HttpResponse(body, { status: source.status });
  for (const [name, value] of source.headers) if (name !== "set-cookie") response.headers[name] = value;
  const cookies = source.headers.getSetCookie();
  if (cookies.length > 0) response.headers["set-cookie"] = cookies;
  return response;
}
