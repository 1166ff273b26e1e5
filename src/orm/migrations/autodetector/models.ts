import { type FieldState, isManyToMany, isRelation, relatedModels } from "../field-state.ts";
import { partFields, type PartList, partLabel } from "../model-options.ts";
import { addField, removeField } from "../operations/field-operations.ts";
import { createModel, deleteModel } from "../operations/model-operations.ts";
import { addConstraint, addIndex } from "../operations/part-operations.ts";
import { modelKey, type ModelOptions, type ModelState, type ProjectState } from "../project-state.ts";
import { type Change, type Detection, neededModels, record, referencesTo } from "./change.ts";

/**
 * Phase: models that are declared and not yet created, what they refer to first. A relation that closes
 * a ring is added afterwards, with the indexes and constraints that cover it.
 */
export function detectCreatedModels(detection: Detection, swappableKey: (key: string) => string): void {
  const created = new Map(
    detection.wanted
      .models()
      .filter((model) => !detection.current.get(modelKey(model)))
      .map((model) => [modelKey(model), model]),
  );
  const placed = new Set<string>();
  const late: Change[] = [];
  for (const model of inReferenceOrder(created, swappableKey)) {
    const waits = (field: FieldState): boolean =>
      relatedModels(field).some(
        (key) => created.has(swappableKey(key)) && !placed.has(swappableKey(key)) && swappableKey(key) !== modelKey(model),
      );
    const deferred = Object.entries(model.fields).filter(([, field]) => isRelation(field) && waits(field));
    late.push(...recordCreation(detection, model, new Map(deferred)));
    placed.add(modelKey(model));
  }
  for (const change of late) record(detection, change);
}

/** Depth first along the relations; a ring is entered where it is declared first. */
function inReferenceOrder(models: ReadonlyMap<string, ModelState>, swappableKey: (key: string) => string): ModelState[] {
  const ordered: ModelState[] = [];
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const model = models.get(key);
    if (!model || seen.has(key)) return;
    seen.add(key);
    const relations = Object.values(model.fields).filter(isRelation);
    const columnsFirst = relations.sort((a, b) => Number(isManyToMany(a)) - Number(isManyToMany(b)));
    for (const { options } of columnsFirst) visit(swappableKey(options["to"] as string));
    ordered.push(model);
  };
  for (const key of models.keys()) visit(key);
  return ordered;
}

/** Records the creation and gives the changes that must come after all creations. */
function recordCreation(detection: Detection, model: ModelState, deferred: ReadonlyMap<string, FieldState>): Change[] {
  const { app, name } = model;
  const key = modelKey(model);
  const fields = Object.fromEntries(Object.entries(model.fields).filter(([field]) => !deferred.has(field)));
  const { options, late } = splitParts(model, deferred);
  const references = Object.values(fields).flatMap(neededModels);
  record(detection, {
    app,
    operation: createModel({ name, fields, options }),
    needs: references.filter((need) => need !== `model:${key}`),
    gives: [`model:${key}`, ...Object.keys(fields).map((field) => `field:${key}.${field}`)],
  });
  const additions = [...deferred].map(([field, state]) => ({
    app,
    operation: addField({ model: name, name: field, field: state }),
    needs: [`model:${key}`, ...neededModels(state)],
    gives: [`field:${key}.${field}`],
  }));
  return [...additions, ...late];
}

/** Sets aside the indexes and constraints that cover a field which comes later. */
function splitParts(model: ModelState, deferred: ReadonlyMap<string, unknown>): { options: ModelOptions; late: Change[] } {
  const late: Change[] = [];
  let options = model.options;
  const needsOf = (fields: string[]): string[] => fields.map((field) => `field:${modelKey(model)}.${field}`);
  const split = (list: PartList): void => {
    const waiting = (options[list] ?? []).filter((part) => partFields(part).some((field) => deferred.has(field)));
    if (waiting.length === 0) return;
    const kept = (options[list] ?? []).filter((part) => !waiting.includes(part));
    options = { ...options, [list]: kept.length === 0 ? undefined : kept };
    for (const part of waiting) {
      const operation =
        "type" in part ? addConstraint({ model: model.name, constraint: part }) : addIndex({ model: model.name, index: part });
      late.push({
        app: model.app,
        operation,
        needs: needsOf(partFields(part)),
        gives: [`part:${modelKey(model)}.${partLabel(part)}`],
      });
    }
  };
  split("indexes");
  split("constraints");
  return { options, late };
}

/**
 * Phase: models that are no longer declared, what refers to them first; a ring is opened by removing a
 * field. `start` is the state before any change but renames, with the references that other changes remove.
 */
export function detectDeletedModels(detection: Detection, start: ProjectState): void {
  const { current, wanted } = detection;
  const gone = new Map(
    current
      .models()
      .filter((model) => !wanted.get(modelKey(model)))
      .map((model) => [modelKey(model), model]),
  );
  const ordered = inReferenceOrder(gone, (key) => key).reverse();
  for (const [position, model] of ordered.entries()) {
    const later = new Set(ordered.slice(position + 1).map(modelKey));
    for (const reference of referencesTo(current, modelKey(model)).filter((one) => later.has(one.model))) {
      const { app, name } = gone.get(reference.model)!;
      const operation = removeField({ model: name, name: reference.field });
      record(detection, { app, operation, needs: [], gives: [goneWord(reference)] });
    }
    const key = modelKey(model);
    record(detection, {
      app: model.app,
      operation: deleteModel({ name: model.name }),
      needs: referencesTo(start, key).map(goneWord),
      gives: Object.keys(current.get(key)!.fields).map((field) => goneWord({ model: key, field })),
    });
  }
}

function goneWord({ model, field }: { model: string; field: string }): string {
  return `gone:${model}.${field}`;
}
