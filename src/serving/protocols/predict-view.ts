import { randomUUID } from "node:crypto";
import { type HttpRequest, type HttpResponse, json } from "#http";
import { jsonSafe } from "../tensors/write-json.ts";
import { modelToPredict, type ModelParams, type ProtocolOptions } from "./access.ts";
import { askOf } from "./ask-of.ts";
import { itemsOf } from "../bodies/items-of-body.ts";
import { readObject } from "./json-body.ts";
import { hasOwnInput } from "./own-input.ts";
import { predictionEvents } from "./predict-stream.ts";
import { predictUnread } from "./predict-unread.ts";
import { predictionHeaders } from "./prediction-headers.ts";
import { mayStayUnread } from "./unread-answer.ts";

/**
 * `{"input": …}` is answered with one output, `{"inputs": […]}` with a list of them; who accepts `text/event-stream` is
 * answered piece by piece.
 */
export async function predictView(request: HttpRequest, params: ModelParams, options: ProtocolOptions): Promise<HttpResponse> {
  const { name } = params;
  const model = await modelToPredict(request, name, options);
  const unread = mayStayUnread(request, model) ? await predictUnread(request, params) : undefined;
  if (unread) return unread;
  const body = await readObject(request, hasOwnInput(model) ? undefined : model.signature);
  const { items, single } = itemsOf(body);
  const id = randomUUID();
  const ask = { ...askOf(request, params), predictionId: id };
  if (single && request.headers.accept?.includes("text/event-stream"))
    return predictionEvents(request, { name, item: items[0], id, options: ask });
  const prediction = await request.services.models.predict(name, items, ask);
  const outputs = prediction.outputs.map(jsonSafe);
  const answer = single ? { output: outputs[0] ?? null } : { outputs };
  return json({ id, ...answer, model: name, version: prediction.version }, { headers: predictionHeaders(prediction) });
}
