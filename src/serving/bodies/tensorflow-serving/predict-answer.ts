import { servingErrors } from "../../errors.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import { type JsonText, tensorJson } from "./write-json.ts";

/** The answer of `:predict`: `predictions` row by row, or `outputs` in columns; the values alone where there is one output. */
export function predictAnswer(outputs: Tensors, signature: Signature, rows: number | undefined): object {
  const names = signature.outputs.map((spec) => spec.name);
  if (rows === undefined) return { outputs: columnsOf(outputs, names) };
  const [first = ""] = names;
  const count = outputs[first]?.shape[0];
  for (const name of names) {
    const [size] = outputs[name]!.shape;
    if (size === count && size !== undefined) continue;
    const problem = `has ${size ?? "no"} rows where "${first}" has ${count ?? "none"}, so it cannot be written row by row`;
    throw servingErrors.SERVING_BAD_INPUT({ where: `The output "${name}"`, problem, hint: 'Ask in columns: {"inputs": …}.' });
  }
  return { predictions: Array.from({ length: count! }, (_, row) => rowOf(outputs, names, row)) };
}

function columnsOf(outputs: Tensors, names: readonly string[]): JsonText | Record<string, JsonText> {
  const [first = ""] = names;
  if (names.length === 1) return tensorJson(outputs[first]!, { name: first });
  return Object.fromEntries(names.map((name) => [name, tensorJson(outputs[name]!, { name })]));
}

function rowOf(outputs: Tensors, names: readonly string[], row: number): JsonText | Record<string, JsonText> {
  const [first = ""] = names;
  if (names.length === 1) return tensorJson(outputs[first]!, { name: first, row });
  return Object.fromEntries(names.map((name) => [name, tensorJson(outputs[name]!, { name, row })]));
}
