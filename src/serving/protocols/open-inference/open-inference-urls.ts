import { csrfExempt, type HttpRequest, type HttpResponse, json, path, type UrlPattern, type View } from "#http";
import { type ModelAction, type ProtocolOptions, tokenAuthorizerOf, visibleModels } from "../access.ts";
import { allReady } from "../health-urls.ts";
import { speaksTensors } from "../speaks-tensors.ts";
import { inferView } from "./infer-view.ts";
import { protocolView } from "./protocol-view.ts";
import { serverMetadata } from "./server-metadata.ts";
import { findModel, findTensorModel, isReady, modelMetadata, type Params } from "./tensor-model.ts";

/**
 * The Open Inference Protocol, version 2, with Triton's extensions: what KServe, Triton and their clients speak.
 * Tensors go to the model itself, below any handler; `expose: { tensors: false }` hides a model here.
 *
 * ```ts
 * path("v2/", include(openInferenceUrls()));
 * ```
 */
export function openInferenceUrls(options: ProtocolOptions = {}): UrlPattern<{}>[] {
  const get = (view: View<any>) => protocolView({ GET: view });
  const post = (view: View<any>) => protocolView({ POST: view });
  const ofModel = (end: string, view: View<any>) => [
    path(`models/<str:name>${end}`, view),
    path(`models/<str:name>/versions/<str:version>${end}`, view),
  ];
  return [
    path("", serverView),
    path(
      "health/live",
      get(() => json({ live: true })),
    ),
    path("health/ready", get(serverReady)),
    path(
      "models",
      get((request) => modelNames(request, options)),
    ),
    ...ofModel(
      "",
      get((request, params: Params) => metadataView(request, params, options)),
    ),
    ...ofModel(
      "/ready",
      get((request, params: Params) => readyView(request, params, options)),
    ),
    ...ofModel(
      "/infer",
      post((request, params: Params) => inferView(request, params, options)),
    ),
    path("<path:rest>", csrfExempt(unknownAddress)),
  ];
}

/** `GET /v2`: the server's own name, version and extensions. */
export const serverView: View<any> = protocolView({
  GET: (request) => json(serverMetadata(request.services.settings.serving?.serverName)),
});

function unknownAddress(request: HttpRequest): HttpResponse {
  return json({ error: `There is nothing at ${request.path}.` }, { status: 404 });
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

async function metadataView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { models } = request.services;
  await authorize(request, { action: "list", params, options, find: findTensorModel });
  return json(await modelMetadata(models, params));
}

async function readyView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  await authorize(request, { action: "list", params, options, find: findModel });
  const ready = isReady(request.services.models, params);
  return json({ name: params.name, ready }, { status: ready ? 200 : 503 });
}

interface Asking {
  action: ModelAction;
  params: Params;
  options: ProtocolOptions;
  find: typeof findModel;
}

/** Returns when the model is there and the request may do this with it. */
async function authorize(request: HttpRequest, { action, params, options, find }: Asking): Promise<void> {
  const model = find(request.services.models, params);
  await tokenAuthorizerOf(request, options).authorize(request, action, model);
}
