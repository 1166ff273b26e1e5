import { columnOf, type FieldDeclaration, type FieldState, fieldState, isManyToMany } from "../field-state.ts";
import { renameFieldInOptions } from "../model-options.ts";
import { type Operation, type Risk, schemaOperation } from "./operation.ts";

interface FieldName {
  model: string;
  name: string;
}

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
    risks: (app) => [{ kind: "losesData", message: `deletes every value of ${app}.${model}.${name}` }],
  });
}

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
    risks: (app, from) => alterRisks(`${app}.${model}.${name}`, { before: from.requireField(app, model, name), after: field }),
  });
}

function alterRisks(label: string, { before, after }: { before: FieldState; after: FieldState }): Risk[] {
  const risks: Risk[] = [];
  const [length, limit] = [before.options["maxLength"], after.options["maxLength"]];
  const shorter = limit !== undefined && (length === undefined ? before.kind === "text" : Number(limit) < Number(length));
  if (shorter)
    risks.push({
      kind: "losesData",
      message: `values of ${label} longer than ${String(limit)} are refused`,
    });
  const locks = before.kind !== after.kind || shorter || (before.options["null"] === true && after.options["null"] !== true);
  if (locks && !isManyToMany(after))
    risks.push({ kind: "locks", message: `reads or rewrites every row of ${label.replace(/\.\w+$/, "")}` });
  return risks;
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
      state.change(app, model, ({ fields, options }) => ({
        fields: Object.fromEntries(Object.entries(fields).map(([key, field]) => [key === from ? to : key, field])),
        options: renameFieldInOptions(options, {
          from,
          to,
          fromColumn: columnOf(from, fields[from]!),
          toColumn: columnOf(to, fields[from]!),
        }),
      }));
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
