import { type FieldState, relatedModels } from "../state/field-state.ts";
import type { Operation } from "../operations/operation.ts";

/** Where operations stand: their app, and what a swappable key such as `@user` means. */
export interface Place {
  readonly app: string;
  readonly resolveKey: (key: string) => string;
}

/** Whether an operation may have to do with a model. What nothing is known of may. */
export function referencesModel(operation: Operation, key: string, { app, resolveKey }: Place): boolean {
  const { model, name, from, to } = operation.options as Record<string, string>;
  if (operation.kind === "createModel")
    return `${app}.${name}` === key || createdReferences(operation).map(resolveKey).includes(key);
  if (operation.kind === "renameModel") return [from, to].some((one) => `${app}.${one}` === key);
  if (!(operation.kind in partOf)) return true;
  return `${app}.${model}` === key || fieldReferences(operation).map(resolveKey).includes(key);
}

/** Whether an operation may have to do with a field. */
export function referencesField(operation: Operation, field: { model: string; name: string }, place: Place): boolean {
  const { model, name, from, to } = operation.options as Record<string, string>;
  if (partOf[operation.kind] !== "field") return referencesModel(operation, field.model, place);
  if (leadsToField(operation.options["field"] as FieldState | undefined, field)) return true;
  if (`${place.app}.${model}` !== field.model) return false;
  const state = operation.options["field"] as FieldState | undefined;
  return [name, from, to].includes(field.name) || state?.kind === "generated" || state?.kind === "compositePrimaryKey";
}

/** Operations that touch one model, named by `model`, and whether a field of it or something else. */
const partOf: Readonly<Record<string, "field" | "other">> = {
  addField: "field",
  alterField: "field",
  removeField: "field",
  renameField: "field",
  addIndex: "other",
  removeIndex: "other",
  renameIndex: "other",
  addConstraint: "other",
  removeConstraint: "other",
  alterConstraint: "other",
  validateConstraint: "other",
  alterModelOptions: "other",
  alterModelTable: "other",
  alterModelTableComment: "other",
  alterOrderWithRespectTo: "other",
};

function createdReferences({ options }: Operation): string[] {
  const { fields, options: model } = options as { fields: Record<string, FieldState>; options?: { bases?: readonly string[] } };
  return [...Object.values(fields).flatMap(relatedModels), ...(model?.bases ?? [])];
}

function fieldReferences({ options }: Operation): string[] {
  const field = options["field"] as FieldState | undefined;
  return field && typeof field === "object" ? relatedModels(field) : [];
}

/** Whether a relation leads to a field other than by its model's key. */
function leadsToField(state: FieldState | undefined, { model, name }: { model: string; name: string }): boolean {
  if (!state || typeof state !== "object" || !relatedModels(state).includes(model)) return false;
  const { toField, throughFields } = state.options;
  return toField === name || (Array.isArray(throughFields) && throughFields.includes(name));
}
