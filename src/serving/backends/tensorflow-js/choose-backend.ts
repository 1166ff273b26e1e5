import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { servingErrors } from "../../errors.ts";
import type { TensorFlowJsBackend } from "./tensorflow-js-options.ts";

/** What computes a model: what is said, else WebAssembly, which texts are no matter of. @throws SERVING_BAD_ARTIFACT */
export function chooseBackend(file: string, said: TensorFlowJsBackend | undefined): TensorFlowJsBackend {
  if (said === "cpu" || !hasTexts(file)) return said ?? "wasm";
  if (said === undefined) return "cpu";
  const problem = 'takes or gives texts, which the backend "wasm" does not compute with';
  const hint = 'Leave the backend out, or say tensorFlowJs({ backend: "cpu" }).';
  throw servingErrors.SERVING_BAD_ARTIFACT({ file: basename(file), problem, hint });
}

/** True for a model whose signature, or what it begins with, names texts. What is no model is told of when it is opened. */
function hasTexts(file: string): boolean {
  const read = jsonOf(file);
  const topology = read?.["modelTopology"];
  const nodes = [topology?.["node"] ?? []].flat() as { op?: unknown; attr?: unknown }[];
  const layers = [(topology?.["model_config"] ?? topology)?.["config"]?.["layers"] ?? []].flat() as { class_name?: unknown }[];
  const begins = [
    ...nodes.filter(({ op }) => op === "Placeholder"),
    ...layers.filter((layer) => layer.class_name === "InputLayer"),
  ];
  const said = [read?.["signature"], read?.["userDefinedMetadata"]?.["signature"], ...begins];
  return /"(?:DT_STRING|string)"/.test(JSON.stringify(said));
}

function jsonOf(file: string): any {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
