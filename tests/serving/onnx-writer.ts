// Writes small ONNX models, protobuf by hand, so that the tests run real files through the real runtime.
type Bytes = Uint8Array;

const TYPES = { float: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9, float16: 10, double: 11, bfloat16: 16 } as const;
export type ElementType = keyof typeof TYPES;
export type Size = number | string;

function varint(value: number | bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? byte | 128 : byte);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function field(number: number, value: Bytes | string): Bytes {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.byteLength), bytes]);
}

const integer = (number: number, value: number | bigint): Bytes => Buffer.concat([varint(number << 3), varint(value)]);
const message = (...parts: Bytes[]): Bytes => Buffer.concat(parts);

export interface Value {
  name: string;
  type: ElementType;
  shape: readonly Size[];
  /** A list of maps from such keys to numbers instead, as ZipMap gives it. */
  mapFrom?: "int64" | "string";
}

function valueInfo({ name, type, shape, mapFrom }: Value): Bytes {
  if (mapFrom) {
    const map = message(integer(1, TYPES[mapFrom]), field(2, field(1, integer(1, TYPES.float))));
    return message(field(1, name), field(2, field(4, field(1, field(5, map)))));
  }
  const sizes = shape.map((size) => field(1, typeof size === "number" ? integer(1, size) : field(2, size)));
  return message(field(1, name), field(2, field(1, message(integer(1, TYPES[type]), field(2, message(...sizes))))));
}

/** A constant of floats. */
export interface Weights {
  name: string;
  shape: readonly number[];
  data: Float32Array | BigInt64Array;
  /** Written to be read from this file instead. */
  location?: string;
}

function weightsTensor({ name, shape, data, location }: Weights): Bytes {
  const type = data instanceof Float32Array ? TYPES.float : TYPES.int64;
  const head = [...shape.map((size) => integer(1, size)), integer(2, type), field(8, name)];
  if (location === undefined) return message(...head, field(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  const entry = (key: string, value: string) => field(13, message(field(1, key), field(2, value)));
  return message(
    ...head,
    entry("location", location),
    entry("offset", "0"),
    entry("length", String(data.byteLength)),
    integer(14, 1),
  );
}

export interface GraphNode {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Record<string, number | Bytes | readonly bigint[] | readonly string[]>;
  /** Where the operator is not one of the default ones. */
  domain?: string;
}

function attribute(name: string, value: number | Bytes | readonly bigint[] | readonly string[]): Bytes {
  if (Array.isArray(value)) {
    const isText = typeof value[0] === "string";
    const parts = value.map((each: bigint | string) => (typeof each === "string" ? field(9, each) : integer(8, each)));
    return message(field(1, name), ...parts, integer(20, isText ? 8 : 7));
  }
  if (typeof value === "number") return message(field(1, name), integer(3, value), integer(20, 2));
  return message(field(1, name), field(6, value as Bytes), integer(20, 5));
}

function nodeMessage({ op, inputs, outputs, attributes = {}, domain = "" }: GraphNode): Bytes {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, op),
    ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
    ...(domain === "" ? [] : [field(7, domain)]),
  );
}

export interface Graph {
  nodes: readonly GraphNode[];
  inputs: readonly Value[];
  outputs: readonly Value[];
  weights?: readonly Weights[];
}

/** A graph as a message, for attributes that hold one (`Loop`, `If`). */
export function graphMessage({ nodes, inputs, outputs, weights = [] }: Graph): Bytes {
  return message(
    ...nodes.map((node) => field(1, nodeMessage(node))),
    field(2, "graph"),
    ...weights.map((each) => field(5, weightsTensor(each))),
    ...inputs.map((value) => field(11, valueInfo(value))),
    ...outputs.map((value) => field(12, valueInfo(value))),
  );
}

/** An ONNX file of one graph. */
export function onnxModel(graph: Graph): Bytes {
  const operators = field(8, message(field(1, ""), integer(2, 17)));
  const learning = field(8, message(field(1, "ai.onnx.ml"), integer(2, 1)));
  return message(integer(1, 8), field(7, graphMessage(graph)), operators, learning);
}
