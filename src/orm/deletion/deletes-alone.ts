import type { ModelMeta } from "../model/meta.ts";
import { postDelete, preDelete } from "../signals/model-signals.ts";

/** Whether rows of a model can be deleted unread: nothing that refers to them needs looking after, and nobody is told. */
export function deletesAlone(meta: ModelMeta): boolean {
  if (!preDelete.isIdle || !postDelete.isIdle || meta.parents.length > 0) return false;
  return meta.incoming.every(({ field, fixed }) => {
    if (fixed) return false;
    if (field.kind === "manyToMany") return true;
    const { onDelete } = field.relation!;
    return onDelete === "doNothing" || (typeof onDelete === "string" && onDelete.startsWith("db"));
  });
}
