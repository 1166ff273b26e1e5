import { ormErrors } from "../errors.ts";
import { Hydration } from "./rows/hydration-source.ts";
import type { ModelClass } from "./model-class.ts";

/** Models whose class body was looked at. */
const known = new WeakSet<ModelClass>();

/**
 * Refuses a model whose class body declares a property that is a field: `name = ""` runs after the row's
 * values are set and would overwrite them. Each class is looked at once, when its first query is compiled.
 * @throws ORM_FIELD_REDECLARED
 */
export function refuseRedeclared(model: ModelClass): void {
  if (known.has(model)) return;
  const [field] = redeclaredFields(model);
  if (field !== undefined) throw ormErrors.ORM_FIELD_REDECLARED({ model: model.meta.label, field });
  known.add(model);
}

/** A row that was given nothing has of its own only what the class body declares. */
function redeclaredFields(model: ModelClass): string[] {
  const { meta } = model;
  let made: object = {};
  try {
    new model(new Hydration((instance) => void (made = instance)));
  } catch {
    // A class body may compute with values that this row lacks; what it declared before that is there.
  }
  const names = [...meta.fields.flatMap(({ name, attname }) => [name, attname]), ...Object.keys(meta.declaration)];
  return names.filter((name) => Object.hasOwn(made, name));
}
