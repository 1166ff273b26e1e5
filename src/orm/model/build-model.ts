import { ForeignKeyField } from "../fields/relations/foreign-key.ts";
import { ManyToManyField } from "../fields/relations/many-to-many.ts";
import type { Field } from "../fields/field.ts";
import { defineModel } from "./define-model.ts";
import type { ModelClass } from "./model-class.ts";
import type { ModelOptions } from "./model-options.ts";
import { modelForKey } from "./registry.ts";

/** What `buildModel()` makes a model of. */
export interface BuildModelOptions {
  app: string;
  name: string;
  fields: Readonly<Record<string, Field>>;
  options?: ModelOptions;
  /** Finds the models that relations name; default: the registry. */
  resolve?: (key: string) => ModelClass;
}

/**
 * Makes a model class from fields, outside the registry: the models of a migration's past.
 *
 * ```ts
 * const Coffee = buildModel({ app: "shop", name: "Coffee", fields: { name: char({ maxLength: 30 }) } });
 * ```
 */
export function buildModel({ app, name, fields, options = {}, resolve }: BuildModelOptions): ModelClass {
  if (resolve) {
    for (const field of Object.values(fields)) {
      if (field instanceof ForeignKeyField || field instanceof ManyToManyField) field.resolve = resolve;
    }
  }
  const base = options.bases?.[0] === undefined ? undefined : (resolve ?? modelForKey)(options.bases[0]);
  const model = defineModel(fields, options, { base, ...(options.proxy ? { proxyFor: base } : { parent: base }) });
  model.meta.register(app, name);
  Object.defineProperty(model, "name", { value: name });
  return model;
}
