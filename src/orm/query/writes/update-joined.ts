import { databaseFor } from "../../database/database.ts";
import { Computed, Expression } from "../../expressions/expression.ts";
import type { ModelClass } from "../../model/model-class.ts";
import type { ModelMeta } from "../../model/meta.ts";
import { fetchRows } from "../fetch.ts";
import { type QueryState, startState } from "../query-state.ts";
import { Scope } from "../scope.ts";

type Values = Record<string, any>;

/** The rows of one statement: their keys are its parameters. */
const batch = 10_000;

/** Whether some of the values are columns of a parent's table. */
export function writesParents(meta: ModelMeta, values: Values): boolean {
  return meta.isJoined && Object.keys(values).some((name) => meta.columnField(name).model !== meta.concrete);
}

/** The columns of a child's rows are in several tables: each is updated by itself, for the keys that the query finds. */
export async function updateJoined(
  state: QueryState,
  values: Values,
  update: (state: QueryState, values: Values) => Promise<number>,
): Promise<number> {
  const { meta, alias } = state;
  return databaseFor("write", meta, alias).transaction(async () => {
    const keys = await fetchRows<unknown>({ ...state, order: [], load: [], selection: { kind: "flat", names: ["pk"] } });
    for (const [model, own] of byTable(meta, values)) {
      for (let at = 0; at < keys.length; at += batch) {
        const condition = { pk: { in: keys.slice(at, at + batch) } };
        await update({ ...startState(model.meta), alias, filters: [{ negated: false, condition }] }, own);
      }
    }
    return keys.length;
  });
}

/** An expression of a child's row, for an update of its parent's table. */
function computedInChild(meta: ModelMeta, value: Expression): Expression {
  return new Computed([value], (scope) => {
    const child = new Scope(scope.compiler, meta);
    const { sql, field } = value.compile(child);
    const link = `${child.column(meta.primaryKey)} = ${scope.column(scope.meta.primaryKey)}`;
    return { sql: `(SELECT ${sql} FROM ${[child.from, ...child.joins].join(" ")} WHERE ${link})`, field };
  });
}

/** The values of each table; a relation's row stays what it is. */
function byTable(meta: ModelMeta, values: Values): Map<ModelClass, Values> {
  const tables = new Map<ModelClass, Values>();
  for (const [name, value] of Object.entries(values)) {
    const { model } = meta.columnField(name);
    const own = model !== meta.concrete && value instanceof Expression ? computedInChild(meta, value) : value;
    tables.set(model, { ...tables.get(model), [name]: own as unknown });
  }
  return tables;
}
