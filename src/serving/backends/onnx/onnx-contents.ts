import type { FileContents } from "../../engines/examination.ts";
import { externalLocations } from "./external-data.ts";
import { readFields, readIntegers } from "./protobuf.ts";

/** Numbers of fields, from onnx.proto. */
const MODEL = { ir: 1, producer: 2, graph: 7, opset: 8 };
const GRAPH = { node: 1, weights: 5 };
const NODE = { operator: 4, attribute: 5, domain: 7 };
const ATTRIBUTE = { graph: 6, graphs: 11 };
const TENSOR = { sizes: 1, type: 2 };
/** The types of weights by their numbers there. */
const types =
  "? FP32 UINT8 INT8 UINT16 INT16 INT32 INT64 BYTES BOOL FP16 FP64 UINT32 UINT64 C64 C128 BF16 FP8 FP8 FP8 FP8 UINT4 INT4".split(
    " ",
  );
const DEFAULT_DOMAIN = "ai.onnx";

/** What an ONNX file says of itself; its operators of other sets than the usual one are called `domain:name`. @throws where it is not an ONNX model */
export function onnxContents(file: Buffer): FileContents {
  const contents = {
    producer: "",
    forms: {},
    operators: {},
    parameters: 0,
    types: {},
    external: [],
  } as FileContents;
  for (const { number, value, integer } of readFields(file)) {
    if (number === MODEL.ir) contents.forms["IR version"] = Number(integer ?? 0);
    else if (number === MODEL.producer) contents.producer = value?.toString() ?? "";
    else if (number === MODEL.opset && value) readOpset(value, contents);
    else if (number === MODEL.graph && value) readGraph(value, contents);
  }
  contents.external = externalLocations(file);
  const byCount = Object.entries(contents.operators).sort(([, a], [, b]) => b - a);
  return { ...contents, operators: Object.fromEntries(byCount) };
}

function readOpset(message: Buffer, { forms }: FileContents): void {
  let [domain, version] = ["", 0];
  for (const { number, value, integer } of readFields(message)) {
    if (number === 1) domain = value?.toString() ?? "";
    if (number === 2) version = Number(integer ?? 0);
  }
  forms[domain || DEFAULT_DOMAIN] = version;
}

function readGraph(message: Buffer, contents: FileContents): void {
  for (const { number, value } of readFields(message)) {
    if (number === GRAPH.node && value) readNode(value, contents);
    if (number === GRAPH.weights && value) readWeights(value, contents);
  }
}

function readNode(message: Buffer, contents: FileContents): void {
  let [operator, domain] = ["", ""];
  for (const { number, value } of readFields(message)) {
    if (number === NODE.operator) operator = value?.toString() ?? "";
    else if (number === NODE.domain) domain = value?.toString() ?? "";
    else if (number === NODE.attribute && value)
      for (const inner of readFields(value))
        if ((inner.number === ATTRIBUTE.graph || inner.number === ATTRIBUTE.graphs) && inner.value)
          readGraph(inner.value, contents);
  }
  const name = domain === "" || domain === DEFAULT_DOMAIN ? operator : `${domain}:${operator}`;
  contents.operators[name] = (contents.operators[name] ?? 0) + 1;
}

function readWeights(message: Buffer, contents: FileContents): void {
  let [count, type] = [1, 0];
  for (const { number, value, integer } of readFields(message)) {
    if (number === TENSOR.type) type = Number(integer ?? 0);
    // Sizes come one a field, or all in one field.
    if (number === TENSOR.sizes) for (const size of value ? readIntegers(value) : [integer ?? 1n]) count *= Number(size);
  }
  const name = types[type] ?? "?";
  contents.parameters += count;
  contents.types[name] = (contents.types[name] ?? 0) + count;
}
