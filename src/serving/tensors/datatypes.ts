/** The element types of the Open Inference Protocol, which are the names that Cortado uses. */
export type Datatype =
  | "BOOL"
  | "UINT8"
  | "UINT16"
  | "UINT32"
  | "UINT64"
  | "INT8"
  | "INT16"
  | "INT32"
  | "INT64"
  | "FP16"
  | "BF16"
  | "FP32"
  | "FP64"
  | "BYTES";

/** What holds a tensor's elements: BOOL is bytes of 0 and 1, BYTES is strings, BF16 is the 16 bits of each number. */
export type TensorData =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float16Array
  | Float32Array
  | Float64Array
  | string[];

type NumericArray = Exclude<TensorData, string[]>;

/** A constructor of the typed array that holds a datatype. */
export interface ArrayType {
  new (length: number): NumericArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray;
}

interface DatatypeInfo {
  /** Numbers, exact 64-bit integers, booleans or strings. */
  kind: "float" | "integer" | "bigint" | "boolean" | "string";
  /** Bytes an element; 0 for strings. */
  size: number;
  /** Absent for strings, which live in a plain array. */
  array?: ArrayType;
  /** The name that tensor runtimes and typed arrays use. */
  alias: string;
  range?: readonly [number | bigint, number | bigint];
}

export const datatypes: Readonly<Record<Datatype, DatatypeInfo>> = {
  BOOL: { kind: "boolean", size: 1, array: Uint8Array as ArrayType, alias: "bool" },
  UINT8: { kind: "integer", size: 1, array: Uint8Array as ArrayType, alias: "uint8", range: [0, 0xff] },
  UINT16: { kind: "integer", size: 2, array: Uint16Array as ArrayType, alias: "uint16", range: [0, 0xffff] },
  UINT32: { kind: "integer", size: 4, array: Uint32Array as ArrayType, alias: "uint32", range: [0, 0xffff_ffff] },
  UINT64: { kind: "bigint", size: 8, array: BigUint64Array as ArrayType, alias: "uint64", range: [0n, 2n ** 64n - 1n] },
  INT8: { kind: "integer", size: 1, array: Int8Array as ArrayType, alias: "int8", range: [-0x80, 0x7f] },
  INT16: { kind: "integer", size: 2, array: Int16Array as ArrayType, alias: "int16", range: [-0x8000, 0x7fff] },
  INT32: { kind: "integer", size: 4, array: Int32Array as ArrayType, alias: "int32", range: [-(2 ** 31), 2 ** 31 - 1] },
  INT64: { kind: "bigint", size: 8, array: BigInt64Array as ArrayType, alias: "int64", range: [-(2n ** 63n), 2n ** 63n - 1n] },
  FP16: { kind: "float", size: 2, array: Float16Array as ArrayType, alias: "float16" },
  BF16: { kind: "float", size: 2, array: Uint16Array as ArrayType, alias: "bfloat16" },
  FP32: { kind: "float", size: 4, array: Float32Array as ArrayType, alias: "float32" },
  FP64: { kind: "float", size: 8, array: Float64Array as ArrayType, alias: "float64" },
  BYTES: { kind: "string", size: 0, alias: "string" },
};

/** `"FP32"` or the runtime's `"float32"`. */
export type DatatypeName =
  | Datatype
  | "bool"
  | "string"
  | `${"int" | "uint"}${8 | 16 | 32 | 64}`
  | `float${16 | 32 | 64}`
  | "bfloat16";

/** True for a datatype that has no form in JSON and in gRPC's lists, by the protocols that have it. */
export function isRawOnly(datatype: Datatype): datatype is "FP16" | "BF16" {
  return datatype === "FP16" || datatype === "BF16";
}

const byName = new Map<string, Datatype>();
for (const [name, info] of Object.entries(datatypes)) byName.set(name, name as Datatype).set(info.alias, name as Datatype);

/** The datatype called `name`, in either spelling, or undefined. */
export function findDatatype(name: string): Datatype | undefined {
  return byName.get(name);
}

/** Every spelling that `findDatatype` knows. */
export const datatypeNames: readonly string[] = [...byName.keys()];
