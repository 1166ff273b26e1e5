import { datatypes, type TensorData } from "./datatypes.ts";
import { elementCount, Tensor, type Tensors } from "./tensor.ts";

/** Puts sets of tensors under one another along the first dimension. */
export function stackTensors(sets: readonly Tensors[]): Tensors {
  const first = sets[0]!;
  if (sets.length === 1) return first;
  const stacked: Tensors = Object.create(null) as Tensors;
  for (const name in first) stacked[name] = concatenate(sets.map((set) => set[name]!));
  return stacked;
}

function concatenate(parts: readonly Tensor[]): Tensor {
  const { datatype, shape } = parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const resultShape = [rows, ...shape.slice(1)];
  const { array } = datatypes[datatype];
  if (array === undefined)
    return new Tensor(
      datatype,
      resultShape,
      parts.flatMap((part) => part.data as string[]),
    );
  const data = new array(elementCount(resultShape));
  let at = 0;
  for (const part of parts) {
    (data as Float32Array).set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return new Tensor(datatype, resultShape, data);
}

/** Cuts stacked tensors back into sets of so many rows each. The parts share the stacked memory. */
export function splitTensors(stacked: Tensors, rows: readonly number[]): Tensors[] {
  if (rows.length === 1) return [stacked];
  const sets = rows.map(() => Object.create(null) as Tensors);
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
