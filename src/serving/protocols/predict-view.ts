import { randomUUID } from "node:crypto";
import { type HttpRequest, type HttpResponse, json } from "#http";
import type { PredictOptions } from "../handlers/handler.ts";
import type { ModelGlance } from "../models/model-info.ts";
import { jsonSafe } from "../tensors/write-json.ts";
import { modelToPredict, type ModelParams, type ProtocolOptions } from "./access.ts";
import { itemsOf } from "./items-of-body.ts";
import { readObject } from "./json-body.ts";
import { predictionEvents } from "./predict-stream.ts";
import { predictUnread } from "./predict-unread.ts";
import { predictionHeaders } from "./prediction-headers.ts";
import { hasLargeBody } from "./unread-answer.ts";

/**
 * `{"input": …}` is answered with one output, `{"inputs": […]}` with a list of them; who accepts `text/event-stream` is
 * answered piece by piece.
 */
export async function predictView(request: HttpRequest, params: ModelParams, options: ProtocolOptions): Promise<HttpResponse> {
  const { name, version, alias } = params;
  const model = await modelToPredict(request, name, options);
  const unread = hasLargeBody(request) ? await predictUnread(request, params) : undefined;
  if (unread) return unread;
  const body = await readObject(request, hasOwnInput(model) ? undefined : model.signature);
  const { items, single } = itemsOf(body);
  const id = randomUUID();
  const { headers } = request;
  const asked: PredictOptions = {
    version,
    alias,
    headers,
    signal: () => request.signal,
    requestId: request.id,
    predictionId: id,
  };
  if (single && headers.accept?.includes("text/event-stream"))
    return predictionEvents(request, { name, item: items[0], id, options: asked });
  const prediction = await request.services.models.predict(name, items, asked);
  const outputs = prediction.outputs.map(jsonSafe);
  const answer = single ? { output: outputs[0] ?? null } : { outputs };
  return json({ id, ...answer, model: name, version: prediction.version }, { headers: predictionHeaders(prediction) });
}

/** A handler that reads items by its own code gets numbers as JavaScript has them. */
function hasOwnInput({ handler }: ModelGlance): boolean {
  return handler?.options.input !== undefined || handler?.options.inference !== undefined;
}
