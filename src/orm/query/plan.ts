import { handOverCaller } from "../database/caller-line.ts";
import { aliasFor, type Database, database, homeOf } from "../database/database.ts";
import { isWatching } from "../database/query-watch.ts";
import type { Converter } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import { registryVersion } from "../model/registry.ts";
import { rememberAlias } from "../model/rows/row-alias.ts";
import { instanceColumns, valueColumns } from "./columns.ts";
import { bindParams, Compiler } from "./compiler.ts";
import { queryErrors } from "./errors.ts";
import { compileHydrator } from "./hydration.ts";
import { isPlainObject } from "../plain-object.ts";
import { shapeOf } from "./query-shape.ts";
import type { QueryState } from "./query-state.ts";
import { gatherTuples, valueReader } from "./read-values.ts";
import { compileSelect } from "./select.ts";

/** Turns the driver's rows into what the query gives. */
export type ReadRows = (rows: unknown[][]) => unknown[];

/** A compiled query without its values. */
interface Plan {
  readonly sql: string;
  readonly converters: readonly Converter[];
  readonly single: boolean;
  readonly read: ReadRows;
}

/** A query that can be sent. */
export interface Prepared {
  readonly db: Database;
  readonly sql: string;
  readonly params: unknown[];
  /** Whether there is one row at most. */
  readonly single: boolean;
  readonly read: ReadRows;
}

interface PlanCache {
  version: number;
  readonly plans: Map<string, Plan>;
}

const caches = { sqlite: new WeakMap<ModelMeta, PlanCache>(), postgres: new WeakMap<ModelMeta, PlanCache>() };
/** Shapes beyond this many are most likely built from data; the cache starts again. */
const planLimit = 1000;

function plansOf(meta: ModelMeta, db: Database): Map<string, Plan> {
  const known = caches[db.dialect];
  let cache = known.get(meta);
  if (cache === undefined || cache.version !== registryVersion() || cache.plans.size > planLimit) {
    known.set(meta, (cache = { version: registryVersion(), plans: new Map() }));
  }
  return cache.plans;
}

/** Compiles a query, or finds the plan of one of the same shape; rows of another database than the default one remember it. */
export function prepare(state: QueryState): Prepared {
  if (isWatching) handOverCaller(state);
  const alias = aliasFor(state.lock ? "write" : "read", state.meta, state.alias);
  const db = database(alias);
  if (state.lock !== undefined && !db.inTransaction) throw queryErrors.ORM_LOCK_OUTSIDE_TRANSACTION({ model: state.meta.label });
  const prepared = prepareFor(state, db);
  const home = homeOf(alias);
  return home === undefined ? prepared : { ...prepared, read: (rows) => rememberAlias(prepared.read(rows), home) as unknown[] };
}

/** The same for a database that is known already. */
export function prepareFor(state: QueryState, db: Database): Prepared {
  const values: unknown[] = [];
  const shape = shapeOf(state, values);
  if (shape === undefined) return compile(state, db).prepared;
  const plans = plansOf(state.meta, db);
  const plan = plans.get(shape);
  // A key that was made up to look like another shape has not its number of values.
  if (plan !== undefined && plan.converters.length === values.length)
    return { db, sql: plan.sql, params: bindParams(values, plan.converters), single: plan.single, read: plan.read };
  const { prepared, compiler } = compile(state, db);
  const { sql, single, read } = prepared;
  if (compiler.cacheable) plans.set(shape, { sql, converters: compiler.converters, single, read });
  return prepared;
}

function compile(state: QueryState, db: Database): { prepared: Prepared; compiler: Compiler } {
  const compiler = new Compiler(db.dialect);
  let read: ReadRows = (rows) => rows;
  const select = compileSelect(state, compiler, (scope) => {
    const columns = state.selection ? valueColumns(scope, state.selection) : instanceColumns(scope, state);
    const { shape, reads, widths } = columns;
    const values = shape ? compileHydrator(shape, db.dialect) : valueReader(state.selection!, reads);
    read = widths === undefined ? values : (rows) => values(gatherTuples(widths, rows));
    return columns.sql;
  });
  return { prepared: { db, sql: compiler.statement(select), params: compiler.params, single: isSingle(state), read }, compiler };
}

/** Whether a query has one row at most: it is cut to one, or its filters name the row's key. */
function isSingle({ meta, start, end, filters, through, joins, source }: QueryState): boolean {
  if (end !== undefined && end - start <= 1) return true;
  // A table that others manage may hold a key twice, and a join a row.
  if (meta.options.managed === false || through !== undefined || joins !== undefined || source !== undefined) return false;
  return filters.some(({ negated, condition }) => !negated && isPlainObject(condition) && namesKey(meta, condition));
}

function namesKey(meta: ModelMeta, condition: Readonly<Record<string, unknown>>): boolean {
  const { attname } = meta.primaryKey;
  const value = condition["pk"] ?? condition[attname];
  return typeof value === "number" || typeof value === "string" || typeof value === "bigint";
}
