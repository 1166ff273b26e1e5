import type { Operation } from "../operations/operation.ts";
import { fold } from "./fold.ts";
import { type Place, referencesField, referencesModel } from "./references.ts";

/** What two operations of an app come to: those in place of both, else whether the first may move past the later one. */
export function reduce(first: Operation, later: Operation, place: Place): readonly Operation[] | boolean {
  return first.reduce?.(later, place.app) ?? fold(first, later, place.app) ?? isFree(first, later, place);
}

/** Whether the order of two operations does not matter. */
export function mayPass(first: Operation, later: Operation, place: Place): boolean {
  return reduce(first, later, place) === true;
}

const modelOperations = new Set([
  "createModel",
  "deleteModel",
  "alterModelOptions",
  "alterModelTable",
  "alterModelTableComment",
  "alterOrderWithRespectTo",
]);

function isFree({ kind, options }: Operation, later: Operation, place: Place): boolean {
  const { app } = place;
  const { model, name, from, to } = options as Record<string, string>;
  if (modelOperations.has(kind)) return !referencesModel(later, `${app}.${model ?? name}`, place);
  if (kind === "renameModel")
    return !referencesModel(later, `${app}.${to}`, place) && !referencesModel(later, `${app}.${from}`, place);
  if (kind === "addField" || kind === "alterField" || kind === "removeField")
    return !referencesField(later, { model: `${app}.${model}`, name: name! }, place);
  if (kind !== "renameField") return false;
  return [from!, to!].every((field) => !referencesField(later, { model: `${app}.${model}`, name: field }, place));
}
