import { checkSize } from "../check-size.ts";
import { aliasFor, type Database, database, homeOf } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import { storeUploads } from "../../fields/files/store-uploads.ts";
import { insertParams, learnGiven } from "../../model/saving/insert-row.ts";
import type { InsertPlan } from "../../model/saving/insert-plan.ts";
import { stateOf } from "../../model/rows/instance-state.ts";
import type { ModelMeta } from "../../model/meta.ts";
import { isRowOf } from "../../model/rows/row-key.ts";
import { type AnyRow, isRow, metaOf } from "../../model/rows/row.ts";
import { placeLast } from "../../model/order-column.ts";
import { placeholder, quoteName } from "../../names.ts";
import type { QueryState } from "../query-state.ts";
import { withSaveHooks } from "./save-hooks.ts";

/** How rows are inserted. */
export interface BulkCreateOptions {
  /** How many rows one statement inserts; never more than the database takes. */
  readonly batchSize?: number;
  /** Leaves out rows that break a unique rule. No row gets a key then: which ones are new is not known. */
  readonly ignoreConflicts?: boolean;
  /** Changes `updateFields` of the row that is there, where `uniqueFields` are alike. */
  readonly updateConflicts?: boolean;
  readonly updateFields?: readonly string[];
  readonly uniqueFields?: readonly string[];
  /** Sends `preSave` and `postSave` for each row, as `save()` does. */
  readonly hooks?: boolean;
}

/** SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535. */
export const parameterLimit = 32_000;

/** Inserts rows with few statements, in one transaction. */
export async function bulkCreate(
  { meta, alias }: QueryState,
  given: Iterable<object>,
  options: BulkCreateOptions,
): Promise<object[]> {
  const rows = Array.from(given, (values) => rowOf(meta, values));
  const conflict = conflictSql(meta, options);
  const target = aliasFor("write", meta, alias);
  const db = database(target);
  const home = homeOf(target);
  if (home !== undefined) for (const row of rows) row[stateOf].alias = home;
  if (rows.length === 0) return rows;
  for (const row of rows) {
    const uploads = storeUploads(row);
    if (uploads === undefined) break;
    await uploads;
  }
  const write = () => db.transaction(() => insertAll(rows, { meta, db, conflict, options }));
  if (options.hooks) await db.transaction(() => withSaveHooks(meta, rows, { bulk: { using: home, created: true }, write }));
  else await write();
  return rows;
}

function rowOf(meta: ModelMeta, values: object): AnyRow {
  if (!isRow(values)) return new meta.model(values) as AnyRow;
  if (isRowOf(meta.model, values)) return values;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `bulkCreate() of ${meta.label} was given a ${metaOf(values).label}.`,
    hint: "Give rows of the model, or objects of their values.",
  });
}

interface Inserts {
  readonly meta: ModelMeta;
  readonly db: Database;
  readonly conflict: string;
  readonly options: BulkCreateOptions;
}

/** Rows whose columns are the same go into one statement, as many as it takes. */
async function insertAll(rows: readonly AnyRow[], inserts: Inserts): Promise<void> {
  const { meta, db, conflict, options } = inserts;
  if (meta.isJoined) return saveEach(rows, inserts);
  if (meta.options.orderWithRespectTo !== undefined) await placeLast(rows, meta, db);
  const groups = new Map<InsertPlan, Prepared[]>();
  for (const row of rows) {
    const { plan, params } = insertParams(row, db);
    const group = groups.get(plan);
    if (group) group.push({ row, params });
    else groups.set(plan, [{ row, params }]);
  }
  for (const [plan, group] of groups) {
    const most = plan.fields.length === 0 ? 1 : Math.floor(parameterLimit / plan.fields.length);
    if (options.batchSize !== undefined) checkSize(options.batchSize, "batchSize");
    const size = Math.max(1, Math.min(options.batchSize ?? 500, most));
    for (let at = 0; at < group.length; at += size)
      await insertBatch(db, group.slice(at, at + size), { plan, conflict, options });
  }
}

/** A child's columns are in several tables, and its key comes from its parent's. */
async function saveEach(rows: readonly AnyRow[], { meta, conflict }: Inserts): Promise<void> {
  if (conflict !== "")
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${meta.label} has columns in several tables, so bulkCreate() cannot handle conflicts of its rows.`,
      hint: "Use updateOrCreate() for each row.",
    });
  for (const row of rows) await row["save"]({ forceInsert: true });
}

interface Prepared {
  readonly row: AnyRow;
  readonly params: readonly unknown[];
}

interface Batch {
  readonly plan: InsertPlan;
  readonly conflict: string;
  readonly options: BulkCreateOptions;
}

async function insertBatch(db: Database, batch: readonly Prepared[], { plan, conflict, options }: Batch): Promise<void> {
  const { fields, returning } = plan;
  const width = fields.length;
  const tuple = (_: unknown, row: number) =>
    `(${fields.map((__, i) => placeholder(db.dialect, row * width + i + 1)).join(", ")})`;
  const head = width === 0 ? plan.sql : plan.sql.slice(0, plan.sql.indexOf(") VALUES (") + ") VALUES ".length);
  const sql = `${head}${width === 0 ? "" : batch.map(tuple).join(", ")}${conflict}`;
  const params = batch.flatMap((one) => one.params);
  if (options.ignoreConflicts || returning.length === 0) await db.execute(sql, params);
  if (options.ignoreConflicts) return;
  const columns = returning.map((field) => field.selectSql(quoteName(field.column), db.dialect)).join(", ");
  const given = returning.length === 0 ? undefined : await db.rows(`${sql} RETURNING ${columns}`, params);
  batch.forEach(({ row, params: own }, i) => {
    row[stateOf].stored = given === undefined ? [...own] : learnGiven(row, plan, { params: own, given: given[i]!, db });
    row[stateOf].layout = undefined;
  });
}

/** What happens to a row that is there already. @throws ORM_BAD_QUERY where the options contradict each other */
function conflictSql(meta: ModelMeta, options: BulkCreateOptions): string {
  const { ignoreConflicts, updateConflicts, updateFields = [], uniqueFields = [] } = options;
  if (!updateConflicts && updateFields.length === 0 && uniqueFields.length === 0)
    return ignoreConflicts ? " ON CONFLICT DO NOTHING" : "";
  if (ignoreConflicts || !updateConflicts || updateFields.length === 0 || uniqueFields.length === 0)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `bulkCreate() of ${meta.label} is told of conflicts in a way that does not say what to do.`,
      hint: "Give ignoreConflicts: true, or updateConflicts: true with updateFields and uniqueFields.",
    });
  const unique = uniqueFields.flatMap((name) => (name === "pk" ? meta.primaryKey.parts : [meta.columnField(name)]));
  const updated = updateFields.map((name) => meta.columnField(name));
  if (updated.some((field) => meta.primaryKey.parts.includes(field)))
    throw ormErrors.ORM_BAD_QUERY({
      reason: `bulkCreate() cannot update the primary key of ${meta.label}.`,
      hint: "Leave it out of updateFields.",
    });
  const now = meta.fields.filter((field) => field.options.autoNow === true && !updated.includes(field));
  const sets = [...updated, ...now].map(({ column }) => `${quoteName(column)} = EXCLUDED.${quoteName(column)}`);
  return ` ON CONFLICT (${unique.map(({ column }) => quoteName(column)).join(", ")}) DO UPDATE SET ${sets.join(", ")}`;
}
