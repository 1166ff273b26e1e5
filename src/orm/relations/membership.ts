import type { Database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import type { ModelMeta } from "../model/meta.ts";
import { QuerySet } from "../query/query-set.ts";
import { startState } from "../query/query-state.ts";
import { tellingMany } from "../signals/telling-many.ts";
import type { ManyLink } from "./many-link.ts";

/** Who belongs to the owner of a to-many relation, and how that is changed. */
export interface Membership {
  readonly link: ManyLink;
  readonly ownerKey: unknown;
  readonly db: Database;
  readonly owner: object;
  /** The alias of the owner's database; undefined for the default one. */
  readonly alias: string | undefined;
  /** The relation's name in messages: `Roaster.coffees`. */
  readonly label: string;
  /** The rows that belong to the owner now. */
  readonly rows: () => QuerySet<any>;
}

/** A query over all rows of a model, in a database. */
export function queryIn(meta: ModelMeta, alias: string | undefined): QuerySet<any> {
  const state = startState(meta);
  return new QuerySet<any>(alias === undefined ? state : { ...state, alias });
}

/** Values of a middle row beside its two references. */
export type ThroughDefaults = Readonly<Record<string, unknown>>;

/** Makes rows belong to the owner; those that do already stay. */
export function addKeys(membership: Membership, keys: readonly unknown[], defaults: ThroughDefaults = {}): Promise<void> {
  return membership.link.middle ? addThrough(membership, keys, defaults) : addByColumn(membership, keys);
}

async function addByColumn({ link, ownerKey, alias }: Membership, keys: readonly unknown[]): Promise<void> {
  const own = { [link.column!.attname]: ownerKey, ...link.fixed };
  await queryIn(link.target, alias)
    .filter({ pk: { in: keys } })
    .update(own as never);
}

function addThrough(membership: Membership, keys: readonly unknown[], defaults: ThroughDefaults): Promise<void> {
  const { link, ownerKey, db, alias } = membership;
  const { through, owner, target } = link.middle!;
  const middle = queryIn(through, alias);
  return db.transaction(async () => {
    const own = { [owner.attname]: ownerKey };
    const present = await middle.filter({ ...own, [target.attname]: { in: keys } }).valuesList(target.attname, { flat: true });
    const known = new Set(present);
    const fresh = [...new Set(keys)].filter((key) => !known.has(key));
    const rows = fresh.flatMap((key) => pairs(link, { own: ownerKey, other: key }).map((pair) => ({ ...defaults, ...pair })));
    const insert = () => middle.bulkCreate(rows, { ignoreConflicts: true });
    if (rows.length > 0) await tellingMany(membership, { change: "Add", keys: fresh, run: insert });
  });
}

/** A middle row; a symmetrical relation has one for each direction. */
function pairs({ middle, field }: ManyLink, { own, other }: { own: unknown; other: unknown }): Record<string, unknown>[] {
  const { owner, target } = middle!;
  const pair = { [owner.attname]: own, [target.attname]: other };
  if (!field.relation!.symmetrical || own === other) return [pair];
  return [pair, { [owner.attname]: other, [target.attname]: own }];
}

/** Takes rows away from the owner, all of them without `keys`. */
export async function removeKeys(membership: Membership, keys: readonly unknown[] | undefined): Promise<void> {
  if (membership.link.middle) return removeThrough(membership, keys);
  const { link, rows, label } = membership;
  const column = link.column!;
  if (link.fixed) {
    await (keys ? rows().filter({ pk: { in: keys } }) : rows()).delete();
    return;
  }
  if (!column.null)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${column.label} cannot be null, so a row cannot be taken out of ${label}.`,
      hint: "Delete the row, or give it to another.",
    });
  await (keys ? rows().filter({ pk: { in: keys } }) : rows()).update({ [column.attname]: null });
}

function removeThrough(membership: Membership, keys: readonly unknown[] | undefined): Promise<void> {
  const run = () => removeMiddle(membership, keys);
  return tellingMany(membership, { change: keys === undefined ? "Clear" : "Remove", keys, run });
}

async function removeMiddle({ link, ownerKey, db, alias }: Membership, keys: readonly unknown[] | undefined): Promise<void> {
  const { through, owner, target } = link.middle!;
  const remove = async (own: string, other: string) => {
    const rows = queryIn(through, alias).filter({ [own]: ownerKey });
    await (keys ? rows.filter({ [other]: { in: keys } }) : rows).delete();
  };
  if (!link.field.relation!.symmetrical) return remove(owner.attname, target.attname);
  await db.transaction(async () => {
    await remove(owner.attname, target.attname);
    await remove(target.attname, owner.attname);
  });
}
