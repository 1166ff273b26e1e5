import { type Database, databasesInUse, useDatabases } from "../../database/database.ts";
import { type HistoricalModels, historicalModels } from "../state/historical-models.ts";
import type { ProjectState } from "../state/project-state.ts";
import type { Operation, OperationContext } from "./operation.ts";

/** SQL of your own: one text, or statements that run one after another. */
export type SqlText = string | readonly string[];

/** What `runSQL()` takes. */
export interface RunSQLOptions {
  forward: SqlText;
  /** Without it the migration cannot be undone; `""` says that nothing needs undoing. */
  backward?: SqlText | undefined;
  /** Operations that say what the SQL does to the models; only their state change is applied. */
  state?: readonly Operation[] | undefined;
  /** New databases do not need it: squashing leaves it out. */
  elidable?: boolean | undefined;
  /** What a database router is told, to decide where it runs. */
  hints?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Runs SQL.
 *
 * ```ts
 * runSQL({ forward: "CREATE VIEW cheap AS SELECT * FROM shop_coffee", backward: "DROP VIEW cheap" })
 * ```
 */
export function runSQL({ forward, backward, state = [], elidable, hints }: RunSQLOptions): Operation {
  const run = async (sql: SqlText, { editor }: OperationContext): Promise<void> => {
    for (const statement of typeof sql === "string" ? [sql] : sql) if (statement.trim() !== "") await editor.execute(statement);
  };
  return {
    kind: "runSQL",
    options: { forward, backward, state: state.length === 0 ? undefined : state, elidable, hints },
    elidable,
    routing: hints,
    symbol: "s",
    describe: () => "Run SQL",
    fragment: undefined,
    reversible: backward !== undefined,
    applyToState: (app, project) => state.forEach((operation) => operation.applyToState(app, project)),
    forward: (context) => run(forward, context),
    backward: (context) => run(backward ?? "", context),
  };
}

/** What the functions of `run` are given: the models as they were at this point of history. */
export interface RunContext {
  readonly models: HistoricalModels;
  readonly db: Database;
}

/** What `run()` takes. */
export interface RunOptions {
  forward: (context: RunContext) => Promise<void> | void;
  /** Without it the migration cannot be undone. */
  backward?: ((context: RunContext) => Promise<void> | void) | undefined;
  /** New databases do not need it: squashing leaves it out. */
  elidable?: boolean | undefined;
  /** What a database router is told, to decide where it runs. */
  hints?: Readonly<Record<string, unknown>> | undefined;
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
export function run({ forward, backward, elidable, hints }: RunOptions): Operation {
  const call = async (work: RunOptions["forward"], { from, editor }: OperationContext): Promise<void> => {
    const { db } = editor;
    if (!db) return editor.remark("a function runs here");
    await queriesOn(db, async () => work({ models: historicalModels(from), db }));
  };
  return {
    kind: "run",
    options: { forward, backward, elidable, hints },
    elidable,
    routing: hints,
    symbol: "c",
    describe: () => "Run a function",
    fragment: undefined,
    reversible: backward !== undefined,
    applyToState: () => {},
    forward: (context) => call(forward, context),
    backward: (context) => call(backward ?? (() => {}), context),
  };
}

/** Whether an operation calls functions of the project, which may do more than change rows. */
export function callsFunctions({ kind }: Pick<Operation, "kind">): boolean {
  return kind === "run";
}

/** Whether an operation is code or SQL of the project's own, of which the states say nothing. */
export function isOwnWork({ kind }: Pick<Operation, "kind">): boolean {
  return kind === "run" || kind === "runSQL";
}

/** What `separateDatabaseAndState()` takes. */
export interface SeparateOptions {
  /** What happens to the tables. */
  database?: readonly Operation[] | undefined;
  /** What happens to the models. */
  state?: readonly Operation[] | undefined;
}

/**
 * Does one thing to the tables and another to the models: for a table that is already as the models want it.
 *
 * ```ts
 * separateDatabaseAndState({
 *   database: [runSQL({ forward: "ALTER TABLE old RENAME TO shop_order_tags", backward: "ALTER TABLE shop_order_tags RENAME TO old" })],
 *   state: [createModel({ name: "OrderTag", fields: { … } })],
 * })
 * ```
 */
export function separateDatabaseAndState({ database = [], state = [] }: SeparateOptions): Operation {
  const steps = ({ app, from }: OperationContext) => statesOf(database, app, from);
  return {
    kind: "separateDatabaseAndState",
    options: { database, state },
    symbol: "~",
    describe: () => "Change the database and the models separately",
    fragment: undefined,
    reversible: database.every((operation) => operation.reversible),
    transactional: database.every((operation) => operation.transactional !== false) ? undefined : false,
    applyToState: (app, project) => state.forEach((operation) => operation.applyToState(app, project)),
    async forward(context) {
      for (const { operation, from, to } of steps(context)) await operation.forward({ ...context, from, to });
    },
    async backward(context) {
      // Backward, the state that the operations start from is the one that this operation leads to.
      for (const { operation, from, to } of statesOf(database, context.app, context.to).toReversed())
        await operation.backward({ ...context, from: to, to: from });
    },
  };
}

function statesOf(operations: readonly Operation[], app: string, start: ProjectState) {
  let from = start;
  return operations.map((operation) => {
    const to = from.clone();
    operation.applyToState(app, to);
    const step = { operation, from, to };
    from = to;
    return step;
  });
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
