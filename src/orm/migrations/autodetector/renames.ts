import { columnOf, type FieldState, isManyToMany, sameValue } from "../state/field-state.ts";
import { alterField, renameField } from "../operations/field-operations.ts";
import { moveModel, renameModel } from "../operations/rename-operations.ts";
import { modelKey, type ModelState } from "../state/project-state.ts";
import { type Detection, keptModels, neededModels, record, referencesTo } from "./change.ts";
import type { Answers } from "./questions.ts";

/** Phase: a model that vanished and a new one with the same fields may be one model with a new name. */
export async function detectRenamedModels(detection: Detection, answers: Answers): Promise<void> {
  const { current, wanted } = detection;
  for (const added of wanted.models().filter((model) => !current.get(modelKey(model)))) {
    for (const removed of current.models().filter((model) => model.app === added.app && !wanted.get(modelKey(model)))) {
      if (!sameFields(removed, added) || !(await answers.isRename("renameModel", modelKey(removed), added.name))) continue;
      const operation = renameModel({ from: removed.name, to: added.name });
      const needs = surroundings(detection, removed);
      record(detection, { app: added.app, operation, needs, gives: [`model:${modelKey(added)}`, `renamed:${modelKey(added)}`] });
      break;
    }
  }
}

/** The models around one: their migrations come first, for its new name is written into them. */
function surroundings({ current }: Detection, model: ModelState): string[] {
  const key = modelKey(model);
  const targets = Object.values(model.fields).flatMap(neededModels);
  const referrers = referencesTo(current, key).map(({ model: owner }) => `model:${owner}`);
  return [...new Set([...targets, ...referrers])].filter((word) => word !== `model:${key}`);
}

/** Phase: a model that vanished from one app, while another app got one of the same name and fields, may have moved with its rows. */
export async function detectMovedModels(detection: Detection, answers: Answers): Promise<void> {
  const { current, wanted } = detection;
  for (const added of wanted.models().filter((model) => !current.get(modelKey(model)))) {
    for (const removed of current.models().filter((model) => model.app !== added.app && !wanted.get(modelKey(model)))) {
      if (removed.name !== added.name || !sameFields(removed, added)) continue;
      if (!(await answers.isRename("moveModel", modelKey(removed), modelKey(added)))) continue;
      const operation = moveModel({ from: modelKey(removed), name: added.name });
      const needs = [`model:${modelKey(removed)}`, ...surroundings(detection, removed)];
      record(detection, {
        app: added.app,
        operation,
        needs,
        gives: [`model:${modelKey(added)}`, `renamed:${modelKey(added)}`, `deleted:${modelKey(removed)}`],
      });
      break;
    }
  }
}

function sameFields(removed: ModelState, added: ModelState): boolean {
  const [oldKey, newKey] = [modelKey(removed), modelKey(added)];
  const renamed = Object.entries(removed.fields).map(([name, { kind, options }]) => {
    return [name, { kind, options: options["to"] === oldKey ? { ...options, to: newKey } : options }];
  });
  return sameValue(Object.fromEntries(renamed), added.fields);
}

/** Phase: a field that vanished and a new one declared alike may be one field with a new name. */
export async function detectRenamedFields(detection: Detection, answers: Answers): Promise<void> {
  for (const { before, after } of keptModels(detection)) {
    const gone = new Map(Object.entries(before.fields).filter(([name]) => !(name in after.fields)));
    for (const [to, field] of Object.entries(after.fields).filter(([name]) => !(name in before.fields))) {
      for (const [from, removed] of gone) {
        if (!mayBeRenamed(from, removed, field)) continue;
        if (!(await answers.isRename("renameField", `${modelKey(before)}.${from}`, to))) continue;
        recordRename(detection, { model: before, from, to, removed, field });
        gone.delete(from);
        break;
      }
    }
  }
}

interface FieldRename {
  model: ModelState;
  from: string;
  to: string;
  removed: FieldState;
  field: FieldState;
}

/** A new name that keeps its column is first told the column, then renamed. */
function recordRename(detection: Detection, { model, from, to, removed, field }: FieldRename): void {
  const { app, name } = model;
  const needs = [`renamed:${modelKey(model)}`];
  if (!sameValue(removed, field)) {
    record(detection, {
      app,
      operation: alterField({ model: name, name: from, field }),
      needs,
      gives: [`altered:${modelKey(model)}.${from}`],
    });
  }
  record(detection, {
    app,
    operation: renameField({ model: name, from, to }),
    needs: [...needs, `altered:${modelKey(model)}.${from}`],
    gives: [`field:${modelKey(model)}.${to}`, `renamed:${modelKey(model)}.${to}`, `gone:${modelKey(model)}.${from}`],
  });
}

function mayBeRenamed(from: string, removed: FieldState, added: FieldState): boolean {
  if (sameValue(removed, added)) return true;
  if (isManyToMany(removed) || added.options["dbColumn"] !== columnOf(from, removed)) return false;
  const { dbColumn: _before, ...before } = removed.options;
  const { dbColumn: _after, ...after } = added.options;
  return sameValue({ kind: removed.kind, options: before }, { kind: added.kind, options: after });
}
