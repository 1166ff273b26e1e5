import type { Field, ModelClass } from "#orm";

/** A field reached over to-one relations: `roaster.country`. */
export interface FieldPath {
  readonly text: string;
  /** The relations on the way: `["roaster"]`. */
  readonly through: readonly string[];
  readonly field: Field;
}

/** Follows a path from a model; undefined where it leads nowhere. */
export function findPath(model: ModelClass, text: string): FieldPath | undefined {
  const through = text.split(".");
  const last = through.pop()!;
  let at = model;
  for (const name of through) {
    const next = at.meta.member(name);
    if (next?.type !== "field" || next.field.relation === undefined) return undefined;
    at = next.field.relation.to;
  }
  const member = at.meta.member(last);
  return member === undefined || member.type === "reverse" ? undefined : { text, through, field: member.field };
}

/** A filter on the field at a path: `{ roaster: { country: "KR" } }`. */
export function nest(path: FieldPath, lookup: unknown): Record<string, unknown> {
  return [...path.through, path.field.name].reduceRight<unknown>((inner, name) => ({ [name]: inner }), lookup) as Record<
    string,
    unknown
  >;
}
