import { datatypes, type Datatype, isRawOnly, type TensorData } from "./datatypes.ts";
import { elementCount, Tensor } from "./tensor.ts";
import { irregular, type NumberScanner } from "./number-scanner.ts";

const [QUOTE, COMMA, OPEN, CLOSE] = [34, 44, 91, 93];
const [LOWER_F, LOWER_N, LOWER_T] = [102, 110, 116];

/** Writes one element, the first byte of which the scanner stands on. */
type ElementReader = (index: number) => void;

/** True where tensors of a datatype can be read by the scanner: texts cannot. */
export function canScan(datatype: Datatype): boolean {
  return datatypes[datatype].array !== undefined && !isRawOnly(datatype);
}

/** Reads a tensor of a known shape, from a flat or a nested array that begins where the scanner stands. */
export function scanElements(scanner: NumberScanner, datatype: Datatype, shape: readonly number[]): Tensor {
  const { at } = scanner;
  scanner.expect(OPEN);
  const nested = scanner.peek() === OPEN && shape.length > 1;
  scanner.at = at;
  return new Tensor(datatype, [...shape], scanLevels(scanner, nested ? shape : [elementCount(shape)], datatype));
}

/** Reads nested arrays of these sizes. */
function scanLevels(scanner: NumberScanner, sizes: readonly number[], datatype: Datatype): TensorData {
  const count = elementCount(sizes);
  // An element takes two bytes at least: nothing is allocated that the text cannot fill.
  if (count === 0 || count * 2 > scanner.bytes.byteLength - scanner.at + 1) throw irregular;
  const data = new datatypes[datatype].array!(count);
  const read = elementReader(scanner, datatype, data);
  const floats = datatype === "FP32" || datatype === "FP64" ? (data as Float32Array) : undefined;
  const last = sizes.length - 1;
  let index = 0;
  const level = (depth: number): void => {
    scanner.expect(OPEN);
    const size = sizes[depth]!;
    if (depth === last && floats !== undefined) {
      scanner.floats(floats, index, size);
      index += size;
      return scanner.expect(CLOSE);
    }
    for (let i = 0; i < size; i++) {
      if (i > 0) scanner.comma();
      if (depth < last) level(depth + 1);
      else {
        scanner.peek();
        read(index++);
      }
      if (i < size - 1 || depth < last) scanner.peek();
    }
    scanner.expect(CLOSE);
  };
  level(0);
  return data;
}

/** Reads an item's tensor, whose sizes are those of its arrays where the shape has -1. */
export function scanNested(scanner: NumberScanner, datatype: Datatype, shape: readonly number[]): Tensor {
  const sizes = shape.includes(-1) ? measure(scanner, shape) : shape;
  if (sizes.length > 0) return new Tensor(datatype, [...sizes], scanLevels(scanner, sizes, datatype));
  const data = new datatypes[datatype].array!(1);
  scanner.peek();
  elementReader(scanner, datatype, data)(0);
  return new Tensor(datatype, [], data);
}

/** The sizes of nested arrays along their first elements. Nothing is read yet. */
function measure(scanner: NumberScanner, shape: readonly number[]): number[] {
  const start = scanner.at;
  const sizes: number[] = [];
  for (let depth = 0; depth < shape.length; depth++) {
    scanner.expect(OPEN);
    const inner = scanner.at;
    sizes.push(shape[depth] === -1 ? countElements(scanner) : shape[depth]!);
    scanner.at = inner;
  }
  scanner.at = start;
  return sizes;
}

/** How many elements the array has that began just before. */
function countElements(scanner: NumberScanner): number {
  const { bytes } = scanner;
  if (scanner.peek() === CLOSE) throw irregular;
  let depth = 0;
  let count = 1;
  for (let { at } = scanner; at < bytes.byteLength; at++) {
    const byte = bytes[at]!;
    if (byte === COMMA && depth === 0) count++;
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth < 0) return count;
    else if (byte === QUOTE) break;
  }
  throw irregular;
}

function elementReader(scanner: NumberScanner, datatype: Datatype, data: TensorData): ElementReader {
  const { kind } = datatypes[datatype];
  if (kind === "boolean") return booleanReader(scanner, data as Uint8Array);
  if (kind === "bigint") return longReader(scanner, datatype, data as BigInt64Array);
  if (kind === "integer") return integerReader(scanner, datatype, data as Int32Array);
  const numbers = data as Float32Array;
  const single = datatype === "FP32";
  return (index) => {
    if (scanner.bytes[scanner.at] !== LOWER_N) numbers[index] = scanner.number(single);
    else {
      scanner.literal("null");
      numbers[index] = Number.NaN;
    }
  };
}

function integerReader(scanner: NumberScanner, datatype: Datatype, numbers: Int32Array): ElementReader {
  const [low, high] = datatypes[datatype].range as readonly [number, number];
  return (index) => {
    const value = scanner.number(false);
    if (!Number.isInteger(value) || value < low || value > high) throw irregular;
    numbers[index] = value;
  };
}

/** 64-bit integers are written as two halves; only those that a double cannot hold are made `bigint` first. */
function longReader(scanner: NumberScanner, datatype: Datatype, longs: BigInt64Array): ElementReader {
  const [low, high] = datatypes[datatype].range as readonly [bigint, bigint];
  const halves = new Uint32Array(longs.buffer, longs.byteOffset, longs.length * 2);
  return (index) => {
    const start = scanner.at;
    const value = scanner.number(false);
    if (!Number.isInteger(value) || (value < 0 && low === 0n)) throw irregular;
    if (Number.isSafeInteger(value)) {
      const upper = Math.floor(value / 2 ** 32);
      halves[index * 2] = value - upper * 2 ** 32;
      halves[index * 2 + 1] = upper;
      return;
    }
    if (!scanner.plain) throw irregular;
    const long = BigInt(scanner.text(start));
    if (long < low || long > high) throw irregular;
    longs[index] = long;
  };
}

function booleanReader(scanner: NumberScanner, flags: Uint8Array): ElementReader {
  return (index) => {
    const byte = scanner.bytes[scanner.at];
    if (byte === LOWER_T) {
      scanner.literal("true");
      flags[index] = 1;
    } else if (byte === LOWER_F) {
      scanner.literal("false");
      flags[index] = 0;
    } else {
      const value = scanner.number(false);
      if (value !== 0 && value !== 1) throw irregular;
      flags[index] = value;
    }
  };
}
