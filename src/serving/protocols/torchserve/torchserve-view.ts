import { randomUUID } from "node:crypto";
import { CortadoError } from "#kernel";
import { byMethod, csrfExempt, HttpError, type HttpRequest, type HttpResponse, json, type View, wrapView } from "#http";
import type { ModelGlance } from "../../models/model-info.ts";
import { type ModelAction, type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { allReady } from "../health-urls.ts";
import { asHttpError } from "../http-status.ts";
import type { MethodViews } from "../method-views.ts";

/** The parameters of its addresses. */
export interface Params {
  name: string;
  version?: string;
}

/** A view whose errors have TorchServe's shape, which no cookie authenticates, and which names the request. */
export function torchServeView(views: MethodViews): View<any> {
  const byName = byMethod<any>(views);
  const answering: View<Params> = async (request, params) => {
    const response = await answerOf(byName, request, params);
    return response.setHeader("x-request-id", requestId(request));
  };
  return csrfExempt(wrapView(byName, answering));
}

async function answerOf(view: View<Params>, request: HttpRequest, params: Params): Promise<HttpResponse> {
  try {
    return (await view(request, params)) as HttpResponse;
  } catch (error) {
    return errorAnswer(request, error, params);
  }
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

function errorAnswer(request: HttpRequest, error: unknown, params: Params): HttpResponse {
  const code = (error as { code?: unknown }).code;
  if (code === "SERVING_UNKNOWN_MODEL") return problem(404, "ModelNotFoundException", `Model not found: ${params.name}`);
  if (code === "SERVING_UNKNOWN_VERSION") {
    const message = `Model version: ${params.version} does not exist for model: ${params.name}`;
    return problem(404, "ModelVersionNotFoundException", message);
  }
  const known = asHttpError(error, request.services.models, params.name);
  if (!(known instanceof HttpError)) {
    request.log.error({ err: error }, "The request failed.");
    const shown = request.services.settings.debug && error instanceof CortadoError;
    return problem(500, "InternalServerException", shown ? error.message : "Something went wrong in the server.");
  }
  const status = code === "SERVING_DEADLINE" ? 408 : known.status;
  const message = [known.message, known.hint].filter(Boolean).join(" ");
  return problem(status, types[status] ?? "InternalServerException", message, known.headers);
}

function problem(
  code: number,
  type: string,
  ...[message, headers]: [message: string, headers?: Readonly<Record<string, string>>]
): HttpResponse {
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
  const healthy = allReady(request);
  return json({ status: healthy ? "Healthy" : "Unhealthy" }, { status: healthy ? 200 : 500 });
}
