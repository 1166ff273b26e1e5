import { type QueryState, readsWholeTable } from "../query/query-state.ts";

const whole = new WeakSet<object>();

/** Remembers rows that are all of their table: what refers to them need not be asked for by their keys. */
export function noteWholeTable(state: QueryState, rows: object): void {
  if (readsWholeTable(state) && !state.meta.isJoined) whole.add(rows);
}

/** Whether rows are all of their table. */
export function isWholeTable(rows: object): boolean {
  return whole.has(rows);
}
