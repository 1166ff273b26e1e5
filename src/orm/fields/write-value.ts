import { ormErrors } from "../errors.ts";
import type { Field } from "./field.ts";
import { shownValue } from "./shown-value.ts";

/** A value as its column takes it. @throws ORM_BAD_VALUE */
export function writeValue(write: (value: any) => unknown, value: unknown, field: Field): unknown {
  try {
    return write(value);
  } catch (cause) {
    throw ormErrors.ORM_BAD_VALUE({ field: field.label, given: shownValue(value), wanted: field.takes, cause });
  }
}
