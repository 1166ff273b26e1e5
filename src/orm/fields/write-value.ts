import { ormErrors } from "../errors.ts";
import type { Field } from "./field.ts";

/** A value as its column takes it. @throws ORM_BAD_VALUE */
export function writeValue(write: (value: any) => unknown, value: unknown, field: Field): unknown {
  try {
    return write(value);
  } catch (cause) {
    throw ormErrors.ORM_BAD_VALUE({ field: field.label, given: shown(value), wanted: field.takes, cause });
  }
}

const longest = 80;

function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
}
