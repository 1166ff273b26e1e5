import { apiView, csrfExempt, HttpError, type HttpRequest, HttpResponse, rePath, type UrlPattern, wrapView } from "#http";
import { servingErrors } from "../../errors.ts";
import type { ModelGlance, ModelInfo } from "../../models/model-info.ts";
import type { SignedVersion } from "../../models/signed-version.ts";
import type { Signature } from "../../tensors/signature.ts";
import { type ModelAction, type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { askOf } from "../ask-of.ts";
import { outsideTransactions } from "../method-views.ts";
import { predictionHeaders } from "../prediction-headers.ts";
import { speaksTensors } from "../speaks-tensors.ts";
import { type Address, parseAddress } from "./address.ts";
import { errorAnswer } from "./error-answer.ts";
import { classifyResults, exampleInputs, regressResults } from "../../bodies/tensorflow-serving/examples.ts";
import { metadataOf } from "../../bodies/tensorflow-serving/metadata.ts";
import { predictAnswer } from "../../bodies/tensorflow-serving/predict-answer.ts";
import { predictInputs } from "../../bodies/tensorflow-serving/predict-body.ts";
import { readTensorBody } from "./read-body.ts";
import { statusOf } from "./status.ts";
import { prettyJson } from "../../bodies/tensorflow-serving/write-json.ts";

/**
 * How it works: every address below `v1/models` comes to one view, because its parts are separated by colons and its
 * letters' case does not count. Tensors go to the model itself, below any handler.
 */

/**
 * TensorFlow Serving's REST addresses: status, metadata, and predictions in rows or columns. `expose: { tensors: false }`
 * hides a model here.
 *
 * ```ts
 * export const urls = [...tensorFlowServingUrls()]; // /v1/models/…
 * ```
 */
export function tensorFlowServingUrls(options: ProtocolOptions = {}): UrlPattern<{}>[] {
  const view = async (request: HttpRequest, { rest }: { rest: string }): Promise<HttpResponse> => {
    const address = parseAddress(request.method, rest);
    try {
      return await answer(request, address, options);
    } catch (error) {
      return errorAnswer(request, error, address);
    }
  };
  const marked = apiView(csrfExempt(wrapView(view, view, outsideTransactions)));
  return [rePath(/^v1\//i, [rePath(/^models(?<rest>(?:[/:].*)?)$/i, marked)])];
}

function answer(request: HttpRequest, address: Address, options: ProtocolOptions): Promise<HttpResponse> | HttpResponse {
  const { kind } = address;
  if (request.method === "OPTIONS")
    return new HttpResponse(null, { status: 204, headers: { allow: "GET, HEAD, POST, OPTIONS" } });
  if (kind === "malformed") throw new HttpError(400, `Malformed request: ${request.method} ${request.path}`);
  if (address.model === undefined) throw new HttpError(400, "Missing model name in request.");
  if (kind === "status") return statusView(request, address, options);
  if (kind === "metadata") return metadataView(request, address, options);
  return runView(request, address, options);
}

async function statusView(request: HttpRequest, address: Address, options: ProtocolOptions): Promise<HttpResponse> {
  const { name } = await tensorModel(request, address, { ...options, action: "list" });
  const model = request.services.models.describe(name);
  const version = versionOf(address, model);
  const versions = request.services.models.versions(model.name);
  return pretty(statusOf(version === undefined ? versions : versions.filter((each) => each.version === version)));
}

async function metadataView(request: HttpRequest, address: Address, options: ProtocolOptions): Promise<HttpResponse> {
  const { name } = await tensorModel(request, address, { ...options, action: "list" });
  const model = request.services.models.describe(name);
  const wanted = versionOf(address, model);
  const signed = await request.services.models.signature(model.name, { version: wanted });
  return pretty(metadataOf(model.name, signed.version, tensorsOf(signed, name)));
}

/** What a version takes and gives; one that answers items alone has none. @throws SERVING_BAD_INPUT */
function tensorsOf({ signature, infers }: SignedVersion, name: string): Signature {
  if (infers && signature !== undefined) return signature;
  const hint = `Ask it with its items as JSON: POST /v2/models/${name}/infer takes them as texts.`;
  throw servingErrors.SERVING_BAD_INPUT({ where: `The model "${name}"`, problem: "answers items, and has no tensors", hint });
}

async function runView(request: HttpRequest, address: Address, options: ProtocolOptions): Promise<HttpResponse> {
  const model = await tensorModel(request, address, { ...options, action: "predict" });
  const { models } = request.services;
  const ask = askOf(request, { version: address.version, alias: address.label });
  const found = await models.signature(model.name, ask);
  const [signature, version] = [tensorsOf(found, model.name), found.version];
  const { tensors, write } = prepare(address, await readTensorBody(request, signature), signature);
  const prediction = await models.infer(model.name, tensors, { ...ask, version });
  return pretty(write(prediction.outputs[0]!), predictionHeaders(prediction));
}

/** What is to be run, and what its outputs are written as. */
function prepare({ kind }: Address, body: Record<string, unknown>, signature: Signature) {
  if (kind === "predict") {
    const { tensors, rows } = predictInputs(body, signature);
    return { tensors, write: (outputs: Parameters<typeof predictAnswer>[0]) => predictAnswer(outputs, signature, rows) };
  }
  const results = kind === "classify" ? classifyResults(signature) : regressResults(signature);
  return { tensors: exampleInputs(body, signature), write: results };
}

/** The model of an address, when it speaks tensors and the request may do this with it. */
async function tensorModel(
  request: HttpRequest,
  address: Address,
  options: ProtocolOptions & { action: ModelAction },
): Promise<ModelGlance> {
  const model = request.services.models.glance(address.model!);
  if (!speaksTensors(model)) throw servingErrors.SERVING_UNKNOWN_MODEL({ given: address.model!, known: [] });
  await tokenAuthorizerOf(request, options).authorize(request, options.action, model);
  return model;
}

/** The version that an address names, by its number or its label. */
function versionOf({ version, label }: Address, model: ModelInfo): string | undefined {
  const { name, versions, aliases } = model;
  if (label !== undefined && aliases[label] === undefined)
    throw servingErrors.SERVING_UNKNOWN_ALIAS({ model: name, given: label, known: Object.keys(aliases) });
  const named = label === undefined ? version : aliases[label];
  if (named !== undefined && !versions.includes(named))
    throw servingErrors.SERVING_UNKNOWN_VERSION({ model: name, given: named, known: versions });
  return named;
}

function pretty(value: unknown, headers: Record<string, string> = {}): HttpResponse {
  return new HttpResponse(prettyJson(value), { headers: { "content-type": "application/json", ...headers } });
}
