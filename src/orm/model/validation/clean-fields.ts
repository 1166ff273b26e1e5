import { ValidationError } from "#validation";
import type { Field } from "../../fields/field.ts";
import { isParentLink } from "../parent-link.ts";
import type { Validation } from "./errors-by-field.ts";

/** Converts and validates each field by itself. */
export function cleanFields({ row, meta, exclude, errors }: Validation): void {
  for (const field of meta.fields) {
    if (exclude.has(field.name) || field.databaseValue === "generated") continue;
    const value: unknown = row[field.attname];
    if (mayBeEmpty(field, value)) continue;
    try {
      const cleaned = field.clean(value);
      if (cleaned !== value) row[field.attname] = cleaned;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors.add(field.name, error);
    }
  }
}

/** Whether nothing is fine: the database gives the value, or a form may leave it empty. */
function mayBeEmpty(field: Field, value: unknown): boolean {
  if (value === undefined && field.databaseValue === "default") return true;
  if (value !== null && value !== undefined) return false;
  return field.autoIncrement || isParentLink(field) || (field.blank && field.emptyValue === null);
}
