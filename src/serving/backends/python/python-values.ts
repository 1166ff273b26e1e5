import { isDecimal } from "#validation";
import { servingErrors } from "../../errors.ts";
import { padded } from "../../processes/padding.ts";
import { tensorBytes, tensorFromBytes } from "../../tensors/bytes.ts";
import { datatypes, type Datatype } from "../../tensors/datatypes.ts";
import { Tensor } from "../../tensors/tensor.ts";

/** What JSON has no form for: where it stands, what it is, how many bytes it has, its shape. */
export type Extra = [path: (string | number)[], kind: string, bytes: number, shape: readonly number[]];

/** A value as it crosses to Python: JSON text, and the bytes beside it. */
export interface PackedValue {
  text: string;
  extras: Extra[];
  pieces: Uint8Array[];
}

const byArray = new Map<unknown, Datatype>();
for (const [name, { array }] of Object.entries(datatypes))
  if (array && name !== "BOOL" && name !== "BF16") byArray.set(array, name as Datatype);

/** Packs a value. What is JSON all through is written as it stands, without a copy. @throws SERVING_BAD_INPUT */
export function packValue(value: unknown): PackedValue {
  const packer = new Packer();
  try {
    const plain = packer.plain(value);
    return { text: JSON.stringify(plain) ?? "null", extras: packer.extras, pieces: packer.pieces };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw servingErrors.SERVING_BAD_INPUT({ where: "The input", problem: "is nested too deep to be sent to Python" });
  }
}

class Packer {
  readonly extras: Extra[] = [];
  readonly pieces: Uint8Array[] = [];
  readonly #path: (string | number)[] = [];

  plain(value: unknown): unknown {
    if (typeof value === "number") return Number.isFinite(value) ? value : this.#extra("number", pythonNumber(value));
    if (typeof value === "bigint") return JSON.rawJSON(String(value));
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return this.#list(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null
      ? this.#object(value as Record<string, unknown>)
      : this.#other(value);
  }

  #list(list: readonly unknown[]): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let i = 0; i < list.length; i++) {
      const each = list[i];
      if (typeof each === "string" || (typeof each === "number" && Number.isFinite(each))) continue;
      this.#path.push(i);
      const plain = this.plain(each);
      this.#path.pop();
      if (plain !== each) (copy ??= [...list])[i] = plain;
    }
    return copy ?? list;
  }

  #object(object: Record<string, unknown>): Record<string, unknown> {
    let copy: Record<string, unknown> | undefined;
    for (const key in object) {
      this.#path.push(key);
      const plain = this.plain(object[key]);
      this.#path.pop();
      if (plain !== object[key]) (copy ??= Object.assign(Object.create(null) as Record<string, unknown>, object))[key] = plain;
    }
    return copy ?? object;
  }

  #other(value: object): unknown {
    if (value instanceof Tensor) return this.#tensor(value);
    if (value instanceof Date) return this.#extra("moment", value.toISOString());
    if (isDecimal(value)) return this.#extra("decimal", String(value));
    if (Buffer.isBuffer(value)) return this.#piece("bytes", value, [value.length]);
    const datatype = byArray.get(value.constructor);
    if (datatype === undefined) return value;
    const array = value as Float64Array;
    return this.#piece(datatype, new Uint8Array(array.buffer, array.byteOffset, array.byteLength), [array.length]);
  }

  #tensor(tensor: Tensor): unknown {
    if (Array.isArray(tensor.data)) return this.#extra("BYTES", tensor.data, tensor.shape);
    // Python's standard library and numpy know no BF16.
    if (tensor.datatype === "BF16") return this.#piece("FP32", tensorBytes({ data: tensor.elements() }), tensor.shape);
    return this.#piece(tensor.datatype, tensorBytes(tensor), tensor.shape);
  }

  #piece(kind: string, bytes: Uint8Array, shape: readonly number[]): null {
    this.extras.push([[...this.#path], kind, bytes.byteLength, shape]);
    this.pieces.push(bytes);
    return null;
  }

  #extra(kind: string, written: unknown, shape: readonly number[] = []): unknown {
    this.extras.push([[...this.#path], kind, 0, shape]);
    return written;
  }
}

/** A number that JSON has no form for, as Python writes it. */
function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

/** Puts what JSON has no form for into its places. `arrays` says what becomes of arrays: plain ones, or tensors. */
export function unpackValue(value: unknown, { extras, body, arrays }: Packed): unknown {
  let root = value;
  let at = 0;
  for (const [path, kind, size, shape] of extras) {
    const piece = body.subarray(at, at + size);
    at += padded(size);
    const last = path.at(-1);
    if (last === undefined) {
      root = unpacked(kind, { piece, shape, arrays, written: root });
      continue;
    }
    const holder = path.slice(0, -1).reduce<unknown>((held, key) => (held as never)[key], root) as Record<string, unknown>;
    holder[last] = unpacked(kind, { piece, shape, arrays, written: holder[last] });
  }
  return root;
}

interface Packed {
  extras: readonly Extra[];
  /** The binary values, one after the other. */
  body: Buffer;
  arrays: "nested" | "tensors";
}

interface Place {
  piece: Buffer;
  shape: readonly number[];
  arrays: Packed["arrays"];
  /** What stands in the JSON. */
  written: unknown;
}

function unpacked(kind: string, { piece, shape, arrays, written }: Place): unknown {
  if (kind === "number") return written === "nan" ? Number.NaN : Number(String(written).replace("inf", "Infinity"));
  if (kind === "bytes") return answeredBytes(piece);
  const tensor = tensorFromBytes(piece, { datatype: kind as Datatype, shape, where: "output" });
  return arrays === "tensors" ? tensor : tensor.toNested();
}

/** Bytes for the project's own code; in a JSON answer they are base64. */
function answeredBytes(piece: Buffer): Buffer {
  const bytes = Buffer.from(piece);
  return Object.defineProperty(bytes, "toJSON", { value: () => bytes.toString("base64") });
}
