import type { QuerySet } from "../../query/query-set.ts";
import { baseManagerOf } from "../managers.ts";
import { stateOf } from "./instance-state.ts";
import { type AnyRow, metaOf } from "./row.ts";

/** What `row.refresh()` takes. */
export interface RefreshOptions {
  /** Read these alone: fields, fields that were left out, or relations, which are loaded anew when they are next asked for. */
  fields?: readonly string[] | undefined;
  /** The query through which the row is found: locked, of another manager, with relations. */
  from?: QuerySet<any> | undefined;
}

/** Reads a row again, whatever was changed on it. @throws the model's DoesNotExist */
export async function refreshInstance(instance: object, { fields, from }: RefreshOptions): Promise<void> {
  const row = instance as AnyRow;
  const meta = metaOf(row);
  const columns = fields?.filter((name) => isColumn(row, name));
  for (const name of fields ?? []) if (row[stateOf].related !== undefined) row[stateOf].related[name] = undefined;
  if (columns?.length === 0) return;
  const { alias } = row[stateOf];
  let query = (from ?? baseManagerOf(meta).all()).filter({ pk: row["pk"] });
  if (from === undefined && alias !== undefined) query = query.using(alias);
  if (columns !== undefined) query = query.only(...columns);
  takeColumns(row, (await query.get()) as AnyRow, fields === undefined);
}

/** Whether a name is of a column; relations to many rows have none. */
function isColumn(row: AnyRow, name: string): boolean {
  const meta = metaOf(row);
  const member = meta.member(name);
  if (member === undefined) throw meta.unknownField(name);
  return member.type === "field";
}

/** Takes the columns that another instance of the row has, and with `whole` its relations. */
export function takeColumns(row: AnyRow, fresh: AnyRow, whole: boolean): void {
  const { fields } = metaOf(row);
  const [before, now] = [row[stateOf], fresh[stateOf]];
  const at = (state: typeof now, index: number) => (state.layout === undefined ? index : state.layout[index]!);
  const stored = fields.map((field, index) => {
    const place = at(now, index);
    if (place < 0) return before.stored?.[at(before, index)];
    row[field.attname] = fresh[field.attname];
    return now.stored![place];
  });
  before.stored = stored;
  before.layout = undefined;
  if (whole) before.related = now.related;
}
