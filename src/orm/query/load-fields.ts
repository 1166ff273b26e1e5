import { takeColumns } from "../model/rows/refresh-instance.ts";
import { type AnyRow, metaOf } from "../model/rows/row.ts";
import { rowAlias } from "../model/rows/instance-state.ts";
import { fetchRows } from "./fetch.ts";
import { startState } from "./query-state.ts";

/** The names of the fields that a query left out of a row: what `only()`, `defer()` or `raw()` did not read. */
export function deferredFields(row: object): string[] {
  return metaOf(row)
    .fields.filter(({ attname }) => Object.getOwnPropertyDescriptor(row, attname)?.get !== undefined)
    .map(({ name }) => name);
}

/**
 * Reads fields that a query left out, for all the rows with one query. Rows that have them keep what they have.
 *
 * ```ts
 * const coffees = await Coffee.objects.only("name");
 * await loadFields(coffees, "price");
 * ```
 * @throws ORM_UNKNOWN_FIELD
 */
export async function loadFields(rows: readonly object[], ...names: readonly string[]): Promise<void> {
  const given = rows as readonly AnyRow[];
  for (const [model, own] of Map.groupBy(given, (row) => metaOf(row).model)) {
    const fields = names.map((name) => model.meta.columnField(name));
    const lacking = own.filter((row) => deferredFields(row).some((name) => fields.some((field) => field.name === name)));
    for (const [alias, group] of Map.groupBy(lacking, rowAlias)) {
      const condition = { pk: { in: group.map((row) => row["pk"]) } };
      const only = fields.map((field) => field.name);
      const state = { ...startState(model.meta), alias, only, load: [], order: [], filters: [{ negated: false, condition }] };
      const found = new Map((await fetchRows<AnyRow>(state)).map((row) => [row["pk"], row]));
      for (const row of group) {
        const fresh = found.get(row["pk"]);
        if (fresh === undefined) throw new model.DoesNotExist(model.meta.label);
        takeColumns(row, fresh, false);
      }
    }
  }
}
