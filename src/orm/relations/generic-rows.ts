import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/instance-state.ts";
import { getModel } from "../model/registry.ts";
import { type AnyRow, metaOf } from "../model/row.ts";
import { setRelated } from "../query/hydration.ts";
import { type QueryState, startState } from "../query/query-state.ts";
import { runQuery } from "../query/run.ts";
import { genericFields, type GenericFields, isText, keyValue } from "./generic-fields.ts";
import { loadAfter } from "./load-paths.ts";
import { loadRelated } from "./load-relations.ts";
import { inDatabaseOf } from "./load-rows.ts";
import { pending } from "./pending.ts";
import { mapKey } from "./row-map.ts";

/** The row that is referred to if it is loaded, else a `Pending`; null without one. */
export function readGeneric(row: AnyRow, name: string): unknown {
  const { type, key } = genericFields(metaOf(row), name);
  const related = row[stateOf].related?.[name] as AnyRow | null | undefined;
  if (related && isReferredTo(related, row, { type, key })) return related;
  if (row[type.attname] == null || row[type.attname] === "" || row[key.attname] == null) return null;
  if (related !== undefined) row[stateOf].related![name] = undefined;
  return pending(() => loadRelated(row, name));
}

function isReferredTo(related: AnyRow, row: AnyRow, { type, key }: GenericFields): boolean {
  return metaOf(related).key === row[type.attname] && String(related["pk"]) === String(row[key.attname]);
}

/** `note.subject = coffee` takes the model's key and the row's. */
export function assignGeneric(row: AnyRow, name: string, value: unknown): void {
  const { type, key } = genericFields(metaOf(row), name);
  const isRow = typeof value === "object" && value !== null && stateOf in value;
  if (!isRow && value !== null && value !== undefined)
    throw ormErrors.ORM_BAD_VALUE({
      field: `${metaOf(row).label}.${name}`,
      given: typeof value === "object" ? "an object" : String(value),
      wanted: "a row of any model, or null",
    });
  const target = isRow ? (value as AnyRow) : null;
  if (target !== null && target["pk"] == null)
    throw ormErrors.ORM_NOT_SAVED({ model: metaOf(target).label, use: `${metaOf(row).label}.${name} cannot refer to it` });
  row[type.attname] = target && metaOf(target).key;
  row[key.attname] = target && keyValue(key, target["pk"]);
  setRelated(row, name, target);
}

/** What is loaded behind the rows, and the queries of one's own by model. */
export interface GenericLoad {
  readonly inner?: readonly string[];
  readonly queries?: readonly QueryState[];
}

/** Loads the rows that these refer to: one query for each model. */
export async function loadGeneric(
  rows: readonly AnyRow[],
  name: string,
  { inner = [], queries = [] }: GenericLoad,
): Promise<void> {
  const { type, key } = genericFields(metaOf(rows[0]!), name);
  const referring = rows.filter((row) => row[type.attname] != null && row[key.attname] != null);
  for (const row of rows) setRelated(row, name, null);
  for (const [modelKey, group] of Map.groupBy(referring, (row) => String(row[type.attname]))) {
    const { meta } = getModel(modelKey);
    const own = queries.find((query) => query.meta === meta);
    const found = await loadByKeys(group, own ?? { ...startState(meta), order: [], load: [...meta.load, ...inner] }, key);
    for (const row of group) setRelated(row, name, found.get(String(row[key.attname])) ?? null);
  }
}

async function loadByKeys(group: readonly AnyRow[], base: QueryState, key: Field): Promise<Map<unknown, AnyRow>> {
  const { primaryKey } = base.meta;
  const keys = [...new Set(group.map((row) => row[key.attname]))].map((value) => (isText(key) ? primaryKey.parse(value) : value));
  const condition = { pk: { in: keys } };
  const state = inDatabaseOf(group[0]!, { ...base, filters: [...base.filters, { negated: false, condition }] });
  const found = await runQuery<AnyRow>(state);
  await loadAfter(state, found);
  return new Map(found.map((target) => [String(mapKey(target["pk"])), target]));
}
