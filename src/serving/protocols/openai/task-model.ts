import { didYouMean } from "#kernel";
import { HttpError, type HttpRequest } from "#http";
import { servingErrors } from "../../errors.ts";
import type { PredictOptions } from "../../handlers/handler.ts";
import type { Task } from "../../engines/task.ts";
import type { ModelInfo } from "../../models/model-info.ts";
import { describe } from "../../tensors/read-json.ts";
import { type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { askOf } from "../ask-of.ts";

/** A model that a request names, and the version that it wants. */
export interface AskedModel {
  /** As the request wrote it. */
  asked: string;
  name: string;
  options: PredictOptions;
}

/**
 * The model of a request: `name`, or `name@version` or `name@alias`. It has to do the task, and the request to be allowed.
 * @throws SERVING_BAD_INPUT, HttpError 401, 403, 404
 */
export async function taskModel(
  request: HttpRequest,
  { asked, task }: { asked: unknown; task: Task },
  options: ProtocolOptions,
): Promise<AskedModel> {
  if (typeof asked !== "string")
    throw servingErrors.SERVING_BAD_INPUT({ where: "model", problem: `is ${describe(asked)}, and must be a model's name` });
  const [name, ...rest] = asked.split("@") as [string, ...string[]];
  const wanted = rest.length > 0 ? rest.join("@") : undefined;
  const models = request.services.models.list();
  const model = models.find((each) => each.name === name);
  if (model === undefined || !mayDo(model, task)) throw unknownModel(asked, models, task);
  await tokenAuthorizerOf(request, options).authorize(request, "predict", model);
  const address = /^\d+$/.test(wanted ?? "") ? { version: wanted } : { alias: wanted };
  const ask = askOf(request, address);
  if (model.tasks === undefined && !(await tasksOnceLoaded(request, name, ask)).includes(task))
    throw unknownModel(asked, models, task);
  return { asked, name, options: ask };
}

/** True for a model that does a task, or of which only loading it tells. */
export function mayDo({ tasks, handler, signature }: ModelInfo, task: Task): boolean {
  if (tasks !== undefined) return tasks.includes(task);
  return signature === undefined && (handler === undefined || handler.options.runtime !== undefined);
}

async function tasksOnceLoaded({ services }: HttpRequest, name: string, ask: PredictOptions): Promise<readonly Task[]> {
  await services.models.signature(name, ask);
  return services.models.describe(name).tasks ?? [];
}

/** Names of other models are told only where everyone may know them. */
function unknownModel(asked: string, models: readonly ModelInfo[], task: Task): HttpError {
  const open = models.filter((model) => model.tasks?.includes(task) && model.access === "public").map(({ name }) => name);
  const hint = didYouMean(asked, open);
  return new HttpError(404, `There is no model "${asked}" for ${task}.`, { code: "model_not_found", ...(hint && { hint }) });
}
