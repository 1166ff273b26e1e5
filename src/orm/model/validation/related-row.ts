import { gettext } from "#kernel/i18n";
import { ValidationError } from "#validation";
import type { Field } from "../../fields/field.ts";
import { stateOf } from "../rows/instance-state.ts";
import { isParentLink } from "../parent-link.ts";
import type { AnyRow } from "../rows/row.ts";
import { rowsBeside } from "../rows/rows-beside.ts";

/** Refuses a reference to a row that is not there, or that `limitChoicesTo` leaves out. A row that is at hand is there. */
export async function checkRelatedRow(row: AnyRow, field: Field): Promise<void> {
  const { relation } = field;
  const value: unknown = row[field.attname];
  if (relation?.targetField === undefined || isParentLink(field) || value === null || value === undefined) return;
  const { targetField, limitChoicesTo, to } = relation;
  const loaded = row[stateOf].related?.[field.name] as AnyRow | null | undefined;
  const isAtHand = loaded?.[stateOf].stored !== undefined && loaded[targetField.attname] === value;
  if (isAtHand && limitChoicesTo === undefined) return;
  const rows = rowsBeside(row, to.meta, "write").filter({ [targetField.attname]: { eq: value } });
  if (await (limitChoicesTo === undefined ? rows : rows.filter(limitChoicesTo as never)).exists()) return;
  const message =
    field.options.errorMessages?.invalid ?? gettext("%(model)s instance with %(field)s %(value)s is not a valid choice.");
  throw new ValidationError(message, {
    code: "invalid",
    params: { model: to.meta.verboseName, pk: value, field: targetField.name, value },
  });
}
