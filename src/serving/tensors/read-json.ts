import { toBfloat16 } from "./bfloat16.ts";
import { servingErrors } from "../errors.ts";
import { datatypes, type Datatype, type TensorData } from "./datatypes.ts";
import { formatShape } from "./signature.ts";
import { elementCount, Tensor } from "./tensor.ts";

/** The tensor that is to be read, and what it is called in messages: `input.image`. */
export interface Wanted {
  datatype: Datatype;
  shape: readonly number[];
  where: string;
}

/**
 * Reads a tensor from JSON arrays. The sizes are taken from the arrays and held against `shape`,
 * where -1 stands for any size, before anything is allocated.
 * @throws SERVING_BAD_INPUT naming the place, what was given and what is allowed.
 */
export function tensorFromNested(value: unknown, { datatype, shape, where }: Wanted): Tensor {
  const found = measure(value, shape, where);
  const data = allocate(datatype, elementCount(found));
  const write = elementWriter(datatype, data, where);
  let at = 0;
  const fill = (part: unknown, depth: number): void => {
    if (depth === found.length) return write(at++, part);
    if (!Array.isArray(part) || part.length !== found[depth]) throw ragged(part, found[depth]!, where);
    for (const inner of part) fill(inner, depth + 1);
  };
  fill(value, 0);
  return new Tensor(datatype, found, data);
}

/** Reads the elements of a tensor whose shape is known, from a flat or a nested array. */
export function tensorFromElements(value: unknown, wanted: Wanted): Tensor {
  const { datatype, shape, where } = wanted;
  if (!Array.isArray(value))
    throw servingErrors.SERVING_BAD_INPUT({ where, problem: `is ${describe(value)}, and must be an array` });
  if (Array.isArray(value[0]) && shape.length > 1) return tensorFromNested(value, wanted);
  const count = elementCount(shape);
  if (value.length !== count) {
    const problem = `holds ${value.length} elements, and the shape ${formatShape(shape)} needs ${count}`;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem });
  }
  const data = allocate(datatype, count);
  const write = elementWriter(datatype, data, where);
  for (let i = 0; i < count; i++) write(i, value[i]);
  return new Tensor(datatype, [...shape], data);
}

/** The sizes of the arrays, read along their first elements, held against the wanted shape. */
function measure(value: unknown, shape: readonly number[], where: string): number[] {
  const found: number[] = [];
  let part = value;
  for (const size of shape) {
    if (!Array.isArray(part)) throw wrongShape(value, shape, where);
    if (size !== -1 && size !== part.length) throw wrongShape(value, shape, where);
    found.push(part.length);
    part = part[0];
    if (part === undefined) break;
  }
  while (found.length < shape.length) found.push(Math.max(shape[found.length]!, 0));
  if (Array.isArray(part)) throw wrongShape(value, shape, where);
  return found;
}

function wrongShape(value: unknown, shape: readonly number[], where: string): Error {
  const given = Array.isArray(value) ? `has the shape ${formatShape(shapeOf(value))}` : `is ${describe(value)}`;
  const wanted = shape.length === 0 ? "a single value" : `an array of the shape ${formatShape(shape)}`;
  const hint = shapeOf(value).length === shape.length + 1 ? "One item is one row: leave out the first dimension." : undefined;
  return servingErrors.SERVING_BAD_INPUT({ where, problem: `${given}, and must be ${wanted}`, hint });
}

function ragged(part: unknown, size: number, where: string): Error {
  const given = Array.isArray(part) ? `one of ${part.length}` : describe(part);
  const problem = `is uneven: where its first row has an array of ${size}, another has ${given}`;
  return servingErrors.SERVING_BAD_INPUT({ where, problem });
}

/** The sizes along the first elements, no deeper than a tensor can be. */
function shapeOf(value: unknown): number[] {
  const sizes: number[] = [];
  for (let part = value; Array.isArray(part) && sizes.length < 16; part = part[0]) sizes.push(part.length);
  return sizes;
}

function allocate(datatype: Datatype, count: number): TensorData {
  const { array } = datatypes[datatype];
  return array === undefined ? Array.from<string>({ length: count }) : new array(count);
}

type ElementWriter = (index: number, value: unknown) => void;

/** Writes one element, converted; what does not fit the datatype is refused with its position. */
function elementWriter(datatype: Datatype, data: TensorData, where: string): ElementWriter {
  const refuse = (index: number, value: unknown, wanted: string) =>
    servingErrors.SERVING_BAD_INPUT({
      where,
      problem: `has ${describe(value)} as element ${index}, and ${datatype} takes ${wanted}`,
    });
  const { kind, range } = datatypes[datatype];
  const numbers = data as Float64Array;
  if (kind === "float") {
    const held = datatype === "BF16" ? toBfloat16 : (value: number) => value;
    return (i, value) => {
      if (typeof value === "number") numbers[i] = held(value);
      else if (value === null) numbers[i] = held(Number.NaN);
      else throw refuse(i, value, "numbers, or null for NaN");
    };
  }
  if (kind === "string") {
    return (i, value) => {
      if (typeof value !== "string") throw refuse(i, value, "strings");
      (data as string[])[i] = value;
    };
  }
  if (kind === "boolean") {
    return (i, value) => {
      if (typeof value !== "boolean" && value !== 0 && value !== 1) throw refuse(i, value, "true or false");
      numbers[i] = Number(value);
    };
  }
  const [low, high] = range!;
  const wanted = `whole numbers from ${low} to ${high}`;
  return (i, value) => {
    const whole = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    if (!whole || value < low || value > high) throw refuse(i, value, wanted);
    if (kind === "bigint") (data as BigInt64Array)[i] = BigInt(value);
    else numbers[i] = Number(value);
  };
}

/** `the string "x"`, `null`, `an array of 3`: what was given, short enough for a message. */
export function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (typeof value === "string") return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === "object") return "an object";
  return `the ${typeof value} ${String(value)}`;
}
