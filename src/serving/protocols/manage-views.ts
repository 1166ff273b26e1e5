import { type HttpRequest, HttpResponse, json } from "#http";
import { didYouMean } from "#kernel";
import { servingErrors } from "../errors.ts";
import type { AliasChange, AliasTarget, Canary, Shadow } from "../aliases/alias-target.ts";
import { describe } from "../tensors/read-json.ts";
import { allowedModel, authorizerOf, type ModelParams, type ProtocolOptions } from "./access.ts";
import type { MethodViews } from "./method-views.ts";

/** The most bytes of a body here: names and numbers. */
const BODY_LIMIT = 64 * 1024;

type AliasParams = ModelParams & { alias: string };

/** Aliases, and loading and unloading: what changes which version answers, and needs no database. */
export function manageViews(options: ProtocolOptions): Record<string, MethodViews> {
  return {
    "models/<str:name>/aliases/<str:alias>": {
      PUT: (request, params: AliasParams) => setAlias(request, params, options),
      DELETE: (request, params: AliasParams) => removeAlias(request, params, options),
    },
    "models/<str:name>/aliases/<str:alias>/rollback": {
      POST: (request, params: AliasParams) => rollBack(request, params, options),
    },
    "models/<str:name>/load": { POST: (request, params: ModelParams) => load(request, params, options) },
    "models/<str:name>/unload": { POST: (request, params: ModelParams) => unload(request, params, options) },
  };
}

function allowed(request: HttpRequest, name: string, options: ProtocolOptions) {
  return allowedModel(request, name, { ...options, action: "manage" });
}

async function setAlias(request: HttpRequest, { name, alias }: AliasParams, options: ProtocolOptions): Promise<HttpResponse> {
  await allowed(request, name, options);
  const change = await readChange(request);
  return json(aliasAnswer(alias, await request.services.models.setAlias(name, alias, change)));
}

async function removeAlias(request: HttpRequest, { name, alias }: AliasParams, options: ProtocolOptions): Promise<HttpResponse> {
  const { aliases } = await allowed(request, name, options);
  if (!Object.hasOwn(aliases, alias))
    throw servingErrors.SERVING_UNKNOWN_ALIAS({ model: name, given: alias, known: Object.keys(aliases) });
  await request.services.models.removeAlias(name, alias);
  return new HttpResponse(null, { status: 204 });
}

async function rollBack(request: HttpRequest, { name, alias }: AliasParams, options: ProtocolOptions): Promise<HttpResponse> {
  await allowed(request, name, options);
  await readMembers(request, []);
  return json(aliasAnswer(alias, await request.services.models.rollBack(name, alias)));
}

async function load(request: HttpRequest, { name }: ModelParams, options: ProtocolOptions): Promise<HttpResponse> {
  const version = await versionToChange(request, name, options);
  await request.services.models.load(name, { version });
  return json(statesOf(request, name));
}

async function unload(request: HttpRequest, { name }: ModelParams, options: ProtocolOptions): Promise<HttpResponse> {
  const version = await versionToChange(request, name, options);
  await request.services.models.unload(name, { version });
  return json(statesOf(request, name));
}

async function versionToChange(request: HttpRequest, name: string, options: ProtocolOptions): Promise<string | undefined> {
  // A model that is found only when it is loaded is not known yet: who may manage all models may load it.
  if (request.services.models.list().some((model) => model.name === name)) await allowed(request, name, options);
  else await authorizerOf(request, options).authorize(request, "manage");
  const { version } = await readMembers(request, ["version"]);
  return version === undefined ? undefined : textOf(version, "version");
}

function statesOf(request: HttpRequest, name: string): object {
  const { models } = request.services;
  const states = models.versions(name).map(({ version, state, error }) => ({ version, state, ...(error ? { error } : {}) }));
  return { name, served: models.describe(name).served, states };
}

function aliasAnswer(alias: string, target: AliasTarget): object {
  return { alias, ...target };
}

/** @throws SERVING_BAD_INPUT */
async function readChange(request: HttpRequest): Promise<AliasChange> {
  const { version, canary, shadow } = await readMembers(request, ["version", "canary", "shadow"]);
  if (version === undefined && canary === undefined && shadow === undefined)
    throw refuse("The body", "has none of version, canary and shadow", 'For example {"version": "3"}.');
  return {
    version: version === undefined ? undefined : textOf(version, "version"),
    canary: canary === undefined || canary === null ? undefined : readCanary(canary),
    shadow: shadow === undefined || shadow === null ? undefined : readShadow(shadow),
  };
}

function readCanary(given: unknown): Canary {
  const { version, percent, key, header } = members(given, ["version", "percent", "key", "header"], "canary");
  return {
    version: textOf(version, "canary.version"),
    percent: percent === undefined && header !== undefined ? 0 : numberOf(percent, "canary.percent"),
    ...(key === undefined ? {} : { key: textOf(key, "canary.key") }),
    ...(header === undefined ? {} : { header: textOf(header, "canary.header") }),
  };
}

function readShadow(given: unknown): Shadow {
  const { version, percent, tolerance } = members(given, ["version", "percent", "tolerance"], "shadow");
  return {
    version: textOf(version, "shadow.version"),
    ...(percent === undefined ? {} : { percent: numberOf(percent, "shadow.percent") }),
    ...(tolerance === undefined ? {} : { tolerance: numberOf(tolerance, "shadow.tolerance") }),
  };
}

/** The body's members; none where there is no body. */
async function readMembers(request: HttpRequest, known: readonly string[]): Promise<Record<string, unknown>> {
  if ((await request.body({ limit: BODY_LIMIT })).length === 0) return {};
  return members(await request.json({ limit: BODY_LIMIT }), known, "The body");
}

function members(given: unknown, known: readonly string[], where: string): Record<string, unknown> {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw refuse(where, `is ${describe(given)}, and must be an object`);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return given as Record<string, unknown>;
  const takes = known.length === 0 ? "it takes nothing" : `it takes ${known.join(", ")}`;
  throw refuse(where, `has "${unknown}"; ${takes}`, didYouMean(unknown, known));
}

function textOf(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  throw refuse(where, `is ${describe(value)}, and must be a text`);
}

function numberOf(value: unknown, where: string): number {
  if (typeof value === "number") return value;
  throw refuse(where, `is ${describe(value)}, and must be a number`);
}

function refuse(where: string, problem: string, hint?: string): Error {
  return servingErrors.SERVING_BAD_INPUT({ where, problem, hint });
}
