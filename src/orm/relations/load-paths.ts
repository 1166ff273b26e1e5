import { ormErrors } from "../errors.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import type { Member, ModelMeta } from "../model/meta.ts";
import { type AnyRow, metaOf } from "../model/rows/row.ts";
import { setRelated } from "../query/hydration.ts";
import type { QueryState } from "../query/query-state.ts";
import { manyLink } from "./many-link.ts";
import { inDatabaseOf, loadMany, loadToOne, manyQuery } from "./load-rows.ts";
import { isGeneric } from "./generic-fields.ts";
import { loadGeneric } from "./generic-rows.ts";
import { knownOwner } from "./row-owners.ts";
import type { PrefetchPlan } from "./prefetch.ts";
import { relationMember } from "./relation-member.ts";

/** Loads what a query was told to load and its joins did not bring. */
export async function loadAfter(state: QueryState, rows: readonly object[]): Promise<void> {
  if (rows.length === 0 || state.selection !== undefined) return;
  if (state.load.length > 0) await loadPaths(state.meta, rows as readonly AnyRow[], state.load);
  for (const plan of state.prefetch ?? []) await loadPlan(state.meta, rows as readonly AnyRow[], plan);
}

/** Loads relations by their paths: `["tags", "roaster.coffees"]`; what the rows have already stays. */
async function loadPaths(meta: ModelMeta, rows: readonly AnyRow[], paths: readonly string[]): Promise<void> {
  for (const [name, inner] of byFirstName(paths)) {
    bringOwners(meta, rows, name);
    const lacking = rows.filter((row) => row[stateOf].related?.[name] === undefined);
    if (lacking.length > 0) await loadOne(lacking.length === rows.length ? rows : lacking, name, inner);
    if (inner.length === 0 || lacking.length === rows.length) continue;
    // A join, or an earlier load, brought the rows of this name; what lies behind them is loaded here.
    const next = rows.flatMap((row) => (row[stateOf].related?.[name] ?? []) as AnyRow[]);
    for (const [far, group] of Map.groupBy(next, metaOf)) await loadPaths(far, [...new Set(group)], inner);
  }
}

/** Owners that rows were loaded for need not be asked for. */
function bringOwners(meta: ModelMeta, rows: readonly AnyRow[], name: string): void {
  const member = meta.member(name);
  if (member?.type !== "field" || knownOwner(rows[0]!, member.field) === undefined) return;
  for (const row of rows) setRelated(row, name, knownOwner(row, member.field));
}

/** Loads one relation of rows of one model, and what lies behind it. */
export async function loadOne(rows: readonly AnyRow[], name: string, inner: readonly string[] = []): Promise<void> {
  const meta = metaOf(rows[0]!);
  if (isGeneric(meta, name)) return loadGeneric(rows, name, { inner, after: loadAfter });
  const member = relationMember(meta, name);
  const query = queryWith(member, rows[0]!, inner);
  const found = await loadMember(rows, member, query);
  rows.forEach((row, i) => setRelated(row, name, found[i]));
}

async function loadPlan(meta: ModelMeta, rows: readonly AnyRow[], { relation, as, query, queries }: PrefetchPlan): Promise<void> {
  if (isGeneric(meta, relation)) return loadGeneric(rows, relation, { queries: queries ?? [query], after: loadAfter });
  const member = relationMember(meta, relation);
  refuseOtherModel(meta, { relation, member, query });
  const found = await loadMember(rows, member, inDatabaseOf(rows[0]!, query));
  rows.forEach((row, i) => {
    if (as === undefined) setRelated(row, relation, found[i]);
    else row[as] = found[i];
  });
}

/** A relation of many gives each row a list; one to one gives the row or null. */
async function loadMember(
  rows: readonly AnyRow[],
  member: Member,
  query?: QueryState,
): Promise<readonly (AnyRow | AnyRow[] | null)[]> {
  if (member.type === "field") return loadToOne(rows, member.field, { query, after: loadAfter });
  const link = manyLink(member);
  const lists = await loadMany(rows, link, { query, after: loadAfter });
  return link.one ? lists.map((list) => list[0] ?? null) : lists;
}

/** The far query, told what to load behind it. */
function queryWith(member: Member, row: AnyRow, inner: readonly string[]): QueryState | undefined {
  if (inner.length === 0) return undefined;
  const base = inDatabaseOf(row, manyQuery(farModel(member)));
  return { ...base, ...(member.type === "field" ? { order: [] } : {}), load: [...new Set([...base.load, ...inner])] };
}

function farModel(member: Member): ModelMeta {
  if (member.type === "field") return member.field.relation!.to.meta;
  return manyLink(member).target;
}

function refuseOtherModel(
  meta: ModelMeta,
  { relation, member, query }: { relation: string; member: Member; query: QueryState },
): void {
  const far = farModel(member);
  if (query.meta === far && query.selection === undefined) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${meta.label}.${relation} leads to rows of ${far.label}, and was to be loaded by a query of ${query.selection ? "values" : query.meta.label}.`,
    hint: `Give a query of its rows: with({ ${relation}: ${far.label}.objects.filter(…) }).`,
  });
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
