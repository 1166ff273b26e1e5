import { CortadoError } from "#kernel";
import { HttpError, type HttpRequest, HttpResponse, json } from "#http";
import { type ProtocolOptions, tokenAuthorizerOf, visibleModels } from "../access.ts";
import { bodyBytes } from "../body-bytes.ts";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { parseObject } from "../json-body.ts";
import { parameterObject } from "../../bodies/open-inference/infer-parameters.ts";
import { repositoryIndex } from "./repository-index.ts";
import type { Params } from "./tensor-model.ts";

/** `POST …/repository/index`: every version of the models that the request may see, loaded or not. */
export async function indexView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const { ready = false } = await optionalObject(request);
  if (typeof ready !== "boolean")
    throw servingErrors.SERVING_BAD_INPUT({ where: "ready", problem: `is ${describe(ready)}, and must be true or false` });
  const visible = await visibleModels(request, tokenAuthorizerOf(request, options));
  return json(await repositoryIndex(request.services.models, { visible, ready }));
}

/** `POST …/repository/models/{name}/load`. Files and settings come from the operator alone, never with the request. */
export async function loadView(request: HttpRequest, { name }: Params, options: ProtocolOptions): Promise<HttpResponse> {
  await tokenAuthorizerOf(request, options).authorize(request, "manage", known(request, name));
  const failed = (reason: string) => new HttpError(400, `failed to load '${name}', ${reason}`);
  const parameters = parameterObject((await optionalObject(request))["parameters"], "parameters");
  const refused = Object.keys(parameters).find((key) => key === "config" || key.startsWith("file:"));
  if (refused !== undefined)
    throw failed(`the parameter "${refused}" is not taken: a model's files and settings are its operator's`);
  try {
    await request.services.models.load(name);
  } catch (error) {
    if (error instanceof CortadoError && !(error instanceof HttpError)) throw failed(error.message);
    throw error;
  }
  return new HttpResponse(null);
}

/** `POST …/repository/models/{name}/unload`: fulfilled when what was in flight has been answered. */
export async function unloadView(request: HttpRequest, { name }: Params, options: ProtocolOptions): Promise<HttpResponse> {
  await tokenAuthorizerOf(request, options).authorize(request, "manage", known(request, name));
  parameterObject((await optionalObject(request))["parameters"], "parameters");
  if (known(request, name) === undefined) throw new HttpError(400, `failed to unload '${name}', there is no such model`);
  await request.services.models.unload(name);
  return new HttpResponse(null);
}

function known(request: HttpRequest, name: string) {
  return request.services.models.list().find((model) => model.name === name);
}

/** The body, which may be left out. */
async function optionalObject(request: HttpRequest): Promise<Record<string, unknown>> {
  const bytes = await bodyBytes(request);
  return bytes.byteLength === 0 ? {} : parseObject(request, bytes, undefined);
}
