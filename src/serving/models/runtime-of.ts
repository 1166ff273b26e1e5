import { functionsRuntime } from "../backends/functions/functions-runtime.ts";
import { isolatedRuntime } from "../backends/isolated/isolated-runtime.ts";
import { onnx } from "../backends/onnx/onnx-runtime.ts";
import type { Runtime } from "../engines/runtime.ts";
import type { Handler } from "../handlers/handler.ts";

const onnxRuntime = onnx();

/** What runs a version: the runtime that its handler names, the handler's own functions, or what its files are for. */
export async function runtimeOf(handler: Handler | undefined, _directory: string): Promise<Runtime> {
  if (handler?.options.isolate !== undefined) return isolatedRuntime;
  if (handler?.options.runtime) return handler.options.runtime;
  return handler?.options.inference || handler?.options.stream ? functionsRuntime : onnxRuntime;
}
