import { ormErrors } from "../errors.ts";
import type { Field } from "./field.ts";

/** A value as its column takes it. @throws ORM_BAD_VALUE */
export function writeValue(write: (value: any) => unknown, value: unknown, field: Field): unknown {
  try {
    return write(value);
  } catch (cause) {
    const given = typeof value === "string" ? JSON.stringify(value) : String(value);
    throw ormErrors.ORM_BAD_VALUE({ field: field.label, given, wanted: `a value of a ${field.kind} field`, cause });
  }
}
