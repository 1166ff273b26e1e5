import type { QueryState } from "../query/query-state.ts";

const whole = new WeakSet<object>();

/** Remembers rows that are all of their table: what refers to them need not be asked for by their keys. */
export function noteWholeTable(state: QueryState, rows: object): void {
  if (isWhole(state)) whole.add(rows);
}

export function isWholeTable(rows: object): boolean {
  return whole.has(rows);
}

function isWhole({ meta, filters, start, end, groupSlice, distinctOn, source, joins, through, group }: QueryState): boolean {
  if (filters.length > 0 || start > 0 || end !== undefined || meta.isJoined) return false;
  return [groupSlice, distinctOn, source, joins, through, group].every((part) => part === undefined);
}
