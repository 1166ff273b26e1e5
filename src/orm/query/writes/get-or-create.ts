import { aliasFor, databaseFor } from "../../database/database.ts";
import type { AnyRow } from "../../model/rows/row.ts";
import type { QueryMethods } from "../query-methods.ts";
import { isPlainObject } from "../../plain-object.ts";
import type { QueryState } from "../query-state.ts";

type Values = Record<string, any>;
/** Values of a new row, or a function that makes them only when they are needed. */
export type Lazy<V> = V | (() => V);

function valuesOf(given: Lazy<Values>): Values {
  return typeof given === "function" ? (given as () => Values)() : given;
}

/** Makes a row of the query's model and saves it in the query's database. */
export async function createRow<T>({ meta, alias }: QueryState, values: Values): Promise<T> {
  const row = new meta.model(values) as unknown as AnyRow;
  await row["save"](alias === undefined ? { forceInsert: true } : { forceInsert: true, using: alias });
  return row as T;
}

/** What a row is made with: the values that it is looked for by, without lookups, and the defaults. */
function rowValues({ meta }: QueryState, values: Values, defaults: Values): Values {
  const plain = Object.entries(values).filter(([name, value]) => {
    if (!isPlainObject(value)) return true;
    const member = meta.member(name);
    return member?.type === "field" && member.field.kind === "json" && !("eq" in value);
  });
  return { ...Object.fromEntries(plain), ...defaults };
}

/** Where a row is looked for, and how it is made where there is none. */
export interface RowSeeker<T> {
  readonly query: QueryMethods<T>;
  readonly create: (values: Values) => Promise<T>;
}

/** Looks where it would be written: a replica may be behind. */
async function find<T>(query: QueryMethods<T>, values: Values): Promise<T | undefined> {
  const { meta, alias } = query.state;
  const target = aliasFor("write", meta, alias);
  const there = target === alias || target === undefined ? query : (query.using(target) as unknown as QueryMethods<T>);
  try {
    return (await there.get(values as never)) as T;
  } catch (error) {
    if (error instanceof query.model.DoesNotExist) return undefined;
    throw error;
  }
}

/** The row with these values, or a new one. Who loses a race for making it gets the winner's. */
export async function getOrCreate<T>(
  { query, create }: RowSeeker<T>,
  values: Values,
  defaults: Lazy<Values>,
): Promise<[T, boolean]> {
  const found = await find(query, values);
  if (found !== undefined) return [found, false];
  const { state } = query;
  const db = databaseFor("write", state.meta, state.alias);
  const made = rowValues(state, values, valuesOf(defaults));
  try {
    // In a savepoint, so that losing a race leaves an outer transaction usable.
    return [await db.transaction(() => create(made)), true];
  } catch (error) {
    const winner = (error as { code?: string }).code === "ORM_INTEGRITY" ? await find(query, values) : undefined;
    if (winner === undefined) throw error;
    return [winner, false];
  }
}

/** Sets fields and nothing else: a name from outside could be that of a method. */
function assignFields(row: Values, values: Values, { meta }: QueryState): void {
  for (const [name, value] of Object.entries(values)) {
    if (meta.member(name) === undefined && !meta.generics.has(name)) throw meta.unknownField(name);
    row[name] = value;
  }
}

/** How `updateOrCreate` differs for rows that it makes. */
export interface UpdateOrCreateValues {
  readonly defaults: Lazy<Values>;
  readonly createDefaults: Lazy<Values> | undefined;
}

/** The row with these values, locked and changed, or a new one. */
export function updateOrCreate<T>(
  { query, create }: RowSeeker<T>,
  values: Values,
  given: UpdateOrCreateValues,
): Promise<[T, boolean]> {
  const { state } = query;
  const db = databaseFor("write", state.meta, state.alias);
  return db.transaction(async () => {
    const locked = query.selectForUpdate() as unknown as QueryMethods<T>;
    const [row, created] = await getOrCreate({ query: locked, create }, values, given.createDefaults ?? given.defaults);
    if (!created) {
      assignFields(row as Values, valuesOf(given.defaults), state);
      await (row as unknown as AnyRow)["save"]();
    }
    return [row, created];
  });
}
