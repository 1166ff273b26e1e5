import { near } from "../tensors/near.ts";
import { Tensor } from "../tensors/tensor.ts";

/** Where two answers differ, as a path: `[0].scores[3]`; undefined where they agree. Numbers may lie a little apart. */
export function firstDifference(a: unknown, b: unknown, tolerance: number): string | undefined {
  if (typeof a === "number" && typeof b === "number") return near(a, b, tolerance) ? undefined : "";
  if (a instanceof Tensor && b instanceof Tensor) return tensorsDiffer(a, b, tolerance);
  if (isList(a) && isList(b)) return listsDiffer(a, b, tolerance);
  if (isRecord(a) && isRecord(b)) return recordsDiffer(a, b, tolerance);
  return Object.is(a, b) ? undefined : "";
}

function tensorsDiffer(a: Tensor, b: Tensor, tolerance: number): string | undefined {
  return a.datatype === b.datatype && a.shape.join() === b.shape.join() ? listsDiffer(a.data, b.data, tolerance) : "";
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isList(value);
}

function listsDiffer(a: ArrayLike<unknown>, b: ArrayLike<unknown>, tolerance: number): string | undefined {
  if (a.length !== b.length) return "";
  for (let i = 0; i < a.length; i++) {
    const difference = firstDifference(a[i], b[i], tolerance);
    if (difference !== undefined) return `[${i}]${difference}`;
  }
  return undefined;
}

function recordsDiffer(a: Record<string, unknown>, b: Record<string, unknown>, tolerance: number): string | undefined {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return "";
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return `.${key}`;
    const difference = firstDifference(a[key], b[key], tolerance);
    if (difference !== undefined) return `.${key}${difference}`;
  }
  return undefined;
}
