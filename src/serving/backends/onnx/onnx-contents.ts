import { externalLocations } from "./external-data.ts";
import { readFields, readIntegers } from "./protobuf.ts";

/** What an ONNX file says of itself, read without running it. */
export interface OnnxContents {
  /** The version of the file's own form. */
  irVersion: number;
  /** The program that wrote it. */
  producer: string;
  /** The sets of operators that it asks for: `{ "ai.onnx": 17 }`. */
  opsets: Record<string, number>;
  /** How often each operator is used, the commonest first; those of other sets by `domain:name`. */
  operators: Record<string, number>;
  /** How many numbers it has learned. */
  parameters: number;
  /** How many of them are of each type. */
  types: Record<string, number>;
  /** The files beside it that hold its weights. */
  external: string[];
}

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

/** Reads a file. @throws where it is not an ONNX model */
export function onnxContents(file: Buffer): OnnxContents {
  const contents = {
    irVersion: 0,
    producer: "",
    opsets: {},
    operators: {},
    parameters: 0,
    types: {},
    external: [],
  } as OnnxContents;
  for (const { number, value, integer } of readFields(file)) {
    if (number === MODEL.ir) contents.irVersion = Number(integer ?? 0);
    else if (number === MODEL.producer) contents.producer = value?.toString() ?? "";
    else if (number === MODEL.opset && value) readOpset(value, contents);
    else if (number === MODEL.graph && value) readGraph(value, contents);
  }
  contents.external = externalLocations(file);
  const byCount = Object.entries(contents.operators).sort(([, a], [, b]) => b - a);
  return { ...contents, operators: Object.fromEntries(byCount) };
}

function readOpset(message: Buffer, { opsets }: OnnxContents): void {
  let [domain, version] = ["", 0];
  for (const { number, value, integer } of readFields(message)) {
    if (number === 1) domain = value?.toString() ?? "";
    if (number === 2) version = Number(integer ?? 0);
  }
  opsets[domain || DEFAULT_DOMAIN] = version;
}

function readGraph(message: Buffer, contents: OnnxContents): void {
  for (const { number, value } of readFields(message)) {
    if (number === GRAPH.node && value) readNode(value, contents);
    if (number === GRAPH.weights && value) readWeights(value, contents);
  }
}

function readNode(message: Buffer, contents: OnnxContents): void {
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

function readWeights(message: Buffer, contents: OnnxContents): void {
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
