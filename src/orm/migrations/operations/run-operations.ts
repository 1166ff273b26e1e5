import { type Database, databasesInUse, useDatabases } from "../../database/database.ts";
import { type HistoricalModels, historicalModels } from "../historical-models.ts";
import type { Operation, OperationContext } from "./operation.ts";

/** SQL of your own: one text, or statements that run one after another. */
export type SqlText = string | readonly string[];

export interface RunSQLOptions {
  forward: SqlText;
  /** Without it the migration cannot be undone; `""` says that nothing needs undoing. */
  backward?: SqlText | undefined;
  /** Operations that say what the SQL does to the models; only their state change is applied. */
  state?: readonly Operation[] | undefined;
}

/**
 * Runs SQL.
 *
 * ```ts
 * runSQL({ forward: "CREATE VIEW cheap AS SELECT * FROM shop_coffee", backward: "DROP VIEW cheap" })
 * ```
 */
export function runSQL({ forward, backward, state = [] }: RunSQLOptions): Operation {
  const run = async (sql: SqlText, { editor }: OperationContext): Promise<void> => {
    for (const statement of typeof sql === "string" ? [sql] : sql) if (statement.trim() !== "") await editor.execute(statement);
  };
  return {
    kind: "runSQL",
    options: { forward, backward, state: state.length === 0 ? undefined : state },
    symbol: "s",
    describe: () => "Run SQL",
    fragment: undefined,
    reversible: backward !== undefined,
    applyToState: (app, project) => state.forEach((operation) => operation.applyToState(app, project)),
    forward: (context) => run(forward, context),
    backward: (context) => run(backward ?? "", context),
    risks: () => [],
  };
}

/** What the functions of `run` are given: the models as they were at this point of history. */
export interface RunContext {
  readonly models: HistoricalModels;
  readonly db: Database;
}

export interface RunOptions {
  forward: (context: RunContext) => Promise<void> | void;
  /** Without it the migration cannot be undone. */
  backward?: ((context: RunContext) => Promise<void> | void) | undefined;
}

/**
 * Runs a function on the data, with the models as they are at this point of history.
 *
 * ```ts
 * run({
 *   forward: async ({ models }) => {
 *     const Coffee = models.get("shop", "Coffee");
 *     await Coffee.objects.filter({ price: 0 }).update({ price: 3000 });
 *   },
 *   backward: () => {},
 * })
 * ```
 */
export function run({ forward, backward }: RunOptions): Operation {
  const call = async (work: RunOptions["forward"], { from, editor }: OperationContext): Promise<void> => {
    const { db } = editor;
    if (!db) return editor.remark("a function runs here");
    await queriesOn(db, async () => work({ models: historicalModels(from), db }));
  };
  return {
    kind: "run",
    options: { forward, backward },
    symbol: "c",
    describe: () => "Run a function",
    fragment: undefined,
    reversible: backward !== undefined,
    applyToState: () => {},
    forward: (context) => call(forward, context),
    backward: (context) => call(backward ?? (() => {}), context),
    risks: () => [],
  };
}

/** Lets the models query the database that is being migrated, whichever the process uses otherwise. */
async function queriesOn(db: Database, work: () => Promise<void>): Promise<void> {
  const before = databasesInUse();
  if (before["default"] === db) return work();
  useDatabases({ ...before, default: db });
  try {
    await work();
  } finally {
    useDatabases(before);
  }
}
