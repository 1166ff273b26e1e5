import type { Field } from "../fields/field.ts";
import type { ModelClass } from "../model/model-class.ts";

/** Models that refer to others come before them. */
export function inDeletionOrder(models: readonly ModelClass[]): ModelClass[] {
  const ordered: ModelClass[] = [];
  const seen = new Set<ModelClass>();
  const visit = (model: ModelClass) => {
    if (seen.has(model)) return;
    seen.add(model);
    for (const other of models)
      if (other.meta.localFields.some((field) => field.relation?.to.meta.concrete === model)) visit(other);
    ordered.push(model);
  };
  models.forEach(visit);
  return ordered;
}

/** References that no order of deletion gets around: from models that go later to models that go before them. */
export function cyclicReferences(ordered: readonly ModelClass[]): { model: ModelClass; field: Field }[] {
  const places = new Map(ordered.map((model, at) => [model, at]));
  return ordered.flatMap((model, at) =>
    model.meta.localFields
      .filter((field) => field.null && field.relation && (places.get(field.relation.to) ?? at) < at)
      .map((field) => ({ model, field })),
  );
}
