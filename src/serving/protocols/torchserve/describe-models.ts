import { HttpError, type HttpRequest, type HttpResponse, json } from "#http";
import { queueSettings } from "../../engines/queue-settings.ts";
import type { ModelInfo, VersionInfo } from "../../models/model-info.ts";
import { type ProtocolOptions, tokenAuthorizerOf, visibleModels } from "../access.ts";
import { modelOf, type Params } from "./torchserve-view.ts";

/** How many models a page of the list has, and at most. */
const PAGE = 100;

/** `GET /models?limit=100&next_page_token=…`: the names of the models that the request may see. */
export async function listModels(request: HttpRequest, _params: unknown, options: ProtocolOptions): Promise<HttpResponse> {
  const limit = Math.min(wholeNumber(request, "limit", PAGE), PAGE) || PAGE;
  const from = wholeNumber(request, "next_page_token", 0);
  const models = await visibleModels(request, tokenAuthorizerOf(request, options));
  const page = models.slice(from, from + limit).map(({ name }) => ({ modelName: name, modelUrl: name }));
  const next = from + limit < models.length ? { nextPageToken: String(from + limit) } : {};
  return json({ ...next, models: page });
}

function wholeNumber(request: HttpRequest, name: string, otherwise: number): number {
  const given = request.query.get(name);
  if (given === undefined) return otherwise;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new HttpError(400, `${name} is "${given}", and must be a whole number from 0.`);
}

/** `GET /models/{name}[/{version} or /all]`: its versions as TorchServe describes them, the default one where none is named. */
export async function describeModel(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const all = params.version === "all";
  const { name } = await modelOf(request, all ? { name: params.name } : params, { ...options, action: "list" });
  const model = request.services.models.describe(name);
  const versions = request.services.models.versions(model.name);
  const wanted = params.version ?? model.aliases["default"] ?? model.versions[0];
  return json(versions.filter(({ version }) => all || version === wanted).map((version) => describe(model, version)));
}

/** A version with the names that TorchServe has. How it batches is what is in force, and before it is loaded what is wished for. */
function describe({ name, handler, limits }: ModelInfo, info: VersionInfo): object {
  const { instances } = limits;
  const { batching, waiting = 0, version, runtime = "onnx" } = info;
  const { maxSize, maxDelay, queueSize } = queueSettings(limits, handler?.options.batch !== false);
  return {
    modelName: name,
    modelVersion: version,
    modelUrl: name,
    engine: runtime,
    runtime: "cortado",
    minWorkers: instances,
    maxWorkers: instances,
    batchSize: batching?.maxSize ?? maxSize,
    maxBatchDelay: batching?.maxDelay ?? maxDelay,
    workers: workersOf(info, instances),
    jobQueueStatus: { remainingCapacity: Math.max(0, queueSize - waiting), pendingRequests: waiting },
  };
}

/** The loaded copies of a version, each with its part of the memory. One that is being let go finishes what it has. */
function workersOf({ state, memory = 0, loadedAt }: VersionInfo, instances: number): object[] {
  if (state !== "ready" && state !== "unloading") return [];
  return Array.from({ length: instances }, (_, i) => ({
    id: String(9000 + i),
    startTime: loadedAt ?? null,
    status: state === "ready" ? "READY" : "UNLOADING",
    memoryUsage: Math.round(memory / instances),
    gpu: false,
  }));
}
