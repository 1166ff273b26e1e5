import { ormErrors } from "../../errors.ts";
import { Q } from "../../query/conditions.ts";
import { stateOf } from "./instance-state.ts";
import { type AnyRow, metaOf } from "./row.ts";
import { rowsBeside } from "./rows-beside.ts";

/** Where to look for a neighbour, and among which rows. */
export interface NeighbourOptions {
  readonly forward: boolean;
  readonly among?: Readonly<Record<string, unknown>> | undefined;
}

/** The row after or before this one by its stored date; rows of one date stand in the order of their keys. */
export async function neighbour(instance: object, name: string, { forward, among = {} }: NeighbourOptions): Promise<any> {
  const row = instance as AnyRow;
  const meta = metaOf(row);
  const field = meta.field(name);
  if (!["date", "dateTime"].includes(field.kind))
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${field.label} is a ${field.kind} field, and rows have neighbours by dates only.`,
      hint: "Name a date or dateTime field.",
    });
  if (row[stateOf].stored === undefined) throw ormErrors.ORM_NOT_SAVED({ model: meta.label, use: "it has no neighbours" });
  const beyond = forward ? "gt" : "lt";
  const rows = rowsBeside(row, meta, "read");
  // Asked of the database, whose moments are finer than a Date.
  const own = rows.filter({ pk: row["pk"] }).valuesList(name);
  const isBeyond = Q.or({ [name]: { [beyond]: own } }, Q.and({ [name]: { eq: own } }, { pk: { [beyond]: row["pk"] } }));
  const order = forward ? [name, "pk"] : [`-${name}`, "-pk"];
  const found = await rows
    .filter(among)
    .filter(isBeyond)
    .orderBy(...order)
    .first();
  if (found === null) throw new meta.model.DoesNotExist(meta.label);
  return found;
}
