import { splitTensors, stackTensors } from "../../tensors/stack.ts";
import type { Tensors } from "../../tensors/tensor.ts";

/** Runs rows in as many parts as the engine's largest batch asks for, one after the other. */
export async function runInParts(
  inputs: Tensors,
  mostRows: number | undefined,
  run: (part: Tensors) => Promise<Tensors>,
): Promise<Tensors> {
  const rows = Object.values(inputs)[0]?.shape[0] ?? 1;
  if (mostRows === undefined || rows <= mostRows) return run(inputs);
  const sizes = Array.from({ length: Math.ceil(rows / mostRows) }, (_, i) => Math.min(mostRows, rows - i * mostRows));
  const results: Tensors[] = [];
  for (const part of splitTensors(inputs, sizes)) results.push(await run(part));
  return stackTensors(results);
}
