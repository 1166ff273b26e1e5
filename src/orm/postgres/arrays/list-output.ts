import type { Field } from "../../fields/field.ts";
import { ArrayField } from "./array-field.ts";

/** The field of lists of a field's values, in which nulls may be; undefined where no field is known. */
export function fieldOfLists(field: Field | undefined): ArrayField | undefined {
  if (field === undefined) return undefined;
  const base = field.relation?.targetField ?? field;
  const item = Object.assign(Object.create(Object.getPrototypeOf(base)) as Field, base, {
    options: { ...base.options, null: true },
    generation: undefined,
  });
  return Object.assign(new ArrayField(item), { name: "the list" });
}
