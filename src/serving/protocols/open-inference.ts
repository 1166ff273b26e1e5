import { CortadoError, packageVersion } from "#kernel";
import {
  byMethod,
  csrfExempt,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  json,
  path,
  type UrlPattern,
  type View,
  wrapView,
} from "#http";
import { servingErrors } from "../errors.ts";
import type { ModelInfo } from "../models/model-info.ts";
import { type ModelAction, type ProtocolOptions, tokenAuthorizerOf, visibleModels } from "./access.ts";
import { allReady } from "./health-urls.ts";
import { asHttpError } from "./http-status.ts";
import { inferRequest, inferResponse } from "./infer-body.ts";
import { readObject } from "./json-body.ts";
import type { MethodViews } from "./method-views.ts";
import { predictionHeaders } from "./predict-view.ts";

interface Params {
  name: string;
  version?: string;
}

/**
 * The Open Inference Protocol, version 2, with JSON tensors: what KServe, Triton and their clients speak.
 * Tensors go to the model itself, below any handler; `expose: { tensors: false }` hides a model here.
 *
 * ```ts
 * path("v2/", include(openInferenceUrls()));
 * ```
 */
export function openInferenceUrls(options: ProtocolOptions = {}): UrlPattern<{}>[] {
  const get = (view: View<any>): MethodViews => ({ GET: view });
  const metadata: View<Params> = (request, params) => modelMetadata(request, params, options);
  const ready: View<Params> = (request, params) => modelReady(request, params, options);
  const infer: View<Params> = (request, params) => inferView(request, params, options);
  return [
    path("", protocolView(get(serverMetadata))),
    path("health/live", protocolView(get(() => json({ live: true })))),
    path("health/ready", protocolView(get(serverReady))),
    path("models", protocolView(get((request) => modelNames(request, options)))),
    path("models/<str:name>", protocolView(get(metadata))),
    path("models/<str:name>/ready", protocolView(get(ready))),
    path("models/<str:name>/infer", protocolView({ POST: infer })),
    path("models/<str:name>/versions/<str:version>", protocolView(get(metadata))),
    path("models/<str:name>/versions/<str:version>/ready", protocolView(get(ready))),
    path("models/<str:name>/versions/<str:version>/infer", protocolView({ POST: infer })),
    path("<path:rest>", csrfExempt(unknownAddress)),
  ];
}

/** A view whose errors have the protocol's shape, and which no cookie authenticates. */
export function protocolView(views: MethodViews): View<any> {
  const byName = byMethod<any>(views);
  const answering: View<Params> = async (request, params) => {
    try {
      return await byName(request, params);
    } catch (error) {
      return errorAnswer(asHttpError(error, request.services.models, params.name), request);
    }
  };
  return csrfExempt(wrapView(byName, answering));
}

function errorAnswer(error: unknown, request: HttpRequest): HttpResponse {
  if (!(error instanceof HttpError)) {
    request.log.error({ err: error }, "The request failed.");
    const message =
      request.services.settings.debug && error instanceof CortadoError ? error.message : "Something went wrong in the server.";
    return json({ error: message }, { status: 500 });
  }
  const message = error.status === 405 ? "Method Not Allowed" : [error.message, error.hint].filter(Boolean).join(" ");
  return json({ error: message }, { status: error.status, headers: error.headers });
}

function unknownAddress(request: HttpRequest): HttpResponse {
  return json({ error: `There is nothing at ${request.path}.` }, { status: 404 });
}

/** The server's own name and version, as `GET /v2` tells them. */
export function serverMetadata(): HttpResponse {
  return json({ name: "cortado", version: packageVersion(), extensions: [] });
}

function serverReady(request: HttpRequest): HttpResponse {
  const ready = allReady(request);
  return json({ ready }, { status: ready ? 200 : 503 });
}

/** The names of the models, as KServe lists them. */
async function modelNames(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const models = await visibleModels(request, tokenAuthorizerOf(request, options));
  return json({ models: models.filter(speaksTensors).map((model) => model.name) });
}

function speaksTensors({ handler }: ModelInfo): boolean {
  return handler?.options.expose?.tensors !== false && handler?.options.inference === undefined;
}

/** The model of an address, when it speaks tensors and the request may do this with it. */
async function tensorModel(
  request: HttpRequest,
  { name, version }: Params,
  options: ProtocolOptions & { action: ModelAction },
): Promise<ModelInfo> {
  const { models } = request.services;
  const model = models.list().find((each) => each.name === name);
  if (model === undefined || !speaksTensors(model)) throw new HttpError(404, `Request for unknown model: '${name}' is not found`);
  await tokenAuthorizerOf(request, options).authorize(request, options.action, model);
  if (version !== undefined && !model.versions.includes(version)) {
    throw new HttpError(404, `Request for unknown model: '${name}' version ${version} is not found`);
  }
  return model;
}

async function modelMetadata(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const model = await tensorModel(request, params, { ...options, action: "list" });
  const { signature } = await request.services.models.signature(params.name, { version: params.version });
  const versions = params.version === undefined ? model.versions.toReversed() : [params.version];
  return json({
    name: params.name,
    versions,
    platform: "onnxruntime_onnx",
    inputs: signature!.inputs,
    outputs: signature!.outputs,
  });
}

async function modelReady(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const model = await tensorModel(request, params, { ...options, action: "list" });
  const { models } = request.services;
  // Versions are loaded when asked for, so one that has not been tried counts as ready.
  const ready =
    params.version === undefined ? model.ready : models.describeVersion(params.name, params.version).state !== "failed";
  return json({ name: params.name, ready }, { status: ready ? 200 : 503 });
}

async function inferView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  await tensorModel(request, params, { ...options, action: "predict" });
  const { models } = request.services;
  const { signature, version } = await models.signature(params.name, { version: params.version });
  if (signature === undefined) throw servingErrors.SERVING_BAD_INPUT({ where: "The model", problem: "takes no tensors" });
  refuseBinary(request);
  const wanted = inferRequest(await readObject(request, signature, { anyType: true }), signature);
  const prediction = await models.infer(params.name, wanted.tensors, { version, signal: request.signal });
  const answer = inferResponse(prediction.outputs[0]!, wanted, prediction);
  return json(answer, { headers: predictionHeaders(prediction) });
}

/** Its clients send JSON under any content type; tensors as bytes are an extension that is not spoken here. */
function refuseBinary(request: HttpRequest): void {
  const isBinary = request.headers["inference-header-content-length"] !== undefined;
  if (!isBinary && !/^application\/octet-stream/i.test(request.headers["content-type"] ?? "")) return;
  throw new HttpError(415, "Binary tensors are not read here.", { hint: "Send the tensors' data as JSON." });
}
