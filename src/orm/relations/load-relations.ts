import { database } from "../database/database.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/instance-state.ts";
import type { Member, ModelMeta } from "../model/meta.ts";
import { type AnyRow, metaOf } from "../model/row.ts";
import { setRelated } from "../query/hydration.ts";
import { type QueryState, startState, type ThroughJoin } from "../query/query-state.ts";
import { runQuery } from "../query/run.ts";
import { throughColumns } from "../query/through-columns.ts";

/** Loads that are under way, so that rows of one query that are awaited together load once. */
const underWay = new WeakMap<object, Map<string, Promise<void>>>();

/** Loads a relation of a row and of every row that came with it; gives the row's own. */
export async function loadRelated(row: AnyRow, name: string): Promise<unknown> {
  const peers = (row[stateOf].peers ?? [row]) as readonly AnyRow[];
  let loads = underWay.get(peers);
  if (loads === undefined) underWay.set(peers, (loads = new Map()));
  let load = loads.get(name);
  if (load === undefined) {
    const running = loads;
    load = loadFor(missing(peers, row, name), name).finally(() => running.delete(name));
    loads.set(name, load);
  }
  await load;
  const related = row[stateOf].related;
  if (related?.has(name)) return related.get(name);
  await loadFor([row], name);
  return row[stateOf].related?.get(name) ?? null;
}

/** The peers that lack the relation. A row that was changed since then is not taken for its peers' sake. */
function missing(peers: readonly AnyRow[], row: AnyRow, name: string): AnyRow[] {
  return peers.filter((peer) => peer === row || (peer[stateOf].stored !== undefined && !peer[stateOf].related?.has(name)));
}

/** Loads a relation for all the rows with one query. */
async function loadFor(rows: readonly AnyRow[], name: string): Promise<void> {
  if (rows.length === 0) return;
  const member = metaOf(rows[0]!).member(name)!;
  if (member.type === "field") return loadToOne(rows, member.field);
  if (member.type === "manyToMany") return loadThrough(rows, name, { field: member.field, reversed: false });
  const { relation } = member;
  if (relation.field.kind === "manyToMany") return loadThrough(rows, name, { field: relation.field, reversed: true });
  return loadReverse(rows, name, relation.field);
}

function queryFor(meta: ModelMeta, change: Partial<QueryState>): Promise<AnyRow[]> {
  return runQuery<AnyRow>({ ...startState(meta), ...change });
}

async function loadToOne(rows: readonly AnyRow[], field: Field): Promise<void> {
  const keys = [...new Set(rows.map((row) => row[field.attname]).filter((key) => key !== null && key !== undefined))];
  const condition = { pk: keys.length === 1 ? keys[0] : { in: keys } };
  const found =
    keys.length === 0 ? [] : await queryFor(field.relation!.to.meta, { order: [], filters: [{ negated: false, condition }] });
  const byKey = new Map(found.map((target) => [target["pk"], target]));
  for (const row of rows) setRelated(row, field.name, byKey.get(row[field.attname]) ?? null);
}

async function loadReverse(rows: readonly AnyRow[], name: string, field: Field): Promise<void> {
  const condition = { [field.attname]: { in: rows.map((row) => row["pk"]) } };
  const found = await queryFor(field.model.meta, { filters: [{ negated: false, condition }] });
  const owners = new Map(rows.map((row) => [row["pk"], row]));
  const groups = Map.groupBy(found, (target) => target[field.attname]);
  for (const target of found) setRelated(target, field.name, owners.get(target[field.attname]));
  for (const row of rows)
    setRelated(row, name, field.kind === "oneToOne" ? (groups.get(row["pk"])?.[0] ?? null) : (groups.get(row["pk"]) ?? []));
}

/** How a many-to-many is seen from one side. */
export interface ManyToManySide {
  readonly field: Field;
  readonly reversed: boolean;
}

/** The join that gives the far rows of these owners. */
export function throughJoin({ field, reversed }: ManyToManySide, owners: readonly unknown[]): ThroughJoin {
  const { through, owner, target } = throughColumns(field, reversed);
  return { table: through.table, ownerColumn: owner.column, targetColumn: target.column, owners };
}

async function loadThrough(rows: readonly AnyRow[], name: string, side: ManyToManySide): Promise<void> {
  const meta = side.reversed ? side.field.model.meta : side.field.relation!.to.meta;
  // Two owners at least, so that the owner's key is among the columns.
  const keys = rows.map((row) => row["pk"]);
  const owners = keys.length === 1 ? [keys[0], keys[0]] : keys;
  const found = await queryFor(meta, { through: throughJoin(side, owners) });
  const key = metaOf(rows[0]!).primaryKey;
  const read = key.reader(database().dialect) ?? ((value: unknown) => value);
  const groups = Map.groupBy(found, (target) => read(target[stateOf].stored!.at(-1)));
  for (const row of rows) setRelated(row, name, groups.get(row["pk"]) ?? []);
}

/** Loads the to-many relations that a query was told to load, and what lies behind them. */
export async function loadToMany(meta: ModelMeta, rows: readonly object[], paths: readonly string[]): Promise<void> {
  if (rows.length === 0) return;
  for (const [name, inner] of byFirstName(paths)) {
    const member = meta.member(name)!;
    if (isMany(member)) await loadFor(rows as readonly AnyRow[], name);
    if (inner.length === 0) continue;
    const next = (rows as readonly AnyRow[]).flatMap((row) => (row[stateOf].related?.get(name) ?? []) as AnyRow[]);
    if (next.length > 0) await loadPaths(next, inner);
  }
}

/** Behind a loaded relation: to-one relations that no join brought are loaded too. */
async function loadPaths(rows: readonly AnyRow[], paths: readonly string[]): Promise<void> {
  const meta = metaOf(rows[0]!);
  for (const name of byFirstName(paths).keys()) {
    if (!isMany(meta.member(name) ?? unknown(meta, name)) && !rows[0]![stateOf].related?.has(name)) await loadFor(rows, name);
  }
  await loadToMany(meta, rows, paths);
}

function unknown(meta: ModelMeta, name: string): never {
  throw meta.unknownField(name);
}

function byFirstName(paths: readonly string[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const path of paths) {
    const [name, ...rest] = path.split(".");
    const inner = grouped.get(name!) ?? [];
    if (rest.length > 0) inner.push(rest.join("."));
    grouped.set(name!, inner);
  }
  return grouped;
}

function isMany(member: Member): boolean {
  return member.type === "manyToMany" || (member.type === "reverse" && !member.relation.one);
}
