import { csrfExempt, type HttpRequest, type HttpResponse, json, path, type UrlPattern, type View } from "#http";
import { serverReady as allReady } from "../waiting-models.ts";
import { type ModelAction, type ProtocolOptions, tokenAuthorizerOf, visibleModels } from "../access.ts";
import { speaksTensors } from "../speaks-tensors.ts";
import { generateStreamView, generateView } from "./generate-view.ts";
import { inferView } from "./infer-view.ts";
import { modelConfig } from "./model-config.ts";
import { modelStatistics } from "./model-statistics.ts";
import { openInferenceView } from "./open-inference-view.ts";
import { indexView, loadView, unloadView } from "./repository-views.ts";
import { serverMetadata } from "./server-metadata.ts";
import { logSettings, settingsViews, traceSettings } from "./server-settings.ts";
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
  const withOptions =
    (view: ModelView): View<Params> =>
    (request, params) =>
      view(request, params, options);
  const get = (view: ModelView) => openInferenceView({ GET: withOptions(view) });
  const post = (view: ModelView) => openInferenceView({ POST: withOptions(view) });
  const ofModel = (end: string, view: View<any>) => [
    path(`models/<str:name>${end}`, view),
    path(`models/<str:name>/versions/<str:version>${end}`, view),
  ];
  const trace = openInferenceView(settingsViews(traceSettings, options));
  return [
    path("", serverView),
    path("health/live", openInferenceView({ GET: () => json({ live: true }) })),
    path("health/ready", openInferenceView({ GET: serverReady })),
    path("models", get(modelNames)),
    path("models/stats", get(allStatistics)),
    ...ofModel("", get(metadataView)),
    ...ofModel("/ready", get(readyView)),
    ...ofModel("/infer", post(inferView)),
    ...ofModel("/config", get(configView)),
    ...ofModel("/stats", get(statisticsView)),
    ...ofModel("/generate", post(generateView)),
    ...ofModel("/generate_stream", post(generateStreamView)),
    ...ofModel("/trace/setting", trace),
    path("trace/setting", trace),
    path("logging", openInferenceView(settingsViews(logSettings, options))),
    ...repositoryUrls(options),
    path("<path:rest>", csrfExempt(unknownAddress)),
  ];
}

/** A view of the protocol; it decides by the options of the routes. */
type ModelView = (request: HttpRequest, params: Params, options: ProtocolOptions) => HttpResponse | Promise<HttpResponse>;

/** Listing, loading and unloading. The protocol allows a repository's name in the address; there is one of them all. */
function repositoryUrls(options: ProtocolOptions): UrlPattern<{}>[] {
  const index = openInferenceView({ POST: (request) => indexView(request, options) });
  const load = openInferenceView({ POST: (request, params: Params) => loadView(request, params, options) });
  const unload = openInferenceView({ POST: (request, params: Params) => unloadView(request, params, options) });
  return ["repository", "repository/<str:repository>"].flatMap((root) => [
    path(`${root}/index`, index),
    path(`${root}/models/<str:name>/load`, load),
    path(`${root}/models/<str:name>/unload`, unload),
  ]);
}

/** `GET /v2`: the server's own name, version and extensions. */
export const serverView: View<any> = openInferenceView({
  GET: (request) => json(serverMetadata(request.services.settings.serving?.serverName)),
});

function unknownAddress(request: HttpRequest): HttpResponse {
  return json({ error: `There is nothing at ${request.path}.` }, { status: 404 });
}

function serverReady(request: HttpRequest): HttpResponse {
  const ready = allReady(request.services.models);
  return json({ ready }, { status: ready ? 200 : 503 });
}

/** The names of the models, as KServe lists them. */
async function modelNames(request: HttpRequest, _params: Params, options: ProtocolOptions): Promise<HttpResponse> {
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

async function configView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  await authorize(request, { action: "list", params, options, find: findTensorModel });
  return json(await modelConfig(request.services.models, params));
}

async function statisticsView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  await authorize(request, { action: "list", params, options, find: findModel });
  return json({ model_stats: modelStatistics(request.services.models, params) });
}

async function allStatistics(request: HttpRequest, _params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { models } = request.services;
  const visible = await visibleModels(request, tokenAuthorizerOf(request, options));
  return json({ model_stats: visible.flatMap(({ name }) => modelStatistics(models, { name })) });
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
