import { Tensor, tensor, type DatatypeName } from "cortado/serving";
import { readFields, readIntegers } from "../src/serving/backends/onnx/protobuf.ts";

/** The element types of ONNX, by their numbers; those that Cortado sends. */
const types: Record<number, DatatypeName> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
};

/** The fields of a TensorProto. */
const [DIMS, TYPE, FLOATS, INTEGERS, TEXTS, LONGS, RAW, DOUBLES, UNSIGNED] = [1, 2, 4, 5, 6, 7, 9, 10, 11];

/** A tensor as an ONNX file holds it. @throws for what is none, and for types that Cortado does not send */
export function readTensor(file: Buffer): Tensor {
  const shape: number[] = [];
  const texts: string[] = [];
  const numbers: (number | bigint)[] = [];
  let raw: Buffer | undefined;
  let type = 0;
  for (const { number, value, integer } of readFields(file)) {
    if (number === DIMS) shape.push(...(value ? readIntegers(value) : [integer!]).map(Number));
    else if (number === TYPE) type = Number(integer);
    else if (number === TEXTS) texts.push(value!.toString());
    else if (number === RAW) raw = value;
    else if (number === FLOATS) for (let i = 0; i < value!.length; i += 4) numbers.push(value!.readFloatLE(i));
    else if (number === DOUBLES) for (let i = 0; i < value!.length; i += 8) numbers.push(value!.readDoubleLE(i));
    else if ([INTEGERS, LONGS, UNSIGNED].includes(number!)) numbers.push(...(value ? readIntegers(value) : [integer!]));
  }
  const name = types[type];
  if (name === undefined) throw new Error(`The elements are of ONNX's type ${type}, or it is no tensor.`);
  if (name === "string") return tensor(name, texts, shape);
  const count = shape.reduce((a, b) => a * b, 1);
  // Elements of 16 bits that stand among the integers are bits.
  if (raw === undefined && name !== "float16") return tensor(name, numbers, shape);
  const bytes = raw ?? Buffer.from(Uint16Array.from(numbers, Number).buffer);
  return fromBytes(name, shape, { bytes, count });
}

function fromBytes(name: DatatypeName, shape: readonly number[], { bytes, count }: { bytes: Buffer; count: number }): Tensor {
  const empty = tensor(name, [], [0]);
  const kind = empty.data.constructor as new (buffer: ArrayBuffer, from: number, count: number) => Float32Array;
  return new Tensor(empty.datatype, shape, new kind(Uint8Array.from(bytes).buffer, 0, count));
}
