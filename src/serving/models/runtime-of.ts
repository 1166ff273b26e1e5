import { access } from "node:fs/promises";
import { join } from "node:path";
import { functionsRuntime } from "../backends/functions/functions-runtime.ts";
import { isolatedRuntime } from "../backends/isolated/isolated-runtime.ts";
import { tensorFlowJs } from "../backends/tensorflow-js/tensorflow-js-runtime.ts";
import type { Runtime } from "../engines/runtime.ts";
import type { Handler } from "../handlers/handler.ts";
import { MODEL_FILE, TENSORFLOW_JS_FILE } from "../repositories/version-folders.ts";

const tensorFlowJsRuntime = tensorFlowJs();

/** What runs a version: the runtime that its handler names, the handler's own functions, or what its files are for: `forOnnx` for `model.onnx`. */
export async function runtimeOf(handler: Handler | undefined, directory: string, forOnnx: Runtime): Promise<Runtime> {
  if (handler?.options.isolate !== undefined) return isolatedRuntime;
  if (handler?.options.runtime) return handler.options.runtime;
  if (handler?.options.inference || handler?.options.stream) return functionsRuntime;
  const isThere = (name: string) => access(join(directory, name)).then(() => true, () => false); // oxfmt-ignore
  return !(await isThere(MODEL_FILE)) && (await isThere(TENSORFLOW_JS_FILE)) ? tensorFlowJsRuntime : forOnnx;
}
