import { datatypes } from "../../tensors/datatypes.ts";
import type { Tensor } from "../../tensors/tensor.ts";

/** JSON text that is written as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * JSON as TensorFlow Serving prints it: a member a line, four spaces a level, arrays in one line. Numbers that JSON does
 * not have are bare tokens: `NaN`, `Infinity`, `-Infinity`.
 */
export function prettyJson(value: unknown, depth = 0): string {
  if (value instanceof JsonText) return value.text;
  if (Array.isArray(value)) return `[${value.map((part) => prettyJson(part, depth + 1)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const indent = " ".repeat(4 * depth);
  const members = Object.entries(value).map(
    ([name, part]) => `${indent}    ${JSON.stringify(name)}: ${prettyJson(part, depth + 1)}`,
  );
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

/** A tensor as nested arrays, or its row `row`. Strings of an output whose name ends in `_bytes` are written in base64. */
export function tensorJson(tensor: Tensor, { name, row }: { name: string; row?: number }): JsonText {
  const write = elementWriter(tensor, name.endsWith("_bytes"));
  const shape = row === undefined ? tensor.shape : tensor.shape.slice(1);
  let at = row === undefined ? 0 : row * shape.reduce((product, size) => product * size, 1);
  const level = (depth: number): string => {
    if (depth === shape.length) return write(at++);
    let text = "[";
    for (let i = 0; i < shape[depth]!; i++) text += (i === 0 ? "" : ", ") + level(depth + 1);
    return `${text}]`;
  };
  return new JsonText(level(0));
}

/** The elements of a tensor, one after the other. */
export function elementsJson(tensor: Tensor, name: string): JsonText[] {
  const write = elementWriter(tensor, name.endsWith("_bytes"));
  return Array.from({ length: tensor.data.length }, (_, i) => new JsonText(write(i)));
}

/** Writes one element of a tensor: numbers with a fraction always show one. */
function elementWriter({ datatype, data }: Tensor, base64: boolean): (index: number) => string {
  const { kind } = datatypes[datatype];
  if (kind === "string") {
    const encode = (text: string) => `{"b64": "${Buffer.from(text).toString("base64")}"}`;
    return base64 ? (i) => encode(data[i] as string) : (i) => JSON.stringify(data[i]);
  }
  if (kind === "boolean") return (i) => String(Boolean(data[i]));
  if (kind !== "float") return (i) => String(data[i]);
  return datatype === "FP64" ? (i) => decimal(data[i] as number) : (i) => decimal(shortest(data[i] as number));
}

/** The number with the fewest digits that is the same to single precision. */
function shortest(value: number): number {
  if (Number.isInteger(value)) return value;
  for (let digits = 7; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function decimal(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return Number.isInteger(value) && !text.includes("e") ? `${text}.0` : text;
}
