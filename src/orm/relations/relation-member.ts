import { ormErrors } from "../errors.ts";
import type { Member, ModelMeta } from "../model/meta.ts";

/** A relation by its name. @throws ORM_UNKNOWN_FIELD, ORM_BAD_QUERY */
export function relationMember(meta: ModelMeta, name: string): Member {
  const member = meta.member(name);
  if (member === undefined) throw meta.unknownField(name);
  if (member.type !== "field" || member.field.relation !== undefined) return member;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${meta.label}.${name} is not a relation, so with("${name}") cannot load it.`,
    hint: "with() takes relations.",
  });
}
