import { type HttpRequest, HttpResponse } from "#http";
import type { WrittenBody } from "../engines/unread-body.ts";
import type { Prediction } from "../models/prediction.ts";
import { predictionHeaders } from "./prediction-headers.ts";

/** Bytes from which the JSON of a body is worth reading elsewhere: JSON.parse takes a millisecond for some 200,000. */
const UNREAD_FROM = 128 * 1024;

/** True where a body says that it is large. */
export function hasLargeBody({ headers }: HttpRequest): boolean {
  const length = headers["content-length"];
  return length !== undefined && Number(length) >= UNREAD_FROM;
}

/** What a request says of how it is run: such a request is read here, because its place in the queue depends on it. */
const asks = ['"priority"', '"timeout"', '"sequence_id"'];

/** True where the JSON of a body is large, and says nothing of how it is to be run. */
export function worthUnread(head: Buffer): boolean {
  return head.byteLength >= UNREAD_FROM && !asks.some((name) => head.includes(name));
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
