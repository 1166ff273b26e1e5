import { ormErrors } from "../errors.ts";
import { Manager, managerLike } from "../query/manager.ts";
import type { ModelMeta } from "./meta.ts";

/** The manager through which rows are reached that no code names a manager for: related rows, choices, the admin. */
export function defaultManagerOf(meta: ModelMeta): Manager<any> {
  return managerNamed(meta, meta.options.defaultManagerName ?? "objects");
}

/** The manager by which a relation finds the one row it leads to; it hides no rows unless the model says which to use. */
export function baseManagerOf(meta: ModelMeta): Manager<any> {
  const { baseManagerName } = meta.options;
  return baseManagerName === undefined ? new Manager(meta.model) : managerNamed(meta, baseManagerName);
}

/** A static of the model that is a manager; one that it has from a base gives the model's own rows. */
function managerNamed(meta: ModelMeta, name: string): Manager<any> {
  const found = (meta.model as unknown as Record<string, unknown>)[name];
  if (!(found instanceof Manager))
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${meta.label}.${name} is named as a manager in the options, and is none.`,
      hint: `Write in the class: static ${name} = manager(this);`,
    });
  return found.model === meta.model ? found : managerLike(found, meta.model);
}
