import { randomUUID } from "node:crypto";
import { csrfExempt, type HttpRequest, type HttpResponse, json, type View, wrapView } from "#http";
import type { ModelGlance } from "../../models/model-info.ts";
import { serverReady } from "../waiting-models.ts";
import { type ModelAction, type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { errorText } from "../error-to-tell.ts";
import type { MethodViews } from "../method-views.ts";
import { type ErrorWriter, protocolView } from "../protocol-view.ts";

/** The parameters of its addresses. */
export interface Params {
  name: string;
  version?: string;
}

/** A view whose errors have TorchServe's shape, and which names the request. */
export function torchServeView(views: MethodViews): View<any> {
  const view = protocolView(views, errorAnswer);
  const naming: View<Params> = async (request, params) => {
    const response = (await view(request, params)) as HttpResponse;
    return response.setHeader("x-request-id", requestId(request));
  };
  return csrfExempt(wrapView(view, naming));
}

/** What the client called its request, or a new name for it. */
function requestId(request: HttpRequest): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
}

/** TorchServe's names of errors, by status; the last are those of no one status. */
const types: Readonly<Record<number, string>> = {
  400: "BadRequestException",
  401: "InvalidKeyException",
  403: "InvalidKeyException",
  404: "ResourceNotFoundException",
  405: "MethodNotAllowedException",
  408: "RequestTimeoutException",
  409: "ConflictStatusException",
  413: "PayloadTooLargeException",
  422: "BadRequestException",
  503: "ServiceUnavailableException",
};

const errorAnswer: ErrorWriter = (error, { params: { name, version } }) => {
  const { code, status, headers } = error;
  if (code === "SERVING_UNKNOWN_MODEL")
    return problem(404, { type: "ModelNotFoundException", message: withHint(`Model not found: ${name}`, error.hint) });
  if (code === "SERVING_UNKNOWN_VERSION") {
    const message = withHint(`Model version: ${version} does not exist for model: ${name}`, error.hint);
    return problem(404, { type: "ModelVersionNotFoundException", message });
  }
  const shown = code === "SERVING_DEADLINE" ? 408 : status;
  const type = types[shown] ?? (shown < 500 ? "BadRequestException" : "InternalServerException");
  return problem(shown, { type, message: errorText(error), headers });
};

/** The words that its clients know, and what might have been meant. */
function withHint(words: string, hint: string | undefined): string {
  return hint === undefined ? words : `${words}. ${hint}`;
}

interface Problem {
  type: string;
  message: string;
  headers?: Readonly<Record<string, string>>;
}

function problem(code: number, { type, message, headers }: Problem): HttpResponse {
  return json({ code, type, message }, { status: code, headers });
}

/** The model of an address, when the request may do this with it. */
export async function modelOf(
  request: HttpRequest,
  { name, version }: Params,
  options: ProtocolOptions & { action: ModelAction },
): Promise<ModelGlance> {
  const { models } = request.services;
  const model = models.glance(name);
  await tokenAuthorizerOf(request, options).authorize(request, options.action, model);
  if (version !== undefined) models.describeVersion(name, version);
  return model;
}

/** Whether every model can answer. */
export function ping(request: HttpRequest): HttpResponse {
  const healthy = serverReady(request.services.models);
  return json({ status: healthy ? "Healthy" : "Unhealthy" }, { status: healthy ? 200 : 500 });
}
