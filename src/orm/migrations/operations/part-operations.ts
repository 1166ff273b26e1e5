import { didYouMean } from "#kernel";
import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import { quoteName } from "../../names.ts";
import { migrationErrors } from "../errors.ts";
import { sameValue } from "../state/field-state.ts";
import { historicalModels } from "../state/historical-models.ts";
import { type Part, partLabel, type PartList } from "../state/parts.ts";
import type { ModelState } from "../state/project-state.ts";
import { concurrentEditor, unvalidatedEditor } from "./patient-editor.ts";
import { type Operation, type SchemaOperationParts, schemaOperation } from "./operation.ts";

/** What `addIndex()` and `removeIndex()` take. */
export interface IndexOperation {
  model: string;
  index: Index;
  /** PostgreSQL builds or drops it without blocking writes; the migration must say `atomic: false`. */
  concurrently?: boolean | undefined;
}

/** Adds an index. `addIndex({ model: "Coffee", index: index(["roaster", "-price"]) })` */
export function addIndex({ model, index, concurrently }: IndexOperation): Operation {
  const options = { model, index, concurrently };
  return inBackground(addPart({ kind: "addIndex", options, list: "indexes", model, part: index }), concurrently);
}

/** Removes an index, said as it was added. `removeIndex({ model: "Coffee", index: index(["roaster", "-price"]) })` */
export function removeIndex({ model, index, concurrently }: IndexOperation): Operation {
  const options = { model, index, concurrently };
  return inBackground(removePart({ kind: "removeIndex", options, list: "indexes", model, part: index }), concurrently);
}

function inBackground(operation: Operation, concurrently = false): Operation {
  if (!concurrently) return operation;
  return {
    ...operation,
    transactional: false,
    forward: (context) => operation.forward({ ...context, editor: concurrentEditor(context.editor) }),
    backward: (context) => operation.backward({ ...context, editor: concurrentEditor(context.editor) }),
  };
}

/** Renames an index without building it again. `renameIndex({ model: "Coffee", from: "by_name", to: "coffee_name" })` */
export function renameIndex({ model, from, to }: { model: string; from: string; to: string }): Operation {
  return schemaOperation({
    kind: "renameIndex",
    options: { model, from, to },
    symbol: "~",
    description: `Rename index ${from} on ${model} to ${to}`,
    fragment: `rename_${from}_${to}`.toLowerCase(),
    applyToState: (app, state) =>
      state.change(app, model, (found) => withRenamedIndex({ model: found, place: state.place }, from, to)),
  });
}

/** A model, and the operation that is being replayed on it. */
interface PlacedModel {
  model: ModelState;
  place: string | undefined;
}

function withRenamedIndex({ model, place }: PlacedModel, from: string, to: string): Partial<ModelState> {
  const indexes = model.options.indexes ?? [];
  requirePart({ model, place }, "indexes", { name: from, found: indexes.some((index) => index.name === from) });
  return {
    options: { ...model.options, indexes: indexes.map((index) => (index.name === from ? { ...index, name: to } : index)) },
  };
}

/** What `addConstraint()` takes. */
export interface AddConstraintOptions {
  model: string;
  constraint: Constraint;
  /** False lets PostgreSQL hold only new rows to it, without reading those that exist; `validateConstraint` reads them later. */
  validate?: boolean | undefined;
}

/**
 * Adds a constraint; a row that breaks it makes the migration fail.
 *
 * ```ts
 * addConstraint({ model: "Coffee", constraint: check("coffee_price_positive", { price: { gte: 0 } }) })
 * ```
 */
export function addConstraint({ model, constraint, validate }: AddConstraintOptions): Operation {
  const options = { model, constraint, validate };
  const operation = addPart({ kind: "addConstraint", options, list: "constraints", model, part: constraint });
  if (validate !== false) return operation;
  const forward: Operation["forward"] = (context) => operation.forward({ ...context, editor: unvalidatedEditor(context.editor) });
  return { ...operation, forward };
}

