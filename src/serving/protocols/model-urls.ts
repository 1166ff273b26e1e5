import {
  apiView,
  byMethod,
  csrfOnlyWithSession,
  HttpError,
  type HttpRequest,
  json,
  path,
  type UrlPattern,
  type View,
  withAnswerHeaders,
  wrapView,
} from "#http";
import { failedBy } from "../models/failed-by.ts";
import type { ModelInfo } from "../models/model-info.ts";
import { allowedModel, type Authorizer, authorizerOf, type ModelParams, type ProtocolOptions, visibleModels } from "./access.ts";
import { asHttpError, unknownModel } from "./http-status.ts";
import { manageViews } from "./manage-views.ts";
import { type MethodViews, outsideTransactions } from "./method-views.ts";
import { predictView } from "./predict-view.ts";
import { failureHeaders } from "./prediction-headers.ts";

export interface ModelUrlsOptions extends ProtocolOptions {
  /** More views, by address: `{ "models/<str:name>/versions": { POST: upload } }`. They join those of the same address. */
  views?: Readonly<Record<string, MethodViews>>;
}

/**
 * Listing, describing and predicting, to be mounted under a prefix: `path("api/", include(modelUrls()))`.
 */
export function modelUrls(options: ModelUrlsOptions = {}): UrlPattern<{}>[] {
  const predict: MethodViews = { POST: (request, params) => predictView(request, params, options) };
  const own: Record<string, MethodViews> = {
    models: { GET: (request) => listModels(request, options) },
    "models/<str:name>": { GET: (request, params) => describeModel(request, params, options) },
    "models/<str:name>/versions": { GET: (request, params) => listVersions(request, params, options) },
    "models/<str:name>/versions/<str:version>": { GET: (request, params) => describeVersion(request, params, options) },
    "models/<str:name>/predict": predict,
    "models/<str:name>/versions/<str:version>/predict": predict,
    "models/<str:name>/aliases/<str:alias>/predict": predict,
  };
  Object.assign(own, manageViews(options));
  const addresses = new Set([...Object.keys(own), ...Object.keys(options.views ?? {})]);
  return [...addresses].map((address) => path(address, modelView({ ...own[address], ...options.views?.[address] }, options)));
}

/** One view for the methods of an address, whose errors are the API's. */
function modelView(views: MethodViews, options: ProtocolOptions): View<any> {
  const byName = byMethod(views);
  const answering: View<ModelParams> = async (request, params) => {
    try {
      return await byName(request, params);
    } catch (error) {
      const isUnknown = (error as { code?: unknown }).code === "SERVING_UNKNOWN_MODEL" && failedBy(error) === undefined;
      if (isUnknown) await refuseUnknown(request, params.name, options);
      const told = asHttpError(error, request.services.models, params.name);
      throw told instanceof HttpError ? told : withAnswerHeaders(told, failureHeaders(told));
    }
  };
  return apiView(csrfOnlyWithSession(wrapView(byName, answering, outsideTransactions)));
}

/** Tells of the models that the request may see; who may see none is not told which there are. @throws HttpError 401, 403, 404 */
async function refuseUnknown(request: HttpRequest, name: string, options: ProtocolOptions): Promise<never> {
  const authorizer = authorizerOf(request, options);
  const visible = await visibleModels(request, authorizer);
  if (visible.length === 0) await authorizer.authorize(request, "list");
  throw unknownModel(name, visible);
}

async function listModels(request: HttpRequest, options: ProtocolOptions) {
  const authorizer = authorizerOf(request, options);
  const models = await visibleModels(request, authorizer);
  if (models.length === 0) await demandKnown(request, authorizer);
  return json({ models: models.map(describe) });
}

/** Who is not known is told so: an empty list would say that there are no models. @throws HttpError 401 */
async function demandKnown(request: HttpRequest, authorizer: Authorizer): Promise<void> {
  try {
    await authorizer.authorize(request, "list");
  } catch (error) {
    if (error instanceof HttpError && error.status === 401) throw error;
  }
}

async function describeModel(request: HttpRequest, { name }: ModelParams, options: ProtocolOptions) {
  const model = await allowedModel(request, name, { ...options, action: "list" });
  return json({
    ...describe(model),
    states: request.services.models.versions(name).map(({ version, state, error }) => ({ version, state, error })),
  });
}

async function listVersions(request: HttpRequest, { name }: ModelParams, options: ProtocolOptions) {
  await allowedModel(request, name, { ...options, action: "list" });
  return json({ versions: request.services.models.versions(name) });
}

async function describeVersion(request: HttpRequest, { name, version }: ModelParams, options: ProtocolOptions) {
  await allowedModel(request, name, { ...options, action: "list" });
  return json(request.services.models.describeVersion(name, version!));
}

/** What is told of a model: all but the handler's own code. */
function describe({ handler: _handler, manifest: _manifest, ...model }: ModelInfo): object {
  return model;
}
