import type { AskOptions } from "../../engines/engine.ts";
import type { PredictOptions } from "../../handlers/handler.ts";
import { answerTensors, askedSignature, spokenSignature } from "../../protocols/open-inference/items-as-tensors.ts";
import { findTensorModel, type Params } from "../../protocols/open-inference/tensor-model.ts";
import { predictionHeaders } from "../../protocols/prediction-headers.ts";
import { authorize, type Call } from "./calls.ts";
import { readInferRequest, writeInferResponse } from "./infer-messages.ts";
import type { ModelInferRequest, ModelInferResponse } from "./messages.ts";
import { paramsOf } from "./model-calls.ts";

/** Answers one request for a prediction. */
export async function infer(request: ModelInferRequest, call: Call): Promise<ModelInferResponse> {
  const params = paramsOf({ name: request.model_name, version: request.model_version });
  const { models } = call;
  await authorize(call, "predict", findTensorModel(models, params));
  const wish = versionOf(params, call);
  const signed = await models.signature(params.name, wish);
  const { version, infers } = signed;
  const spoken = spokenSignature(models, params.name, signed);
  const wanted = readInferRequest(request, askedSignature(spoken, request.inputs));
  const { tensors, parameters, signature } = wanted;
  const question = { name: params.name, tensors, infers, parameters };
  const prediction = await answerTensors(models, question, { ...wish, version, ...askOptions(wanted.ask, call) });
  for (const [name, value] of Object.entries(predictionHeaders(prediction))) call.tell(name, value);
  return writeInferResponse(prediction.outputs[0]!, wanted, { model: params.name, version: prediction.version, signature });
}

/** The version that is named, or what the alias `default` chooses by the call's metadata. */
export function versionOf({ version }: Params, { caller: { headers } }: Call): PredictOptions {
  return version === undefined ? { alias: "default", headers } : { version, headers };
}

/** What the request asks for, within what the call allows. */
export function askOptions(ask: AskOptions, { signal, deadline, requestId }: Call): AskOptions {
  const sooner = Math.min(ask.deadline ?? Number.POSITIVE_INFINITY, Math.max(1, deadline - Date.now()));
  return { ...ask, signal, requestId, deadline: Number.isFinite(sooner) ? sooner : undefined };
}