/**
 * Reads the rows that `addConstraint({ …, validate: false })` left unread, without keeping anyone from writing. PostgreSQL only;
 * elsewhere they were read at once.
 */
export function validateConstraint({ model, name }: { model: string; name: string }): Operation {
  const forward: Operation["forward"] = async ({ app, editor, to }) => {
    if (editor.dialect !== "postgres") return;
    const table = historicalModels(to).get(app, model).meta.table;
    await editor.execute(`ALTER TABLE ${quoteName(table)} VALIDATE CONSTRAINT ${quoteName(name)}`);
  };
  const parts = { symbol: "~", description: `Validate constraint ${name} on ${model}` } as const;
  const operation = schemaOperation({
    kind: "validateConstraint",
    options: { model, name },
    ...parts,
    fragment: `validate_${name}`.toLowerCase(),
    applyToState: (app, state) => void state.require(app, model),
  });
  return { ...operation, forward, backward: async () => {} };
}

/**
 * Changes what only the models know of a constraint, such as its message; the table stays as it is.
 *
 * ```ts
 * alterConstraint({ model: "Coffee", constraint: unique(["name"], { violationErrorMessage: "The name is taken." }) })
 * ```
 */
export function alterConstraint({ model, constraint }: { model: string; constraint: Constraint }): Operation {
  const name = partLabel(constraint);
  const operation = schemaOperation({
    kind: "alterConstraint",
    options: { model, constraint },
    symbol: "~",
    description: `Alter constraint ${name} on ${model}`,
    fragment: `alter_${model}_${name}`.toLowerCase(),
    applyToState: (app, state) =>
      state.change(app, model, (found) => withConstraint({ model: found, place: state.place }, constraint)),
  });
  return { ...operation, forward: async () => {}, backward: async () => {} };
}

function withConstraint({ model, place }: PlacedModel, constraint: Constraint): Partial<ModelState> {
  const constraints = model.options.constraints ?? [];
  const name = partLabel(constraint);
  requirePart({ model, place }, "constraints", { name, found: constraints.some((one) => partLabel(one) === name) });
  const changed = constraints.map((one) => (partLabel(one) === name ? constraint : one));
  return { options: { ...model.options, constraints: changed } };
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
  return schemaOperation({
    kind,
    options,
    symbol: "+",
    description: `Create ${words[list]} ${partLabel(part)} on ${model}`,
    fragment: `${model}_${partLabel(part)}`.toLowerCase(),
    applyToState: (app, state) =>
      state.change(app, model, (found) => ({ options: { ...found.options, [list]: [...(found.options[list] ?? []), part] } })),
  });
}

function removePart({ kind, options, list, model, part }: PartOperation): Operation {
  return schemaOperation({
    kind,
    options,
    symbol: "-",
    description: `Remove ${words[list]} ${partLabel(part)} from ${model}`,
    fragment: `remove_${model}_${partLabel(part)}`.toLowerCase(),
    applyToState: (app, state) =>
      state.change(app, model, (found) => withoutPart({ model: found, place: state.place }, list, part)),
  });
}

function withoutPart({ model, place }: PlacedModel, list: PartList, part: Part): Partial<ModelState> {
  const parts: readonly Part[] = model.options[list] ?? [];
  const kept = parts.filter((one) => !sameValue(one, part));
  requirePart({ model, place }, list, { name: partLabel(part), found: kept.length < parts.length });
  const { [list]: _replaced, ...options } = model.options;
  return { options: kept.length === 0 ? options : { ...options, [list]: kept } };
}

/** @throws MIGRATIONS_UNKNOWN_PART */
function requirePart({ model, place }: PlacedModel, list: PartList, { name, found }: { name: string; found: boolean }): void {
  if (found) return;
  const known = (model.options[list] ?? []).map(partLabel);
  throw migrationErrors.MIGRATIONS_UNKNOWN_PART({
    place,
    model: model.name,
    what: words[list],
    name,
    known,
    hint: didYouMean(name, known),
  });
}
