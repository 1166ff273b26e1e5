import { llama } from "../backends/llama/llama-runtime.ts";
import { functionsRuntime } from "../backends/functions/functions-runtime.ts";
import { isolatedRuntime } from "../backends/isolated/isolated-runtime.ts";
import { tensorFlowJs } from "../backends/tensorflow-js/tensorflow-js-runtime.ts";
import type { Runtime } from "../engines/runtime.ts";
import type { Handler } from "../handlers/handler.ts";
import { isGgufFile, MODEL_FILE, readNames, TENSORFLOW_JS_FILE } from "../repositories/version-folders.ts";

const tensorFlowJsRuntime = tensorFlowJs();
const llamaRuntime = llama();

/** What runs a version: what its handler says, else what its files are for: `forOnnx` for `model.onnx`. */
export async function runtimeOf(handler: Handler | undefined, directory: string, forOnnx: Runtime): Promise<Runtime> {
  const ofHandler = runtimeOfHandler(handler);
  if (ofHandler) return ofHandler;
  const names = await readNames(directory);
  if (names.includes(MODEL_FILE)) return forOnnx;
  if (names.includes(TENSORFLOW_JS_FILE)) return tensorFlowJsRuntime;
  return names.some((name) => isGgufFile(name)) ? llamaRuntime : forOnnx;
}

/** The runtime that a handler names, or its own functions; undefined where it leaves that to the files. */
export function runtimeOfHandler(handler: Handler | undefined): Runtime | undefined {
  const { isolate, runtime, inference, stream } = handler?.options ?? {};
  if (isolate !== undefined) return isolatedRuntime;
  return runtime ?? (inference || stream ? functionsRuntime : undefined);
}
