import { ormErrors } from "../../errors.ts";
import { quoteName } from "../../names.ts";
import type { Compiler } from "../compiler.ts";
import { keepsOrder, type QueryState } from "../query-state.ts";
import type { Compiled } from "../scope.ts";
import { compileSelect } from "../select.ts";

/** The primary keys of a query, as a sub-query. */
export class StateKeys {
  readonly #state: QueryState;
  constructor(state: QueryState) {
    this.#state = state;
  }
  compileSubQuery(compiler: Compiler): Compiled {
    return { sql: keySelect(this.#state, compiler), field: this.#state.meta.primaryKey };
  }
}

function keySelect(state: QueryState, compiler: Compiler): string {
  const whole = { ...state, order: [], load: [], prefetch: undefined, selection: undefined, distinct: false };
  return compileSelect(whole, compiler, (scope) => state.meta.primaryKey.parts.map((key) => scope.column(key)));
}

/** Whether a row is among those of the query. */
export function keyIn(state: QueryState, compiler: Compiler): string {
  const keys = state.meta.primaryKey.parts.map((key) => quoteName(key.column));
  return `${keys.length > 1 ? `(${keys.join(", ")})` : keys[0]} IN (${keySelect(state, compiler)})`;
}

/** @throws ORM_BAD_QUERY for a query of which a part of the rows is wanted, as the database changes all of them */
export function refusePart(state: QueryState, method: string): void {
  if (!keepsOrder(state)) return;
  const how = state.distinctOn === undefined ? "was sliced" : "was made distinct by fields";
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${method} on ${state.meta.label} cannot follow a query that ${how}.`,
    hint: `Name the rows by their keys: filter({ pk: { in: query } }).${method}.`,
  });
}
