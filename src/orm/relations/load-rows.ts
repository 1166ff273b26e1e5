import type { Field } from "../fields/field.ts";
import { rowAlias } from "../model/rows/instance-state.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { AnyRow } from "../model/rows/row.ts";
import { prepare } from "../query/plan.ts";
import { isLimited, type QueryState, startState, type ThroughJoin } from "../query/query-state.ts";
import { send } from "../query/run.ts";
import { keyValue } from "./generic-fields.ts";
import type { ManyLink } from "./many-link.ts";
import { mapKey } from "./row-map.ts";
import { isWholeTable } from "./whole-tables.ts";
import { rememberOwners } from "./row-owners.ts";
import { prepareSliced } from "./sliced-per-owner.ts";

/**
 * How it works
 *
 * A relation is loaded for many rows by one query: the far rows whose column holds one of the owners'
 * values, or that the middle table joins to one of them. They are then dealt out to their owners. A far
 * row that belongs to several owners is made once.
 */

/** Loads what a query was told to load behind its rows. */
export type LoadAfter = (state: QueryState, rows: readonly object[]) => Promise<void>;

/** The query of a relation, where it is not the usual one, and what follows it. */
export interface Loading {
  readonly query?: QueryState | undefined;
  readonly after: LoadAfter;
}

/** The rows of a to-many relation that a query without a say of its own loads: those of the model's manager. */
export function manyQuery(meta: ModelMeta): QueryState {
  return meta.defaultManager.state;
}

/** The state of a query in the database that the rows came from. */
export function inDatabaseOf(row: AnyRow, state: QueryState): QueryState {
  const alias = rowAlias(row);
  return alias === undefined ? state : { ...state, alias };
}

/** The one row that each of these refers to, or null. */
export async function loadToOne(rows: readonly AnyRow[], field: Field, { query, after }: Loading): Promise<(AnyRow | null)[]> {
  const { to, targetField } = field.relation!;
  const { attname } = field;
  const keys = new Set<unknown>();
  for (const row of rows) if (row[attname] !== null && row[attname] !== undefined) keys.add(row[attname]);
  if (keys.size === 0) return rows.map(() => null);
  const name = targetField!.attname;
  const condition = { [name]: keys.size === 1 ? [...keys][0] : { in: [...keys] } };
  const every = to.meta.options.baseManagerName === undefined ? startState(to.meta) : to.meta.baseManager.state;
  const base = query ?? { ...every, order: [] };
  const found = await readRows(inDatabaseOf(rows[0]!, withFilter(base, condition)), { after });
  const byKey = new Map<unknown, AnyRow>();
  for (const target of found) byKey.set(mapKey(target[name]), target);
  return rows.map((row) => byKey.get(mapKey(row[attname])) ?? null);
}

/** The far rows of each of these, in the query's order. */
export async function loadMany(rows: readonly AnyRow[], link: ManyLink, { query, after }: Loading): Promise<AnyRow[][]> {
  const owner = link.ownerField.attname;
  const lists = new Map<unknown, AnyRow[]>();
  const keys: unknown[] = [];
  for (const row of rows) {
    keys.push(row[owner]);
    lists.set(keyIn(link, row[owner]), []);
  }
  const base = inDatabaseOf(rows[0]!, query ?? manyQuery(link.target));
  if (link.middle) await dealThrough(base, link, { keys, lists, after });
  else await dealByColumn(base, link, { rows, keys, lists, after });
  return rows.map((row) => lists.get(keyIn(link, row[owner]))!);
}

/** An owner's value as the far rows hold it. */
function keyIn({ fixed, column }: ManyLink, value: unknown): unknown {
  return mapKey(fixed === undefined ? value : keyValue(column!, value));
}

interface Owners {
  readonly keys: readonly unknown[];
  readonly lists: ReadonlyMap<unknown, AnyRow[]>;
  readonly after: LoadAfter;
}

async function dealByColumn(
  base: QueryState,
  { column, fixed, ownerField }: ManyLink,
  { rows, keys, lists, after }: Owners & { rows: readonly AnyRow[] },
): Promise<void> {
  const { attname, name } = column!;
  const held = fixed === undefined ? keys : keys.map((key) => keyValue(column!, key));
  const condition = isWholeTable(rows)
    ? { ...(column!.null ? { [attname]: { isNull: false } } : {}), ...fixed }
    : { [attname]: held.length === 1 ? held[0] : { in: held }, ...fixed };
  const found = isLimited(base)
    ? await readRows(withFilter({ ...base, start: 0, end: undefined }, condition), { after, slice: { base, by: column! } })
    : await readRows(withFilter(base, condition), { after });
  let last: unknown;
  let list: AnyRow[] | undefined;
  for (const target of found) {
    const key = mapKey(target[attname]);
    // Rows of one owner often stand together.
    if (key !== last) list = lists.get((last = key));
    list?.push(target);
  }
  if (fixed === undefined) rememberOwners(found, name, new Map(rows.map((row) => [mapKey(row[ownerField.attname]), row])));
}

async function dealThrough(base: QueryState, link: ManyLink, { keys, lists, after }: Owners): Promise<void> {
  const state = { ...base, start: 0, end: undefined, through: throughJoin(link, keys, true) };
  const slice = isLimited(base) ? base : undefined;
  const prepared = slice ? prepareSliced(state, slice, "middle") : prepare(state);
  const raw = await send(prepared);
  const readOwner = link.middle!.owner.reader(prepared.db.dialect);
  // The key is first; where rows are numbered, behind the number.
  const keyStart = slice ? 1 : 0;
  const keyEnd = keyStart + link.target.primaryKey.parts.length;
  const last = raw.length === 0 ? 0 : raw[0]!.length - 1;
  const firsts: unknown[][] = [];
  const places = new Map<unknown, number>();
  const placeOf = raw.map((row) => {
    const key = keyEnd === keyStart + 1 ? row[keyStart] : JSON.stringify(row.slice(keyStart, keyEnd));
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = firsts.push(row) - 1));
    return place;
  });
  const made = prepared.read(firsts) as AnyRow[];
  for (let i = 0; i < raw.length; i++) {
    const given = raw[i]![last];
    lists.get(mapKey(readOwner ? readOwner(given) : given))?.push(made[placeOf[i]!]!);
  }
  await after(base, made);
}

/** The join that gives the far rows of these owners. */
export function throughJoin({ middle }: ManyLink, owners: readonly unknown[], tellsOwner: boolean): ThroughJoin {
  const { through, owner, target } = middle!;
  return { table: through.table, owner, target, owners, tellsOwner };
}

function withFilter(state: QueryState, condition: Readonly<Record<string, unknown>>): QueryState {
  return { ...state, filters: [...state.filters, { negated: false, condition }] };
}

interface Reading {
  readonly after: LoadAfter;
  readonly slice?: { readonly base: QueryState; readonly by: Field };
}

async function readRows(state: QueryState, { after, slice }: Reading): Promise<AnyRow[]> {
  if (state.empty) return [];
  const prepared = slice ? prepareSliced(state, slice.base, slice.by) : prepare(state);
  const rows = prepared.read(await send(prepared)) as AnyRow[];
  await after(state, rows);
  return rows;
}
