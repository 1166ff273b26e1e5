import { importOptional } from "#kernel";
import type * as OnnxRuntime from "onnxruntime-node";

/** Loads onnxruntime-node. Only model hosts do: its runs block their thread. What goes wrong in it is thrown, and not printed besides. */
export async function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  const runtime = await importOptional("onnxruntime-node", "Running ONNX models", () => import("onnxruntime-node"));
  runtime.env.logLevel = "fatal";
  return runtime;
}

/** Makes sure, without loading it, that onnxruntime-node is there. @throws KERNEL_MISSING_PACKAGE */
export async function requireOnnxRuntime(): Promise<void> {
  await importOptional("onnxruntime-node", "Running ONNX models", async () => import.meta.resolve("onnxruntime-node"));
}
