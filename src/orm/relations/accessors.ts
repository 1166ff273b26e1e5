import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import { type AnyRow, isRow, metaOf } from "../model/rows/row.ts";
import { requireSameDatabase } from "../model/rows/row-alias.ts";
import { keyFor } from "../model/rows/row-key.ts";
import { setRelated } from "../query/hydration.ts";
import { isGeneric } from "./generic-fields.ts";
import { assignGeneric, readGeneric } from "./generic-accessor.ts";
import { loadRelated } from "./load-relations.ts";
import { Pending, pending } from "./pending.ts";
import { knownOwner } from "./row-owners.ts";
import { relatedManager } from "./related-manager.ts";

/** Gives a model's rows a property for a relation. What the relation is, is asked on first use. */
export function defineRelationAccessor(prototype: object, name: string): void {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: AnyRow) {
      return this[stateOf] === undefined ? undefined : readRelation(this, name);
    },
    set(this: AnyRow, value: unknown) {
      assignRelation(this, name, value);
    },
  });
}

/** The related row if it is loaded, a `Pending` if not, or the manager of many. */
function readRelation(row: AnyRow, name: string): unknown {
  const meta = metaOf(row);
  const member = meta.member(name);
  if (member === undefined) {
    if (isGeneric(meta, name)) return readGeneric(row, name);
    throw meta.unknownField(name);
  }
  if (member.type === "field") return readToOne(row, member.field);
  if (member.type === "manyToMany" || !member.relation.one) return relatedManager(row, name, member);
  const related = row[stateOf].related?.[name];
  return related === undefined ? pending(() => loadRelated(row, name)) : related;
}

function readToOne(row: AnyRow, field: Field): unknown {
  const key = row[field.attname];
  const related = row[stateOf].related?.[field.name] as AnyRow | null | undefined;
  if (related && (key === null || key === undefined || isKeyOf(related, field, key))) return related;
  if (key === null || key === undefined) return field.null ? null : new Pending(() => refuseMissing(field));
  const owner = knownOwner(row, field);
  if (owner !== undefined) return owner;
  if (related !== undefined) row[stateOf].related![field.name] = undefined;
  return pending(() => loadExisting(row, field));
}

/** Whether a row is the one that a key names. */
function isKeyOf(related: AnyRow, field: Field, key: unknown): boolean {
  const own = related[field.relation!.targetField!.attname];
  return own === key || (typeof key === "object" && String(own) === String(key));
}

async function loadExisting(row: AnyRow, field: Field): Promise<unknown> {
  const found = await loadRelated(row, field.name);
  if (found !== null) return found;
  const target = field.relation!.to;
  throw new target.DoesNotExist(target.meta.label);
}

/** A relation that must be there was never set. */
function refuseMissing(field: Field): Promise<never> {
  const target = field.relation!.to;
  return Promise.reject(new target.DoesNotExist(`${field.name} of this ${field.model.meta.label}`));
}

/** `coffee.roaster = roaster` keeps the row and takes its key. */
function assignRelation(row: AnyRow, name: string, value: unknown): void {
  const meta = metaOf(row);
  const member = meta.member(name);
  if (member === undefined && isGeneric(meta, name)) return assignGeneric(row, name, value);
  if (member?.type === "reverse" && member.relation.one) return assignReverse(row, name, value);
  if (member?.type !== "field")
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${meta.label}.${name} is not set by assignment.`,
      hint: `Use: await row.${name}.set([…])`,
    });
  const { field } = member;
  if (isRow(value)) requireSameDatabase(row, value, field.label);
  row[field.attname] = isRow(value) ? (keyFor(field, value) ?? null) : value;
  if (isRow(value)) setRelated(row, name, value);
  else if (row[stateOf].related) row[stateOf].related[name] = undefined;
}

/** `roaster.profile = profile` sets the profile's own reference, which is saved with the profile. */
function assignReverse(row: AnyRow, name: string, value: unknown): void {
  const member = metaOf(row).member(name)!;
  const { field } = (member as { relation: { field: Field } }).relation;
  if (isRow(value)) value[field.name] = row;
  setRelated(row, name, value);
}
