import { aliasFor } from "../../database/database.ts";
import type { DatabaseUse } from "../../database/routing.ts";
import { QuerySet } from "../../query/query-set.ts";
import { startState } from "../../query/query-state.ts";
import type { ModelMeta } from "../meta.ts";
import type { AnyRow } from "./row.ts";

/** All rows of a row's model, or of one that it has its first columns from, in the row's own database. */
export function rowsBeside(row: AnyRow, meta: ModelMeta, use: DatabaseUse): QuerySet<any> {
  return new QuerySet({ ...startState(meta), alias: aliasFor(use, meta, row) });
}
