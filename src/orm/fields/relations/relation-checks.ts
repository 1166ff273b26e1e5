import type { CheckMessage } from "#kernel";
import type { ModelMeta } from "../../model/meta.ts";

type Finding = Omit<CheckMessage, "level"> & { readonly object: string };

/** What is wrong with the relations that a model declares. */
export function* checkRelations(meta: ModelMeta): Iterable<Finding> {
  for (const { typeField, keyField } of meta.generics.values()) for (const name of [typeField, keyField]) meta.columnField(name);
  for (const field of meta.fields) {
    void field.relation?.targetField; // a target that one column cannot name is refused here
    if (field.relation?.onDelete === "dbSetDefault" && field.options.dbDefault === undefined)
      yield {
        code: "ORM_CHECK_SET_DEFAULT",
        object: `${meta.key}.${field.name}`,
        message: 'onDelete is "dbSetDefault", but the column has no default of its own.',
        hint: "Add dbDefault, or choose another onDelete.",
      };
  }
  for (const field of meta.manyToMany) {
    const { through, throughFields, to } = field.relation;
    if (field.options.through === undefined || through === undefined) continue;
    const object = `${meta.key}.${field.name}`;
    for (const name of throughFields ?? []) through.meta.field(name);
    const leading = (target: unknown) => through.meta.fields.filter((key) => key.relation?.to === target).length;
    const [own, other] = to === meta.model ? [2, 2] : [1, 1];
    if (leading(field.model) < own || leading(to) < other)
      yield {
        code: "ORM_CHECK_THROUGH",
        object,
        message: `${through.meta.label}, which it goes through, has no foreign key to each of ${field.model.meta.name} and ${to.meta.name}.`,
        hint: "Add the foreign keys, or leave through out.",
      };
    else if (throughFields === undefined && (leading(field.model) > own || leading(to) > other))
      yield {
        code: "ORM_CHECK_THROUGH",
        object,
        message: `${through.meta.label}, which it goes through, has several foreign keys to one side.`,
        hint: 'Say which: throughFields: ["thisSide", "otherSide"].',
      };
  }
}
