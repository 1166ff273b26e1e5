import { partLabel } from "../state/parts.ts";
import { addField, alterField, removeField, renameField } from "../operations/field-operations.ts";
import { createModel, deleteModel } from "../operations/model-operations.ts";
import type { Operation } from "../operations/operation.ts";
import { addConstraint, addIndex, renameIndex } from "../operations/part-operations.ts";
import { renameModel } from "../operations/rename-operations.ts";
import { ProjectState } from "../state/project-state.ts";

type Fold = (first: Operation, later: Operation, app: string) => readonly Operation[] | undefined;

/** The operations in place of two; undefined when they have nothing to do with one another. */
export function fold(first: Operation, later: Operation, app: string): readonly Operation[] | undefined {
  return folds[first.kind]?.(first, later, app);
}

/** The options of an operation; each fold knows which kind it has. */
function given(operation: Operation): Record<string, any> {
  return operation.options;
}

/** What happens to a model that was just created changes how it is created. */
const intoCreation = new Set([
  "addField",
  "alterField",
  "removeField",
  "renameField",
  "renameModel",
  "addIndex",
  "removeIndex",
  "renameIndex",
  "addConstraint",
  "removeConstraint",
  "alterConstraint",
  "validateConstraint",
  "alterModelOptions",
  "alterModelTable",
  "alterModelTableComment",
  "alterOrderWithRespectTo",
]);

function foldCreation(first: Operation, later: Operation, app: string): readonly Operation[] | undefined {
  const { name, options } = given(first);
  if (later.kind === "deleteModel") return given(later)["name"] === name && !options?.["proxy"] ? [] : undefined;
  const target = later.kind === "renameModel" ? given(later)["from"] : given(later)["model"];
  if (!intoCreation.has(later.kind) || target !== name) return undefined;
  const state = new ProjectState();
  first.applyToState(app, state);
  later.applyToState(app, state);
  const [model] = state.models();
  return [createModel({ name: model!.name, fields: model!.fields, options: model!.options })];
}

function foldAddedField(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { model, name, field, fill } = given(first);
  if (isField(later, "alterField", { model, name }))
    return [addField({ model, name, field: given(later)["field"], fill: given(later)["fill"] ?? fill })];
  if (isField(later, "removeField", { model, name })) return [];
  if (later.kind === "renameField" && given(later)["model"] === model && given(later)["from"] === name)
    return [addField({ model, name: given(later)["to"], field, fill })];
  return foldPart(first, later);
}

function foldAlteredField(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { model, name, field, fill } = given(first);
  if (isField(later, "alterField", { model, name }))
    return [alterField({ model, name, field: given(later)["field"], fill: given(later)["fill"] ?? fill })];
  if (isField(later, "removeField", { model, name })) return [later];
  const renamed = later.kind === "renameField" && given(later)["model"] === model && given(later)["from"] === name;
  if (renamed && field.options["dbColumn"] === undefined)
    return [later, alterField({ model, name: given(later)["to"], field, fill })];
  return foldPart(first, later);
}

function foldRenamedField(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { model, from, to } = given(first);
  if (later.kind === "renameField" && given(later)["model"] === model && given(later)["from"] === to)
    return given(later)["to"] === from ? [] : [renameField({ model, from, to: given(later)["to"] })];
  if (isField(later, "removeField", { model, name: to })) return [removeField({ model, name: from })];
  return foldPart(first, later);
}

function foldRenamedModel(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { from, to } = given(first);
  if (later.kind === "renameModel" && given(later)["from"] === to)
    return given(later)["to"] === from ? [] : [renameModel({ from, to: given(later)["to"] })];
  return later.kind === "deleteModel" && given(later)["name"] === to ? [deleteModel({ name: from })] : undefined;
}

/** The last word counts, and a deleted model needs none. */
function foldOption(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { model } = given(first);
  return later.kind === first.kind && given(later)["model"] === model ? [later] : foldPart(first, later);
}

function foldPart(first: Operation, later: Operation): readonly Operation[] | undefined {
  return later.kind === "deleteModel" && given(later)["name"] === given(first)["model"] ? [later] : undefined;
}

function foldAddedIndex(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { model, index, concurrently } = given(first);
  if (given(later)["model"] !== model) return foldPart(first, later);
  if (later.kind === "removeIndex" && partLabel(given(later)["index"]) === partLabel(index)) return [];
  if (later.kind === "renameIndex" && given(later)["from"] === index.name)
    return [addIndex({ model, index: { ...index, name: given(later)["to"] }, concurrently })];
  return undefined;
}

function foldRenamedIndex(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { model, from, to } = given(first);
  if (later.kind === "renameIndex" && given(later)["model"] === model && given(later)["from"] === to)
    return given(later)["to"] === from ? [] : [renameIndex({ model, from, to: given(later)["to"] })];
  return foldPart(first, later);
}

function foldAddedConstraint(first: Operation, later: Operation): readonly Operation[] | undefined {
  const { model, constraint, validate } = given(first);
  const next = given(later)["constraint"];
  if (given(later)["model"] !== model) return foldPart(first, later);
  if (later.kind === "validateConstraint" && given(later)["name"] === constraint.name)
    return [addConstraint({ model, constraint })];
  if (next === undefined || partLabel(next) !== partLabel(constraint)) return undefined;
  if (later.kind === "removeConstraint") return [];
  return later.kind === "alterConstraint" ? [addConstraint({ model, constraint: next, validate })] : undefined;
}

function foldAlteredConstraint(first: Operation, later: Operation): readonly Operation[] | undefined {
  const same = later.kind === "alterConstraint" && given(later)["model"] === given(first)["model"];
  return same && partLabel(given(later)["constraint"]) === partLabel(given(first)["constraint"])
    ? [later]
    : foldPart(first, later);
}

function isField(later: Operation, kind: string, { model, name }: { model: string; name: string }): boolean {
  return later.kind === kind && given(later)["model"] === model && given(later)["name"] === name;
}

const folds: Readonly<Record<string, Fold>> = {
  createModel: foldCreation,
  renameModel: foldRenamedModel,
  addField: foldAddedField,
  alterField: foldAlteredField,
  removeField: foldPart,
  renameField: foldRenamedField,
  addIndex: foldAddedIndex,
  removeIndex: foldPart,
  renameIndex: foldRenamedIndex,
  addConstraint: foldAddedConstraint,
  removeConstraint: foldPart,
  alterConstraint: foldAlteredConstraint,
  alterModelOptions: foldOption,
  alterModelTable: foldOption,
  alterModelTableComment: foldOption,
  alterOrderWithRespectTo: foldOption,
};
