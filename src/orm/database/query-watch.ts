import { AsyncLocalStorage } from "node:async_hooks";
import { callerLine, takeCaller } from "./caller-line.ts";

/**
 * How it works
 *
 * Backends look at `isWatching` before each statement and go straight on while it is false. Otherwise the
 * statement goes through `watched`: the wrappers of the running code stand around it, and every log that is
 * open around the running code, and every listener of the process, is told how it went.
 */
export let isWatching = false;

/** A statement that is about to run. */
export interface RunningQuery {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly dialect: "sqlite" | "postgres";
  /** The database, without a password. */
  readonly url: string;
}

/** A statement that has run. */
export interface LoggedQuery extends RunningQuery {
  readonly milliseconds: number;
  /** Rows that it gave or changed, where the database tells. */
  readonly rows: number | undefined;
  readonly error: unknown;
  /** BEGIN, COMMIT, SAVEPOINT and their like. */
  readonly isControl: boolean;
  /** Where the program asked for it: `shop/views.ts:12:20`. */
  readonly line: string | undefined;
}

/** Stands around statements: may measure, refuse or change what `run` gives. */
export type QueryWrapper = (
  query: RunningQuery & { readonly line: string | undefined },
  run: () => Promise<unknown>,
) => Promise<unknown>;
/** Is told of statements that have run. */
export type QueryListener = (query: LoggedQuery) => void;

const wrappers = new AsyncLocalStorage<readonly QueryWrapper[]>();
const logs = new AsyncLocalStorage<readonly QueryListener[]>();
const listeners = new Set<QueryListener>();
let open = 0;

function count(change: 1 | -1): void {
  open += change;
  isWatching = open > 0;
}

async function whileOpen<T>(run: () => Promise<T>): Promise<T> {
  count(1);
  try {
    return await run();
  } finally {
    count(-1);
  }
}

/**
 * Puts a wrapper around every statement that `run` sends, however deep.
 *
 * ```ts
 * await wrapQueries((query, next) => { throw new Error(`No queries here: ${query.sql}`); }, () => render(request, "page.html"));
 * ```
 */
export function wrapQueries<T>(wrapper: QueryWrapper, run: () => Promise<T>): Promise<T> {
  return whileOpen(() => wrappers.run([...(wrappers.getStore() ?? []), wrapper], run));
}

/** Tells a listener of every statement that `run` sends. */
export function listenToQueries<T>(listener: QueryListener, run: () => Promise<T>): Promise<T> {
  return whileOpen(() => logs.run([...(logs.getStore() ?? []), listener], run));
}

/**
 * Tells a listener of every statement of the process, until the function that it gives is called.
 *
 * ```ts
 * const stop = onQuery(({ milliseconds, line }) => learn(milliseconds, line));
 * ```
 */
export function onQuery(listener: QueryListener): () => void {
  listeners.add(listener);
  count(1);
  return () => {
    if (listeners.delete(listener)) count(-1);
  };
}

/**
 * Runs, and gives what was sent to the databases meanwhile, with times and the lines of the program.
 *
 * ```ts
 * const { queries, result } = await queryLog(() => Coffee.objects.count());
 * ```
 */
export async function queryLog<T>(run: () => Promise<T>): Promise<{ result: T; queries: readonly LoggedQuery[] }> {
  const queries: LoggedQuery[] = [];
  const result = await listenToQueries((query) => queries.push(query), run);
  return { result, queries };
}

/** How many queries `run` sends; BEGIN, COMMIT and savepoints are not counted. */
export async function countQueries(run: () => Promise<unknown>): Promise<number> {
  const { queries } = await queryLog(run);
  return queries.filter(({ isControl }) => !isControl).length;
}

const control = /^\s*(?:begin|commit|rollback|savepoint|release)\b/i;

/** Runs a statement in view of whoever watches. Called while `isWatching`. @internal */
export function watched<T>(query: RunningQuery, run: () => Promise<T>): Promise<T> {
  const told = [...(logs.getStore() ?? []), ...listeners];
  const line = takeCaller() ?? callerLine();
  const wrapped = (wrappers.getStore() ?? []).reduceRight<() => Promise<unknown>>(
    (next, wrapper) => async () => wrapper({ ...query, line }, next),
    run,
  ) as () => Promise<T>;
  return told.length === 0 ? wrapped() : timed({ ...query, line }, told, wrapped);
}

async function timed<T>(
  query: RunningQuery & { line: string | undefined },
  told: readonly QueryListener[],
  run: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const tell = (rows: number | undefined, error?: unknown) => {
    const milliseconds = performance.now() - start;
    const event = { ...query, milliseconds, rows, error, isControl: control.test(query.sql) };
    for (const listener of told) listener(event);
  };
  try {
    const result = await run();
    tell(rowsOf(result));
    return result;
  } catch (error) {
    tell(undefined, error);
    throw error;
  }
}

function rowsOf(result: unknown): number | undefined {
  return Array.isArray(result) ? result.length : (result as { rowCount?: number } | undefined)?.rowCount;
}
