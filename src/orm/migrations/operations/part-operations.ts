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
  if (kept.length === parts.length) {
    const [name, known] = [partLabel(part), parts.map(partLabel)];
    throw migrationErrors.MIGRATIONS_UNKNOWN_PART({
      model: model.name,
      what: words[list],
      name,
      known,
      hint: didYouMean(name, known),
    });
  }
  const { [list]: _replaced, ...options } = model.options;
  return { options: kept.length === 0 ? options : { ...options, [list]: kept } };
}
