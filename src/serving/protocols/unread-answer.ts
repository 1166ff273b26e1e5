import { type HttpRequest, HttpResponse } from "#http";
import { UNREAD_FROM, type WrittenBody } from "../engines/unread-body.ts";
import type { ModelGlance } from "../models/model-info.ts";
import type { Prediction } from "../models/prediction.ts";
import { hasOwnInput } from "./own-input.ts";
import { predictionHeaders } from "./prediction-headers.ts";

/** True where a body may be read by the model, which is found out by loading it: it says that it is long enough, and no code here reads it. */
export function mayStayUnread(request: HttpRequest, model: ModelGlance): boolean {
  return saidLength(request) >= UNREAD_FROM && !hasOwnInput(model);
}

/** How many bytes a body says that it has; 0 where it does not say it. */
export function saidLength({ headers }: HttpRequest): number {
  return Number(headers["content-length"] ?? 0);
}

/**
 * What a request says of how it is run: such a request is read here, because its place in the queue depends on it. The last are
 * how letters begin that are written by their numbers, as in `"t\u0069meout"`; no library writes such.
 */
const asks = ['"priority"', '"timeout"', '"sequence_id"', "\\u005", "\\u006", "\\u007"];

/** True where the JSON of a body has so many bytes, and says nothing of how it is to be run. */
export function staysUnread(head: Buffer, from: number): boolean {
  return head.byteLength >= from && !asks.some((name) => head.includes(name));
}

/** The answer that a model host wrote. */
export function writtenAnswer(prediction: Prediction<WrittenBody>): HttpResponse {
  const { bytes, headLength } = prediction.outputs[0]!;
  const form: Record<string, string> =
    headLength === undefined
      ? { "content-type": "application/json; charset=utf-8" }
      : { "content-type": "application/octet-stream", "inference-header-content-length": String(headLength) };
  return new HttpResponse(bytes, { headers: { ...predictionHeaders(prediction), ...form } });
}
