import type { App } from "#kernel";
import { isModelClass, type ModelClass } from "../model/model-class.ts";
import { registerModels } from "../model/registry.ts";
import { serializationErrors } from "./errors.ts";

/** The models of the apps that have rows of their own: proxies have not. */
export function storedModels(apps: readonly App[]): ModelClass[] {
  for (const app of apps) registerModels(app);
  return apps
    .flatMap((app) => Object.values(app.models ?? {}).filter(isModelClass))
    .filter(({ meta }) => meta.concrete === meta.model && meta.options.abstract !== true);
}

/** The models that labels such as `shop` and `shop.Coffee` name, without those that others exclude. @throws SERIALIZATION_UNKNOWN_LABEL */
export function selectedModels(
  models: readonly ModelClass[],
  labels: readonly string[],
  exclude: readonly string[],
): ModelClass[] {
  const known = [...new Set(models.flatMap(({ meta }) => [meta.app, meta.key]))];
  for (const given of [...labels, ...exclude]) {
    if (!known.some((one) => one.toLowerCase() === given.toLowerCase()))
      throw serializationErrors.SERIALIZATION_UNKNOWN_LABEL({ given, known });
  }
  return models.filter((model) => (labels.length === 0 || isNamed(model, labels)) && !isNamed(model, exclude));
}

function isNamed({ meta }: ModelClass, labels: readonly string[]): boolean {
  return labels.some((label) => [meta.app, meta.key].some((name) => name.toLowerCase() === label.toLowerCase()));
}

/** The models in an order in which a row comes after those that it refers to; cycles stay in the order of declaration. */
export function byDependency(models: readonly ModelClass[]): ModelClass[] {
  const ordered = new Set<ModelClass>();
  const visiting = new Set<ModelClass>();
  const visit = (model: ModelClass) => {
    if (ordered.has(model) || visiting.has(model)) return;
    visiting.add(model);
    for (const { relation } of [...model.meta.localFields, ...model.meta.localManyToMany]) {
      const to = relation?.to.meta.concrete;
      if (to !== undefined && models.includes(to)) visit(to);
    }
    ordered.add(model);
  };
  models.forEach(visit);
  return [...ordered];
}
