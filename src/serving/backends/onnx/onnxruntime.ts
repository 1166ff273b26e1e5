import { importOptional } from "#kernel";
import type * as OnnxRuntime from "onnxruntime-node";

/** Loads onnxruntime-node. Only model hosts do: its runs block their thread. */
export function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  return importOptional("onnxruntime-node", "Running ONNX models", () => import("onnxruntime-node"));
}

/** Makes sure, without loading it, that onnxruntime-node is there. @throws KERNEL_MISSING_PACKAGE */
export async function requireOnnxRuntime(): Promise<void> {
  await importOptional("onnxruntime-node", "Running ONNX models", async () => import.meta.resolve("onnxruntime-node"));
}
