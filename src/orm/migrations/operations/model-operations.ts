import { type FieldDeclaration, type FieldState, fieldState, isRelation } from "../field-state.ts";
import { modelKey, type ModelOptions, type ModelState, type ProjectState } from "../project-state.ts";
import { type Operation, schemaOperation } from "./operation.ts";

export interface CreateModelOptions {
  name: string;
  fields: Record<string, FieldDeclaration>;
  options?: ModelOptions | undefined;
}

/**
 * Creates a model and its table, with the middle tables of its many-to-many fields.
 *
 * ```ts
 * createModel({ name: "Coffee", fields: { id: auto({ primaryKey: true }), name: char({ maxLength: 30 }) } })
 * ```
 */
export function createModel({ name, fields: declared, options = {} }: CreateModelOptions): Operation {
  const fields = Object.fromEntries(Object.entries(declared).map(([key, field]) => [key, fieldState(field)]));
  return schemaOperation({
    kind: "createModel",
    options: { name, fields, options },
    symbol: "+",
    description: `Create model ${name}`,
    fragment: name.toLowerCase(),
    applyToState: (app, state) => state.put({ app, name, fields, options }),
  });
}

/** Deletes a model and its table. `deleteModel({ name: "Coffee" })` */
export function deleteModel({ name }: { name: string }): Operation {
  return schemaOperation({
    kind: "deleteModel",
    options: { name },
    symbol: "-",
    description: `Delete model ${name}`,
    fragment: `delete_${name.toLowerCase()}`,
    applyToState: (app, state) => state.remove(modelKey(state.require(app, name))),
    risks: (app) => [{ kind: "losesData", message: `deletes every row of ${app}.${name}` }],
  });
}

/** Renames a model, its table, its middle tables, and what refers to it. `renameModel({ from: "Cafe", to: "Coffee" })` */
export function renameModel({ from, to }: { from: string; to: string }): Operation {
  return schemaOperation({
    kind: "renameModel",
    options: { from, to },
    symbol: "~",
    description: `Rename model ${from} to ${to}`,
    fragment: `rename_${from.toLowerCase()}_${to.toLowerCase()}`,
    applyToState: (app, state) => renameInState(state, state.require(app, from), to),
    hints: (app) => ({ model: { from: `${app}.${from}`, to: `${app}.${to}` } }),
  });
}

/** Gives the model its new name and points every relation at it. */
function renameInState(state: ProjectState, model: ModelState, name: string): void {
  const [oldKey, newKey] = [modelKey(model), modelKey({ app: model.app, name })];
  state.replace(oldKey, { ...model, name });
  for (const other of state.models()) {
    const fields = Object.entries(other.fields).map(([key, field]) => [key, pointedAt(field, oldKey, newKey)] as const);
    const changed = fields.some(([key, field]) => field !== other.fields[key]);
    if (changed) state.put({ ...other, fields: Object.fromEntries(fields) });
  }
}

function pointedAt(field: FieldState, oldKey: string, newKey: string): FieldState {
  const { to, through } = field.options;
  if (!isRelation(field) || (to !== oldKey && through !== oldKey)) return field;
  const options = { ...field.options, to: to === oldKey ? newKey : to };
  return { kind: field.kind, options: through === oldKey ? { ...options, through: newKey } : options };
}

/** Changes options that do not touch the table: `alterModelOptions({ model: "Coffee", options: { ordering: ["name"] } })`. */
export function alterModelOptions({ model, options }: { model: string; options: Record<string, unknown> }): Operation {
  const operation = schemaOperation({
    kind: "alterModelOptions",
    options: { model, options },
    symbol: "~",
    description: `Change options of ${model}`,
    fragment: `alter_${model.toLowerCase()}_options`,
    applyToState: (app, state) => state.change(app, model, (found) => ({ options: { ...structuralOptions(found), ...options } })),
  });
  // Not even `managed` touches the table: a model that stops being managed must not lose its rows.
  return { ...operation, forward: async () => {}, backward: async () => {} };
}

/** The options that have operations of their own. */
function structuralOptions({ options }: ModelState): ModelOptions {
  const kept = structuralOptionNames.filter((name) => options[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, options[name]]));
}

/** Options of a model that shape its table. */
export const structuralOptionNames = ["dbTable", "indexes", "constraints"] as const;

/** Renames a model's table; undefined goes back to the automatic name. `alterModelTable({ model: "Coffee", table: "drinks" })` */
export function alterModelTable({ model, table }: { model: string; table?: string | undefined }): Operation {
  return schemaOperation({
    kind: "alterModelTable",
    options: { model, table },
    symbol: "~",
    description:
      table === undefined ? `Rename the table of ${model} to its automatic name` : `Rename the table of ${model} to ${table}`,
    fragment: `alter_${model.toLowerCase()}_table`,
    applyToState: (app, state) => state.change(app, model, (found) => ({ options: { ...found.options, dbTable: table } })),
  });
}
