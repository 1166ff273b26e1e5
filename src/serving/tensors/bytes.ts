import { isUtf8 } from "node:buffer";
import { servingErrors } from "../errors.ts";
import { datatypes, type TensorData } from "./datatypes.ts";
import type { Wanted } from "./read-json.ts";
import { formatShape } from "./signature.ts";
import { elementCount, Tensor } from "./tensor.ts";

/**
 * How it works: the elements of a tensor as bytes are those of its protocols and of the model hosts alike: little-endian,
 * row by row; a BOOL is a byte of 0 or 1, a string its length in four bytes and its UTF-8.
 */

/** The bytes of a tensor's elements. They are the tensor's own, not a copy, but for strings. */
export function tensorBytes({ data }: { data: TensorData }): Uint8Array {
  if (!Array.isArray(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const lengths = data.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0));
  let at = 0;
  for (const [i, text] of data.entries()) {
    at = bytes.writeUInt32LE(lengths[i]!, at);
    at += bytes.write(text, at);
  }
  return bytes;
}

/** Bytes that are no numbers, as a tensor: a frame carries them so. */
export function opaqueTensor(bytes: Uint8Array): Tensor {
  return new Tensor("UINT8", [bytes.byteLength], bytes);
}

/** What `opaqueTensor` was made of. */
export function opaqueBytes({ data }: Tensor): Buffer {
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * Reads a tensor from its elements' bytes. They are looked at where they lie, where that is a place for their type, and
 * copied where it is not. Nothing is allocated before the shape is held against the bytes.
 * @throws SERVING_BAD_INPUT
 */
export function tensorFromBytes(bytes: Uint8Array, { datatype, shape, where }: Wanted): Tensor {
  const { array, size, kind } = datatypes[datatype];
  const count = elementCount(shape);
  if (array === undefined) return new Tensor(datatype, [...shape], readStrings(bytes, { shape, where, count }));
  if (count * size !== bytes.byteLength) {
    const problem = `holds ${bytes.byteLength} bytes, and ${datatype} of the shape ${formatShape(shape)} needs ${count * size}`;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem });
  }
  if (kind === "boolean") checkBooleans(bytes, where);
  // A `Buffer` cuts where an array copies.
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new Tensor(datatype, [...shape], new array(aligned.buffer, aligned.byteOffset, count));
}

function checkBooleans(bytes: Uint8Array, where: string): void {
  const odd = bytes.findIndex((byte) => byte > 1);
  if (odd < 0) return;
  throw servingErrors.SERVING_BAD_INPUT({
    where,
    problem: `has the byte ${bytes[odd]} as element ${odd}, and BOOL takes 0 or 1`,
  });
}

function readStrings(
  bytes: Uint8Array,
  { shape, where, count }: { shape: readonly number[]; where: string; count: number },
): string[] {
  const refuse = (problem: string) => servingErrors.SERVING_BAD_INPUT({ where, problem });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: string[] = [];
  let at = 0;
  while (strings.length < count && at + 4 <= buffer.byteLength) {
    const end = at + 4 + buffer.readUInt32LE(at);
    if (end > buffer.byteLength) throw refuse(`says that element ${strings.length} is longer than what is left`);
    const text = buffer.subarray(at + 4, end);
    if (!isUtf8(text)) throw refuse(`has as element ${strings.length} what is no UTF-8 text`);
    strings.push(text.toString("utf8"));
    at = end;
  }
  if (strings.length === count && at === buffer.byteLength) return strings;
  throw refuse(`does not hold ${count} strings, which the shape ${formatShape(shape)} needs`);
}
