import { aliasFor, database } from "../../database/database.ts";
import { deletesAlone } from "../../deletion/deletes-alone.ts";
import { deleteRows } from "../../deletion/run-deletion.ts";
import { ormErrors } from "../../errors.ts";
import type { ModelClass } from "../../model/model-class.ts";
import { quoteName } from "../../names.ts";
import { Compiler } from "../compiler.ts";
import { fetchRows } from "../fetch.ts";
import { type QueryState, startState } from "../query-state.ts";
import { keyIn, refusePart } from "./key-query.ts";

/** How many rows are held in memory at once. */
const batch = 1000;

/** Deletes the rows of a query and what depends on them; gives how many rows went. */
export async function deleteQuery(state: QueryState): Promise<number> {
  const { meta } = state;
  if (state.selection)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `delete() on ${meta.label} cannot follow values() or valuesList().`,
      hint: "Delete the rows: leave the values() out.",
    });
  refusePart(state, "delete()");
  if (state.empty) return 0;
  meta.writes++;
  const alias = aliasFor("write", meta, state.alias);
  const db = database(alias);
  if (deletesAlone(meta)) {
    const compiler = new Compiler(db.dialect);
    const condition = keyIn(state, compiler);
    const sql = compiler.statement(`DELETE FROM ${quoteName(meta.table)} WHERE ${condition}`);
    return (await db.execute(sql, compiler.params)).rowCount;
  }
  // Read where it is written: a replica may be behind.
  const written = { ...state, alias };
  return db.transaction(() =>
    meta.primaryKey.parts.length === 1 && canBatch(meta.model) ? deleteInBatches(written) : deleteAtOnce(written),
  );
}

/** Whether what a row takes along can be found without the others: "restrict" may be lifted by one of them. */
function canBatch(model: ModelClass, seen = new Set<ModelClass>()): boolean {
  if (seen.has(model)) return true;
  seen.add(model);
  return model.meta.incoming.every(({ field, model: owner, fixed }) => {
    if (fixed) return canBatch(owner, seen);
    if (field.kind === "manyToMany") return true;
    const { onDelete } = field.relation!;
    return onDelete !== "restrict" && (onDelete !== "cascade" || canBatch(owner, seen));
  });
}

async function deleteAtOnce(state: QueryState): Promise<number> {
  const rows = await fetchRows<object>({ ...state, load: [], prefetch: undefined });
  return (await deleteRows(rows)).total;
}

/** The keys are read first: which rows the filters find may change as others go. */
async function deleteInBatches(state: QueryState): Promise<number> {
  const { meta, alias } = state;
  const keys = await fetchRows<unknown>({
    ...state,
    order: [],
    load: [],
    prefetch: undefined,
    selection: { kind: "flat", names: ["pk"] },
  });
  let count = 0;
  for (let at = 0; at < keys.length; at += batch) {
    const condition = { pk: { in: keys.slice(at, at + batch) } };
    count += await deleteAtOnce({ ...startState(meta), alias, order: [], filters: [{ negated: false, condition }] });
  }
  return count;
}
