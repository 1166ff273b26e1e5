// Runs in a model host: a handler's whole code, and its model, in a process of their own.
import { join } from "node:path";
import { ItemEngine } from "../../engines/item-engine.ts";
import type { Engine } from "../../engines/engine.ts";
import { Statistics } from "../../engines/statistics.ts";
import { TensorEngine } from "../../engines/tensor-engine.ts";
import { servingErrors } from "../../errors.ts";
import type { Handler } from "../../handlers/handler.ts";
import type { HostPool } from "../../hosts/host-pool.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import { functionsRuntime } from "../functions/functions-runtime.ts";
import { sessionSettings } from "../onnx/onnx-options.ts";
import { openOnnxSession } from "../onnx/session.ts";
import type { HostSession } from "../sessions.ts";
import type { IsolatedSettings } from "./isolated-settings.ts";
import { asProblem, type IsolatedAnswer, type IsolatedQuestion, packValue, unpackValue } from "./item-frame.ts";

/** Imports the handler's module and holds the handler ready. */
export async function openIsolatedSession(settings: IsolatedSettings): Promise<HostSession> {
  const handler = await importHandler(settings);
  const engine = settings.inspection ? await modelEngine(handler, settings) : await functionsEngine(handler, settings);
  return {
    run: async (inputs) => packValue(await answer(engine, unpackValue(inputs) as IsolatedQuestion)),
    release: async () => engine.close(),
  };
}

async function importHandler({ module, name }: IsolatedSettings): Promise<Handler> {
  const exported = (await import(module)) as Record<string, Partial<Handler> | undefined>;
  const handler = Object.values(exported).find((value) => value?.kind === "handler" && value.name === name);
  if (handler) return handler as Handler;
  throw servingErrors.SERVING_NOT_ISOLATED({ name, module: module.split("/").at(-1)! });
}

/** Each item by itself, all at once: the engine runs together what can be. */
async function answer(engine: Engine, { items, requestId }: IsolatedQuestion): Promise<IsolatedAnswer> {
  try {
    const answers = await Promise.all(items.map((item) => engine.answer([item], { requestId })));
    return { results: answers.map(([first]) => first!.result) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) console.error(`The request ${requestId ?? "of several"} failed:`, error);
    return { problem: asProblem(error) };
  }
}

async function functionsEngine(handler: Handler, settings: IsolatedSettings): Promise<Engine> {
  const { name: model, version, directory, root, manifest, limits } = settings;
  const place = { model, version, directory, root, manifest, handler, limits, log: console.log };
  // Functions use neither hosts nor a warm-up of tensors.
  const runner = await functionsRuntime.load(
    { ...place, pool: undefined as unknown as HostPool, warmUp: async () => [] },
    undefined,
  );
  if (runner.takes !== "items") throw new TypeError("Functions answer items.");
  return new ItemEngine({ handler, limits, runner, statistics: new Statistics() });
}

async function modelEngine(handler: Handler, settings: IsolatedSettings): Promise<Engine> {
  const { name: model, version, directory, manifest, limits } = settings;
  const { signature, batches } = settings.inspection!;
  const session = await openOnnxSession(join(directory, MODEL_FILE), sessionSettings({}));
  const run = async (inputs: Tensors) => {
    const started = performance.now();
    return { result: await session.run(inputs), milliseconds: performance.now() - started };
  };
  const runner = { takes: "tensors", signature, batches, slots: 1, run, close: () => session.release() } as const;
  return new TensorEngine({
    handler,
    limits,
    context: { model, version, directory, manifest, signature },
    runner,
    statistics: new Statistics(),
  });
}
