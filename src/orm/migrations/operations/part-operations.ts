import { didYouMean } from "#kernel";
import type { Constraint, Index } from "../../model/model-options.ts";
import { migrationErrors } from "../errors.ts";
import { sameValue } from "../field-state.ts";
import { type Part, partLabel, type PartList } from "../model-options.ts";
import type { ModelState } from "../project-state.ts";
import { type Operation, type SchemaOperationParts, schemaOperation } from "./operation.ts";

/** Adds an index. `addIndex({ model: "Coffee", index: index(["roaster", "-price"]) })` */
export function addIndex({ model, index }: { model: string; index: Index }): Operation {
  return addPart({ kind: "addIndex", options: { model, index }, list: "indexes", model, part: index });
}

/** Removes an index, said as it was added. `removeIndex({ model: "Coffee", index: index(["roaster", "-price"]) })` */
export function removeIndex({ model, index }: { model: string; index: Index }): Operation {
  return removePart({ kind: "removeIndex", options: { model, index }, list: "indexes", model, part: index });
}

/** Renames an index without building it again. `renameIndex({ model: "Coffee", from: "by_name", to: "coffee_name" })` */
export function renameIndex({ model, from, to }: { model: string; from: string; to: string }): Operation {
  return schemaOperation({
    kind: "renameIndex",
    options: { model, from, to },
    symbol: "~",
    description: `Rename index ${from} on ${model} to ${to}`,
    fragment: `rename_${from}_${to}`.toLowerCase(),
    applyToState: (app, state) => state.change(app, model, (found) => withRenamedIndex(found, from, to)),
  });
}

function withRenamedIndex(model: ModelState, from: string, to: string): Partial<ModelState> {
  const indexes = model.options.indexes ?? [];
  requirePart(model, "indexes", { name: from, found: indexes.some((index) => index.name === from) });
  return {
    options: { ...model.options, indexes: indexes.map((index) => (index.name === from ? { ...index, name: to } : index)) },
  };
}

/** Adds a constraint; a row that breaks it makes the migration fail. */
export function addConstraint({ model, constraint }: { model: string; constraint: Constraint }): Operation {
  return addPart({ kind: "addConstraint", options: { model, constraint }, list: "constraints", model, part: constraint });
}

/** Removes a constraint, said as it was added. `removeConstraint({ model: "Coffee", constraint: unique(["name"]) })` */
export function removeConstraint({ model, constraint }: { model: string; constraint: Constraint }): Operation {
  return removePart({ kind: "removeConstraint", options: { model, constraint }, list: "constraints", model, part: constraint });
}

interface PartOperation extends Pick<SchemaOperationParts, "kind" | "options"> {
  list: PartList;
  model: string;
  part: Part;
}

const words = { indexes: "index", constraints: "constraint" } as const;

function addPart({ kind, options, list, model, part }: PartOperation): Operation {
  const work = list === "indexes" ? "blocks writes while the index of" : "reads every row of";
  return schemaOperation({
    kind,
    options,
    symbol: "+",
    description: `Create ${words[list]} ${partLabel(part)} on ${model}`,
    fragment: `${model}_${partLabel(part)}`.toLowerCase(),
    applyToState: (app, state) =>
      state.change(app, model, (found) => ({ options: { ...found.options, [list]: [...(found.options[list] ?? []), part] } })),
    risks: (app) => [{ kind: "locks", message: `${work} ${app}.${model}${list === "indexes" ? " is built" : ""}` }],
  });
}

function removePart({ kind, options, list, model, part }: PartOperation): Operation {
  return schemaOperation({
    kind,
    options,
    symbol: "-",
    description: `Remove ${words[list]} ${partLabel(part)} from ${model}`,
    fragment: `remove_${model}_${partLabel(part)}`.toLowerCase(),
    applyToState: (app, state) => state.change(app, model, (found) => withoutPart(found, list, part)),
  });
}

function withoutPart(model: ModelState, list: PartList, part: Part): Partial<ModelState> {
  const parts: readonly Part[] = model.options[list] ?? [];
  const kept = parts.filter((one) => !sameValue(one, part));
  requirePart(model, list, { name: partLabel(part), found: kept.length < parts.length });
  const { [list]: _replaced, ...options } = model.options;
  return { options: kept.length === 0 ? options : { ...options, [list]: kept } };
}

/** @throws MIGRATIONS_UNKNOWN_PART */
function requirePart(model: ModelState, list: PartList, { name, found }: { name: string; found: boolean }): void {
  if (found) return;
  const known = (model.options[list] ?? []).map(partLabel);
  throw migrationErrors.MIGRATIONS_UNKNOWN_PART({
    model: model.name,
    what: words[list],
    name,
    known,
    hint: didYouMean(name, known),
  });
}
