import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Member, ModelMeta } from "../model/meta.ts";

/** The relation that a step of a path takes: one that leads to a single row. @throws ORM_UNKNOWN_FIELD, ORM_BAD_QUERY */
export function stepOf(meta: ModelMeta, name: string, path: readonly string[]): Exclude<Member, { type: "manyToMany" }> {
  const member = meta.member(name);
  if (member === undefined) throw meta.unknownField(name);
  if (member.type === "field" && member.field.relation) return member;
  if (member.type === "reverse" && member.relation.one) return member;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${meta.label}.${name} in "${path.join(".")}" does not lead to one row.`,
    hint: "Use a to-one relation here, or annotate with an aggregate.",
  });
}

/** The field that a path leads to: `"roaster.country"`. @throws ORM_UNKNOWN_FIELD, ORM_BAD_QUERY */
export function fieldAt(meta: ModelMeta, path: readonly string[]): Field {
  let at = meta;
  for (const name of path.slice(0, -1)) {
    const step = stepOf(at, name, path);
    at = (step.type === "field" ? step.field.relation!.to : step.relation.model).meta;
  }
  return at.columnField(path.at(-1)!);
}

/** What a filter says of the field at a path, `"roaster.country"`: `{ roaster: { country: lookups } }`. */
export function conditionAt(path: string, lookups: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return path.split(".").reduceRight<Record<string, unknown>>((inner, name) => ({ [name]: inner }), lookups);
}
