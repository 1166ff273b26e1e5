import { columnOf, type FieldDeclaration, fieldState } from "../state/field-state.ts";
import { renameFieldInOptions } from "../state/kept-options.ts";
import { renameInField } from "../state/renamed-parts.ts";
import { type Operation, schemaOperation } from "./operation.ts";

interface FieldName {
  model: string;
  name: string;
}

/** What `addField()` takes. */
export interface AddFieldOptions extends FieldName {
  field: FieldDeclaration;
  /** The value that rows get which exist already; the field itself keeps no default. */
  fill?: unknown;
}

/**
 * Adds a field and its column.
 *
 * ```ts
 * addField({ model: "Coffee", name: "price", field: integer({ default: 0 }) })
 * addField({ model: "Coffee", name: "code", field: char({ maxLength: 8 }), fill: "" })
 * ```
 */
export function addField({ model, name, field: declared, fill }: AddFieldOptions): Operation {
  const field = fieldState(declared);
  return schemaOperation({
    kind: "addField",
    options: { model, name, field, fill },
    symbol: "+",
    description: `Add field ${name} to ${model}`,
    fragment: `${model}_${name}`.toLowerCase(),
    applyToState: (app, state) => state.change(app, model, ({ fields }) => ({ fields: { ...fields, [name]: field } })),
    hints: (app) => fillHint(app, { model, name }, fill),
  });
}

/** Removes a field and its column. `removeField({ model: "Coffee", name: "price" })` */
export function removeField({ model, name }: FieldName): Operation {
  return schemaOperation({
    kind: "removeField",
    options: { model, name },
    symbol: "-",
    description: `Remove field ${name} from ${model}`,
    fragment: `remove_${model}_${name}`.toLowerCase(),
    applyToState: (app, state) => {
      state.requireField(app, model, name);
      state.change(app, model, ({ fields: { [name]: _removed, ...fields } }) => ({ fields }));
    },
  });
}

/** What `alterField()` takes. */
export interface AlterFieldOptions extends FieldName {
  field: FieldDeclaration;
  /** The value that takes the place of NULL in rows that exist. */
  fill?: unknown;
}

/** Changes a field's type or options. `alterField({ model: "Coffee", name: "name", field: char({ maxLength: 60 }) })` */
export function alterField({ model, name, field: declared, fill }: AlterFieldOptions): Operation {
  const field = fieldState(declared);
  return schemaOperation({
    kind: "alterField",
    options: { model, name, field, fill },
    symbol: "~",
    description: `Alter field ${name} on ${model}`,
    fragment: `alter_${model}_${name}`.toLowerCase(),
    applyToState: (app, state) => {
      state.requireField(app, model, name);
      state.change(app, model, ({ fields }) => ({ fields: { ...fields, [name]: field } }));
    },
    hints: (app) => fillHint(app, { model, name }, fill),
  });
}

/** Renames a field and its column; the values stay. `renameField({ model: "Coffee", from: "title", to: "name" })` */
export function renameField({ model, from, to }: { model: string; from: string; to: string }): Operation {
  return schemaOperation({
    kind: "renameField",
    options: { model, from, to },
    symbol: "~",
    description: `Rename field ${from} on ${model} to ${to}`,
    fragment: `rename_${from}_${model}_${to}`.toLowerCase(),
    applyToState: (app, state) => {
      state.requireField(app, model, from);
      state.change(app, model, ({ fields, options }) => {
        const rename = { from, to, fromColumn: columnOf(from, fields[from]!), toColumn: columnOf(to, fields[from]!) };
        const renamed = Object.entries(fields).map(([key, field]) => [key === from ? to : key, renameInField(field, rename)]);
        return { fields: Object.fromEntries(renamed), options: renameFieldInOptions(options, rename) };
      });
    },
    hints: (app) => ({ field: { model: `${app}.${model}`, from, to } }),
  });
}

function fillHint(
  app: string,
  { model, name }: FieldName,
  value: unknown,
): { fill?: { model: string; field: string; value: unknown } } {
  return value === undefined ? {} : { fill: { model: `${app}.${model}`, field: name, value } };
}
