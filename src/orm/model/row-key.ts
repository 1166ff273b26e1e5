import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { type AnyRow, metaOf } from "./row.ts";

/** The key of a row that a relation is set to or compared with. @throws ORM_BAD_VALUE when it is another model's */
export function keyFor(field: Field, row: object): unknown {
  const { relation } = field;
  if (relation !== undefined && !(row instanceof relation.to) && metaOf(row).key !== relation.to.meta.key) {
    const wanted = `a ${relation.to.meta.label} or its key`;
    throw ormErrors.ORM_BAD_VALUE({ field: field.label, given: `a ${metaOf(row).label}`, wanted });
  }
  return (row as AnyRow)["pk"];
}
