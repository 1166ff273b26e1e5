import { isUtf8 } from "node:buffer";
import { lstatSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { readFields } from "./protobuf.ts";

/**
 * How it works: an ONNX file may name other files that hold its weights. Reading such a name could read any file of
 * the machine, so every name is found first, by walking the file's protobuf messages, and only plain files beside the
 * model are allowed: no folders, no links, and no file with a second name elsewhere (the runtime would follow that).
 */
type MessageName = "Model" | "Graph" | "Node" | "Attribute" | "Function" | "Training" | "SparseTensor" | "Tensor" | "Entry";

/** Which fields of a message hold messages that may lead to a tensor. Numbers from onnx.proto. */
const nested: Record<MessageName, Record<number, MessageName>> = {
  Model: { 7: "Graph", 20: "Training", 25: "Function" },
  Graph: { 1: "Node", 5: "Tensor", 15: "SparseTensor" },
  Node: { 5: "Attribute" },
  Attribute: { 5: "Tensor", 6: "Graph", 10: "Tensor", 11: "Graph", 22: "SparseTensor", 23: "SparseTensor" },
  Function: { 7: "Node", 11: "Attribute" },
  Training: { 1: "Graph", 2: "Graph" },
  SparseTensor: { 1: "Tensor", 2: "Tensor" },
  Tensor: { 13: "Entry" },
  Entry: {},
};

/** The most messages in one another that readers of protobuf take. */
const MOST_LEVELS = 100;
const KEY = 1;
const VALUE = 2;

/** The locations that an ONNX file names. @throws when the file is not a protobuf message. */
export function externalLocations(file: Buffer): string[] {
  const found = new Set<string>();
  const walk = (bytes: Buffer, message: MessageName, depth: number): void => {
    if (depth > MOST_LEVELS) throw new Error("The file is nested more deeply than an ONNX model may be.");
    const entry: Record<number, string> = {};
    for (const { number, value } of readFields(bytes)) {
      if (value === undefined) continue;
      const inner = nested[message][number];
      if (inner !== undefined) walk(value, inner, depth + 1);
      else if (message === "Entry") entry[number] = isUtf8(value) ? value.toString() : "";
    }
    if (message === "Entry" && entry[KEY] === "location") found.add(entry[VALUE] ?? "");
  };
  walk(file, "Model", 0);
  return [...found];
}

/** Refuses a model that names files which are not plain files of its own folder. @throws SERVING_BAD_ARTIFACT */
export function checkExternalData(path: string): void {
  const file = basename(path);
  const bytes = readFileSync(path);
  if (bytes.byteLength === 0) throw servingErrors.SERVING_BAD_ARTIFACT({ file, problem: "is empty" });
  for (const location of externalLocations(bytes)) {
    const problem = locationProblem(dirname(path), location);
    if (problem) {
      const hint = "Weights lie beside the model, as ordinary files.";
      throw servingErrors.SERVING_BAD_ARTIFACT({ file, problem: `reads its weights from "${location}", which ${problem}`, hint });
    }
  }
}

function locationProblem(directory: string, location: string): string | undefined {
  if (location === "" || location === "." || location === ".." || /[/\\\0]/.test(location)) return "is not a plain file name";
  const stats = lstatSync(join(directory, location), { throwIfNoEntry: false });
  if (stats === undefined) return "is not there";
  if (!stats.isFile()) return "is not an ordinary file";
  return stats.nlink === 1 ? undefined : "has a second name elsewhere (a hard link)";
}
