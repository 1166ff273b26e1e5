import { ValidationError } from "#validation";
import type { Field } from "../../fields/field.ts";
import { isParentLink } from "../parent-link.ts";
import type { Validation } from "./errors-by-field.ts";
import { checkRelatedRow } from "./related-row.ts";

/** Converts and validates each field by itself, and whether the rows that it refers to are there. */
export async function cleanFields({ row, meta, exclude, errors }: Validation): Promise<void> {
  for (const field of meta.fields) {
    if (exclude.has(field.name) || field.databaseValue === "generated") continue;
    const value: unknown = row[field.attname];
    if (mayBeEmpty(field, value)) continue;
    try {
      const cleaned = field.clean(value);
      if (cleaned !== value) row[field.attname] = cleaned;
      if (field.relation !== undefined) await checkRelatedRow(row, field);
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
