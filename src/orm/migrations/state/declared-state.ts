import type { App } from "#kernel";
import type { Field } from "../../fields/field.ts";
import { isModelClass, type ModelClass } from "../../model/model-class.ts";
import { orderField } from "../../model/order-column.ts";
import { registerModels } from "../../model/registry.ts";
import { fieldState } from "./field-state.ts";
import { keptOptions } from "./kept-options.ts";
import { type ModelState, ProjectState } from "./project-state.ts";

/** The models of the apps as they are declared now. Middle tables belong to their fields and are left out. */
export function declaredState(apps: readonly App[]): ProjectState {
  return new ProjectState(declaredModels(apps).map(modelState));
}

/** The model classes of the apps. */
export function declaredModels(apps: readonly App[]): ModelClass[] {
  for (const app of apps) registerModels(app);
  return apps.flatMap((app) => Object.values(app.models ?? {}).filter(isModelClass));
}

function modelState({ meta }: ModelClass): ModelState {
  const order = Object.keys(meta.declaration);
  const position = (field: Field): number => order.indexOf(field.name);
  // The column of `orderWithRespectTo` comes and goes with the option.
  const isKept = (field: Field): boolean => field.name !== orderField || order.includes(orderField);
  const fields = [...meta.localFields.filter(isKept), ...meta.localManyToMany].sort((a, b) => position(a) - position(b));
  const compositeKey = meta.primaryKey.isComposite ? [meta.primaryKey] : [];
  return {
    app: meta.app,
    name: meta.name,
    fields: Object.fromEntries([...compositeKey, ...fields].map((field) => [field.name, fieldState(withKey(field))])),
    options: keptOptions(meta),
  };
}

/** A key that no model declares is written down as what it is. */
function withKey(field: Field): ReturnType<Field["deconstruct"]> {
  const { kind, options } = field.deconstruct();
  return { kind, options: kind === "auto" || kind === "bigAuto" ? { primaryKey: true, ...options } : options };
}
