import type { HttpRequest, HttpResponse, ServerEvent } from "#http";
import type { PredictOptions } from "../handlers/handler.ts";
import type { PredictionStream } from "../models/prediction-stream.ts";
import { jsonSafe } from "../tensors/write-json.ts";
import { errorToTell } from "./error-to-tell.ts";
import { eventsAnswer } from "./events-answer.ts";

/** A prediction that is told piece by piece. */
export interface StreamedQuestion {
  name: string;
  item: unknown;
  id: string;
  options: PredictOptions;
}

/**
 * The answer to one item as server-sent events: `piece` for each `{"output"}`, then `end` with what answered. What goes wrong
 * after the first piece is the event `error`, for the status has been sent by then.
 */
export async function predictionEvents(
  request: HttpRequest,
  { name, item, id, options }: StreamedQuestion,
): Promise<HttpResponse> {
  const pieces = await request.services.models.stream(name, item, options);
  return eventsAnswer(request, pieces, events(pieces, { id, request }));
}

async function* events(
  pieces: PredictionStream,
  { id, request }: { id: string; request: HttpRequest },
): AsyncGenerator<ServerEvent> {
  const { model, version } = pieces;
  try {
    for await (const piece of pieces) yield { event: "piece", data: { output: jsonSafe(piece) } };
    yield { event: "end", data: { id, model, version } };
  } catch (error) {
    const { code, message, hint } = errorToTell(error, request, model);
    yield { event: "error", data: { error: { code, message, hint } } };
  }
}
