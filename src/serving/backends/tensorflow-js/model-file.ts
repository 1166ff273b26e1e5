import { lstatSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { servingErrors } from "../../errors.ts";

/** The content of a `model.json`, with its weights. */
export interface ModelArtifacts {
  format?: unknown;
  modelTopology: Record<string, unknown>;
  /** A graph that is run once, before the first run. */
  modelInitializer?: unknown;
  weightSpecs: object[];
  weightData: ArrayBuffer;
}

interface WeightsGroup {
  paths: string[];
  weights: object[];
}

/** Reads a model and its weights, which are plain files beside it. @throws SERVING_BAD_ARTIFACT */
export function readModelFile(path: string): ModelArtifacts {
  const refused = (problem: string) => servingErrors.SERVING_BAD_ARTIFACT({ file: basename(path), problem });
  const read = readJson(path) as { modelTopology?: unknown; weightsManifest?: unknown } | null;
  if (typeof read?.modelTopology !== "object" || read.modelTopology === null) throw refused("is not a TensorFlow.js model");
  const groups = read.weightsManifest ?? [];
  if (!Array.isArray(groups) || !groups.every((group) => isGroup(group))) throw refused("does not say where its weights are");
  const files = groups.flatMap((group) => group.paths);
  const problem = files.map((name) => fileProblem(dirname(path), name)).find((found) => found !== undefined);
  if (problem) throw refused(problem);
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(dirname(path), name))));
  return {
    ...read,
    modelTopology: read.modelTopology as Record<string, unknown>,
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: new Uint8Array(bytes).buffer,
  };
}

/** True for what Keras wrote; a graph is what TensorFlow ran. */
export function isLayersModel({ format, modelTopology }: ModelArtifacts): boolean {
  return format === "layers-model" || "model_config" in modelTopology || "class_name" in modelTopology;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

function isGroup(group: unknown): group is WeightsGroup {
  const { paths, weights } = (group ?? {}) as Partial<WeightsGroup>;
  return Array.isArray(paths) && paths.every((name) => typeof name === "string") && Array.isArray(weights);
}

/** Names that lead elsewhere could read any file of the machine. */
function fileProblem(folder: string, name: string): string | undefined {
  if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name))
    return `reads its weights from "${name}", which is not a plain file name`;
  const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
  if (stats === undefined) return `reads its weights from "${name}", which is not there`;
  return stats.isFile() && stats.nlink === 1 ? undefined : `reads its weights from "${name}", which is not an ordinary file`;
}
