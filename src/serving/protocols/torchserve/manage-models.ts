import { HttpError, type HttpRequest, type HttpResponse, json } from "#http";
import { type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { modelOf, type Params } from "./torchserve-view.ts";

/**
 * `POST /models?url=NAME`: loads a model that the server's repositories have. Nothing is fetched from an address that a
 * caller gives: where models come from is the operator's to say.
 */
export async function registerModel(request: HttpRequest, _params: unknown, options: ProtocolOptions): Promise<HttpResponse> {
  await tokenAuthorizerOf(request, options).authorize(request, "manage");
  const { models } = request.services;
  const url = request.query.get("url");
  if (!url) throw new HttpError(400, "Parameter url is required.");
  const name = request.query.get("model_name") ?? url;
  const known = await models.index();
  if (url !== name || !known.some((entry) => entry.name === url)) {
    const hint = "Models come from the server's own repositories; name one of them as url.";
    throw new HttpError(400, `Given URL ${url} does not match any allowed URL(s).`, { hint });
  }
  await models.load(name);
  const { version } = await models.signature(name);
  const { instances } = models.describe(name).limits;
  return json({ status: `Model "${name}" Version: ${version} registered with ${instances} initial workers` });
}

/** `PUT /models/{name}[/{version}]?min_worker=…`: how many instances run is the handler's and the operator's to say, so this only loads them. */
export async function scaleWorkers(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const model = await modelOf(request, params, { ...options, action: "manage" });
  const { instances } = model.limits;
  for (const name of ["min_worker", "max_worker"]) {
    const given = request.query.get(name);
    if (given === undefined || Number(given) === instances) continue;
    const hint = "Set the handler's instances, or the server's: cortado serve --instances N.";
    throw new HttpError(400, `The model "${model.name}" runs with ${instances} workers, and ${name} is ${given}.`, { hint });
  }
  await request.services.models.signature(model.name, { version: params.version });
  return json({ status: `Workers scaled to ${instances} for model: ${model.name}` });
}

/** `PUT /models/{name}/{version}/set-default`: points the alias `default` at the version, once it is ready. */
export async function makeDefault(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { name } = await modelOf(request, params, { ...options, action: "manage" });
  const version = params.version!;
  await request.services.models.setAlias(name, "default", { version: version });
  return json({ status: `Default version successfully updated for model "${name}" to "${version}"` });
}

/** `DELETE /models/{name}[/{version}]`: lets a model go, where the server loads and unloads on request. */
export async function unregisterModel(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { name } = await modelOf(request, params, { ...options, action: "manage" });
  await request.services.models.unload(name, { version: params.version });
  return json({ status: `Model "${name}" unregistered` });
}
