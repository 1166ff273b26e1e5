import { datatypeNames, datatypes, type Datatype, type DatatypeName, findDatatype, type TensorData } from "./datatypes.ts";
import { servingErrors } from "../errors.ts";
import { bfloat16sOf, floatsOf } from "./bfloat16.ts";
import { arrayToFill } from "./small-array.ts";

/** Numbers, strings or booleans in arrays as deep as the tensor's shape; a scalar is a bare value. */
export type Nested = number | bigint | string | boolean | null | readonly Nested[];

/** A named set of tensors: a model's inputs or its outputs. */
export type Tensors = Record<string, Tensor>;

// An object with `null` for its prototype would be a dictionary, several times as slow to fill and read.
const NamedTensors = function () {} as unknown as new () => Tensors;
NamedTensors.prototype = Object.create(null);

/** No tensors yet, and no name that every object has. */
export function noTensors(): Tensors {
  return new NamedTensors();
}

/** Numbers of one datatype in a shape, row by row. */
export class Tensor {
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;

  constructor(datatype: Datatype, shape: readonly number[], data: TensorData) {
    this.datatype = datatype;
    this.shape = shape;
    this.data = data;
  }

  /** The elements as plain numbers; 64-bit integers are narrowed, strings parsed. */
  numbers(): number[] {
    return plainArray(this.elements() as ArrayLike<unknown>).map(Number);
  }

  /** The elements as they are meant: those of BF16 as floats, all others as they are held. */
  elements(): TensorData {
    return this.datatype === "BF16" ? floatsOf(this.data as Uint16Array) : this.data;
  }

  /** The elements in arrays as deep as the shape: `[[1, 2], [3, 4]]`; a scalar is a bare value. */
  toNested(): Nested {
    const values = datatypes[this.datatype].kind === "boolean" ? Array.from(this.data as Uint8Array, Boolean) : this.elements();
    return nest(values as ArrayLike<Nested>, this.shape);
  }
}

function nest(values: ArrayLike<Nested>, shape: readonly number[]): Nested {
  if (shape.length === 0) return values[0]!;
  let at = 0;
  const level = (depth: number): Nested[] => {
    const size = shape[depth]!;
    if (depth < shape.length - 1) return Array.from({ length: size }, () => level(depth + 1));
    at += size;
    return plainArray(values, at - size, at);
  };
  return level(0);
}

/** Elements as an array. A loop, because `Array.from` and `slice` take ten times as long with a typed array. */
export function plainArray<T>(values: ArrayLike<T>, from = 0, to = values.length): T[] {
  const result: T[] = [];
  for (let i = from; i < to; i++) result.push(values[i]!);
  return result;
}

/** How many elements a shape holds. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/**
 * Makes a tensor from numbers in row order. Without a shape it has one dimension.
 *
 * ```ts
 * tensor("float32", pixels, [28, 28]);
 * tensor("string", ["espresso", "latte"]);
 * ```
 * The numbers of `"bfloat16"` are rounded to the nearest; a `Uint16Array` is taken for their bits.
 * @throws SERVING_BAD_TENSOR when the type is not known or the shape does not hold as many elements as were given.
 */
export function tensor(
  type: DatatypeName,
  data: ArrayLike<number | bigint | boolean | string>,
  shape: readonly number[] = [data.length],
): Tensor {
  const datatype = findDatatype(type);
  if (datatype === undefined) throw servingErrors.SERVING_UNKNOWN_DATATYPE({ given: type, known: datatypeNames });
  if (elementCount(shape) !== data.length) throw servingErrors.SERVING_BAD_TENSOR({ datatype, shape, length: data.length });
  return new Tensor(datatype, shape, toTensorData(datatype, data));
}

function toTensorData(datatype: Datatype, data: ArrayLike<unknown>): TensorData {
  const { array, kind } = datatypes[datatype];
  if (array === undefined) return Array.from(data, String);
  if (datatype === "BF16") return data instanceof Uint16Array ? data : bfloat16sOf(data);
  if (data instanceof (array as unknown as new () => object)) return data as TensorData;
  const result = arrayToFill(array as Float64ArrayConstructor, data.length);
  if (kind === "bigint")
    for (let i = 0; i < data.length; i++) (result as unknown as BigInt64Array)[i] = BigInt(data[i] as number);
  else setNumbers(result, data);
  return result;
}

/** `set` takes a fraction of the time of a loop that has met many types, and no exact integers, which are rare. */
function setNumbers(into: Float64Array, data: ArrayLike<unknown>): void {
  if (into instanceof Float32Array && Array.isArray(data) && setFloats(into, data)) return;
  try {
    into.set(data as ArrayLike<number>);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    for (let i = 0; i < data.length; i++) into[i] = Number(data[i]);
  }
}

/** A loop that meets nothing but numbers and 32-bit floats, which most models take, needs less than half of what `set` does. */
function setFloats(into: Float32Array, data: readonly unknown[]): boolean {
  for (let i = 0; i < into.length; i++) {
    const value = data[i];
    if (typeof value !== "number") return false;
    into[i] = value;
  }
  return true;
}
