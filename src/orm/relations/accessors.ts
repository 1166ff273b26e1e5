import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/instance-state.ts";
import { type AnyRow, metaOf } from "../model/row.ts";
import { keyFor } from "../model/row-key.ts";
import { setRelated } from "../query/hydration.ts";
import { loadRelated } from "./load-relations.ts";
import { Pending } from "./pending.ts";
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
  if (member === undefined) throw meta.unknownField(name);
  if (member.type === "field") return readToOne(row, member.field);
  if (member.type === "manyToMany" || !member.relation.one) return relatedManager(row, name, member);
  const related = row[stateOf].related?.get(name);
  return related === undefined ? new Pending(() => loadRelated(row, name)) : related;
}

function readToOne(row: AnyRow, field: Field): unknown {
  const key = row[field.attname];
  const related = row[stateOf].related?.get(field.name) as AnyRow | null | undefined;
  if (related && (related["pk"] === key || key === null || key === undefined)) return related;
  if (key === null || key === undefined) return null;
  if (related !== undefined) row[stateOf].related!.delete(field.name);
  return new Pending(() => loadExisting(row, field));
}

async function loadExisting(row: AnyRow, field: Field): Promise<unknown> {
  const found = await loadRelated(row, field.name);
  if (found !== null) return found;
  const target = field.relation!.to;
  throw new target.DoesNotExist(target.meta.label);
}

/** `coffee.roaster = roaster` keeps the row and takes its key. */
function assignRelation(row: AnyRow, name: string, value: unknown): void {
  const meta = metaOf(row);
  const member = meta.member(name);
  if (member?.type !== "field")
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${meta.label}.${name} is not set by assignment.`,
      hint: `Use: await row.${name}.set([…])`,
    });
  const { field } = member;
  const isRow = typeof value === "object" && value !== null && stateOf in value;
  row[field.attname] = isRow ? (keyFor(field, value) ?? null) : value;
  if (isRow) setRelated(row, name, value);
  else row[stateOf].related?.delete(name);
}
