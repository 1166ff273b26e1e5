import { HttpResponse, type HttpRequest, json, stream } from "#http";
import { servingErrors } from "../../errors.ts";
import type { ModelGlance } from "../../models/model-info.ts";
import type { PredictionStream } from "../../models/prediction-stream.ts";
import { checkNames, tensorsToNested } from "../../tensors/items.ts";
import { describe, tensorFromNested } from "../../tensors/read-json.ts";
import type { Signature } from "../../tensors/signature.ts";
import { noTensors, type Tensors } from "../../tensors/tensor.ts";
import { jsonSafe } from "../../tensors/write-json.ts";
import type { ProtocolOptions } from "../access.ts";
import { askOf } from "../ask-of.ts";
import { hasOwnInput } from "../own-input.ts";
import { predictionHeaders, streamHeaders } from "../prediction-headers.ts";
import { readItem, readJson } from "./read-item.ts";
import { modelOf, type Params } from "./torchserve-view.ts";

/** `POST /predictions/{name}[/{version}]`: one item through the handler, or the model's own tensors where it has none. */
export async function predictionsView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const model = await modelOf(request, params, { ...options, action: "predict" });
  return model.handler === undefined ? runTensors(request, params) : runItem(request, params, model);
}

async function runItem(request: HttpRequest, params: Params, model: ModelGlance): Promise<HttpResponse> {
  const item = await readItem(request, hasOwnInput(model) ? undefined : model.signature);
  const { models } = request.services;
  const ask = askOf(request, params);
  if (model.handler?.options.stream) return streamed(await models.stream(params.name, item, ask));
  const prediction = await models.predict(params.name, [item], ask);
  return answer(prediction.outputs[0], predictionHeaders(prediction));
}

async function runTensors(request: HttpRequest, params: Params): Promise<HttpResponse> {
  const { models } = request.services;
  const ask = askOf(request, params);
  const { signature, version } = await models.signature(params.name, ask);
  if (signature === undefined) throw servingErrors.SERVING_BAD_INPUT({ where: "The model", problem: "takes no tensors" });
  const tensors = wholeTensors(await readJson(request, signature), signature);
  const prediction = await models.infer(params.name, tensors, { ...ask, version });
  return json(jsonSafe(tensorsToNested(prediction.outputs[0]!)), { headers: predictionHeaders(prediction) });
}

/** An object of the model's inputs, each with all of its dimensions. */
function wholeTensors(body: unknown, signature: Signature): Tensors {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    const problem = `is ${describe(body)}, and must be an object of the model's inputs`;
    throw servingErrors.SERVING_BAD_INPUT({ where: "The body", problem });
  }
  checkNames(Object.keys(body), signature.inputs, "The body");
  const tensors = noTensors();
  for (const spec of signature.inputs)
    tensors[spec.name] = tensorFromNested((body as Record<string, unknown>)[spec.name], { ...spec, where: spec.name });
  return tensors;
}

/** The pieces of an answer as they are made, one after the other. */
function streamed(pieces: PredictionStream): HttpResponse {
  return stream(asBytes(pieces), { headers: streamHeaders(pieces) });
}

async function* asBytes(pieces: AsyncIterable<unknown>): AsyncGenerator<string | Uint8Array> {
  for await (const piece of pieces)
    yield typeof piece === "string" || piece instanceof Uint8Array ? piece : `${JSON.stringify(jsonSafe(piece))}\n`;
}

/** Text and bytes as they are, everything else as JSON. */
function answer(output: unknown, headers: Record<string, string>): HttpResponse {
  if (typeof output === "string")
    return new HttpResponse(output, { headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
  if (output instanceof Uint8Array)
    return new HttpResponse(Buffer.from(output), { headers: { "content-type": "application/octet-stream", ...headers } });
  return json(jsonSafe(output ?? null), { headers });
}
