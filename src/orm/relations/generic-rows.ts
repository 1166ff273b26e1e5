import type { Field } from "../fields/field.ts";
import { getModel, isModelKey } from "../model/registry.ts";
import { type AnyRow, metaOf } from "../model/rows/row.ts";
import { setRelated } from "../query/hydration.ts";
import { type QueryState, startState } from "../query/query-state.ts";
import { runQuery } from "../query/run.ts";
import { genericFields, isText, rememberGone } from "./generic-fields.ts";
import { inDatabaseOf, type LoadAfter } from "./load-rows.ts";
import { mapKey } from "./row-map.ts";

/** What is loaded behind the rows, and the queries of one's own by model. */
export interface GenericLoad {
  readonly inner?: readonly string[];
  readonly queries?: readonly QueryState[];
  readonly after: LoadAfter;
}

/** Loads the rows that these refer to: one query for each model. */
export async function loadGeneric(rows: readonly AnyRow[], name: string, { inner, queries, after }: GenericLoad): Promise<void> {
  const { type, key } = genericFields(metaOf(rows[0]!), name);
  const referring = rows.filter((row) => row[type.attname] != null && row[key.attname] != null);
  for (const row of rows) setRelated(row, name, null);
  for (const [modelKey, group] of Map.groupBy(referring, (row) => String(row[type.attname]))) {
    const found = isModelKey(modelKey) ? await findTargets(modelKey, group, { key, inner, queries, after }) : undefined;
    for (const row of group) {
      const target = found?.get(String(row[key.attname])) ?? null;
      if (target === null) rememberGone(row, name, { type, key });
      setRelated(row, name, target);
    }
  }
}

interface TargetSearch extends GenericLoad {
  readonly key: Field;
}

function findTargets(
  modelKey: string,
  group: readonly AnyRow[],
  { key, inner = [], queries = [], after }: TargetSearch,
): Promise<Map<unknown, AnyRow>> {
  const { meta } = getModel(modelKey);
  const own = queries.find((query) => query.meta === meta);
  return loadByKeys(group, own ?? { ...startState(meta), order: [], load: [...meta.load, ...inner] }, { key, after });
}

async function loadByKeys(
  group: readonly AnyRow[],
  base: QueryState,
  { key, after }: { key: Field; after: LoadAfter },
): Promise<Map<unknown, AnyRow>> {
  const { primaryKey } = base.meta;
  const keys = [...new Set(group.map((row) => row[key.attname]))].map((value) => (isText(key) ? primaryKey.parse(value) : value));
  const condition = { pk: { in: keys } };
  const state = inDatabaseOf(group[0]!, { ...base, filters: [...base.filters, { negated: false, condition }] });
  const found = await runQuery<AnyRow>(state);
  await after(state, found);
  return new Map(found.map((target) => [String(mapKey(target["pk"])), target]));
}
