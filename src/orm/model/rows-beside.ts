import { aliasFor } from "../database/database.ts";
import type { DatabaseUse } from "../database/routing.ts";
import { QuerySet } from "../query/query-set.ts";
import { startState } from "../query/query-state.ts";
import { type AnyRow, metaOf } from "./row.ts";

/** All rows of a row's model, in the row's own database. */
export function rowsBeside(row: AnyRow, use: DatabaseUse): QuerySet<any> {
  const meta = metaOf(row);
  return new QuerySet({ ...startState(meta), alias: aliasFor(use, meta, row) });
}
