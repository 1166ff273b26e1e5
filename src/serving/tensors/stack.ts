import { datatypes, type TensorData } from "./datatypes.ts";
import { elementCount, noTensors, Tensor, type Tensors } from "./tensor.ts";

/** Puts sets of tensors under one another along the first dimension. */
export function stackTensors(sets: readonly Tensors[]): Tensors {
  const first = sets[0]!;
  if (sets.length === 1) return first;
  const stacked = noTensors();
  for (const name in first) stacked[name] = concatenate(sets.map((set) => set[name]!));
  return stacked;
}

function concatenate(parts: readonly Tensor[]): Tensor {
  const { datatype, shape } = parts[0]!;
  let rows = 0;
  for (const { shape: own } of parts) rows += own[0]!;
  const resultShape = [rows, ...shape.slice(1)];
  const { array } = datatypes[datatype];
  if (array === undefined)
    return new Tensor(
      datatype,
      resultShape,
      parts.flatMap((part) => part.data as string[]),
    );
  const arrays = parts.map((part) => part.data as Float32Array);
  const count = elementCount(resultShape);
  const { buffer, byteOffset } = arrays[0]!;
  const data = lieTogether(arrays, count)
    ? new array(buffer as ArrayBuffer, byteOffset, count)
    : copied(arrays, new array(count));
  return new Tensor(datatype, resultShape, data);
}

/** Whether one begins where the one before it ends, as small ones do that were made one after the other, and they are so many elements. */
function lieTogether(arrays: readonly Float32Array[], count: number): boolean {
  let [before] = arrays;
  let length = before!.length;
  for (let i = 1; i < arrays.length; i++) {
    const array = arrays[i]!;
    if (array.buffer !== before!.buffer || array.byteOffset !== before!.byteOffset + before!.byteLength) return false;
    before = array;
    length += array.length;
  }
  return length === count;
}

function copied(arrays: readonly Float32Array[], into: TensorData): TensorData {
  let at = 0;
  for (const array of arrays) {
    (into as Float32Array).set(array, at);
    at += array.length;
  }
  return into;
}

/** Cuts stacked tensors back into sets of so many rows each. The parts share the stacked memory. */
export function splitTensors(stacked: Tensors, rows: readonly number[]): Tensors[] {
  if (rows.length === 1) return [stacked];
  const sets = rows.map(noTensors);
  for (const name in stacked) {
    const { datatype, shape, data } = stacked[name]!;
    const rest = shape.slice(1);
    const width = elementCount(rest);
    let at = 0;
    for (let i = 0; i < rows.length; i++) {
      const end = at + rows[i]! * width;
      sets[i]![name] = new Tensor(datatype, [rows[i]!, ...rest], slice(data, at, end));
      at = end;
    }
  }
  return sets;
}

function slice(data: TensorData, from: number, to: number): TensorData {
  return Array.isArray(data) ? data.slice(from, to) : data.subarray(from, to);
}

/** True when two sets of tensors differ in nothing but how many rows they hold. */
export function sameRowShape(a: Tensors, b: Tensors): boolean {
  for (const name in a) {
    const left = a[name]!.shape;
    const right = b[name]?.shape;
    if (right === undefined || left.length !== right.length) return false;
    for (let i = 1; i < left.length; i++) if (left[i] !== right[i]) return false;
  }
  return true;
}
