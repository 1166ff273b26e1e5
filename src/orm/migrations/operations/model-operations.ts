import { orderField } from "../../model/order-column.ts";
import { type FieldDeclaration, fieldState } from "../state/field-state.ts";
import { modelKey, type StateOptions, type ModelState } from "../state/project-state.ts";
import { type Operation, schemaOperation } from "./operation.ts";

/** What `createModel()` takes. */
export interface CreateModelOptions {
  name: string;
  /** A proxy has none. */
  fields?: Record<string, FieldDeclaration> | undefined;
  options?: StateOptions | undefined;
}

/**
 * Creates a model and its table, with the middle tables of its many-to-many fields.
 *
 * ```ts
 * createModel({ name: "Coffee", fields: { id: auto({ primaryKey: true }), name: char({ maxLength: 30 }) } })
 * ```
 */
export function createModel({ name, fields: declared = {}, options = {} }: CreateModelOptions): Operation {
  const fields = Object.fromEntries(Object.entries(declared).map(([key, field]) => [key, fieldState(field)]));
  return schemaOperation({
    kind: "createModel",
    options: { name, fields, options },
    symbol: "+",
    description: `Create ${options.proxy === true ? "proxy " : ""}model ${name}`,
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
  });
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
function structuralOptions({ options }: ModelState): StateOptions {
  const kept = structuralOptionNames.filter((name) => options[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, options[name]]));
}

/** Options of a model that shape its table. */
export const structuralOptionNames = [
  "dbTable",
  "dbTableComment",
  "indexes",
  "constraints",
  "orderWithRespectTo",
  "proxy",
  "bases",
] as const;

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

/** Says in the database what a table is for: `alterModelTableComment({ model: "Coffee", comment: "What is sold" })`. */
export function alterModelTableComment({ model, comment }: { model: string; comment?: string | undefined }): Operation {
  return schemaOperation({
    kind: "alterModelTableComment",
    options: { model, comment },
    symbol: "~",
    description: comment === undefined ? `Remove the table comment of ${model}` : `Alter the table comment of ${model}`,
    fragment: `alter_${model.toLowerCase()}_table_comment`,
    applyToState: (app, state) =>
      state.change(app, model, (found) => ({ options: withOption(found.options, "dbTableComment", comment) })),
  });
}

/** Gives the rows of a model an order beneath one of its relations: `alterOrderWithRespectTo({ model: "Answer", relation: "question" })`. */
export function alterOrderWithRespectTo({ model, relation }: { model: string; relation?: string | undefined }): Operation {
  return schemaOperation({
    kind: "alterOrderWithRespectTo",
    options: { model, relation },
    symbol: "~",
    description:
      relation === undefined ? `Unset orderWithRespectTo on ${model}` : `Set orderWithRespectTo on ${model} to ${relation}`,
    fragment: `alter_${model.toLowerCase()}_order_with_respect_to`,
    applyToState: (app, state) =>
      state.change(app, model, (found) => ({ options: withOption(found.options, "orderWithRespectTo", relation) })),
    hints: (app) => ({ fill: { model: `${app}.${model}`, field: orderField, value: 0 } }),
  });
}

function withOption(options: StateOptions, name: string, value: unknown): StateOptions {
  const { [name]: _before, ...others } = options;
  return value === undefined ? others : { ...others, [name]: value };
}
