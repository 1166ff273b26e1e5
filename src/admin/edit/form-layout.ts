import { Permission } from "#auth";
import { isFormField } from "#forms";
import type { HttpRequest } from "#http";
import type { ModelClass } from "#orm";
import type { Fieldset, ModelAdmin } from "../model-admin.ts";

/** Which fields a form shows, in which groups, and which of them only to read. */
export interface FormLayout {
  readonly fieldsets: readonly Fieldset[];
  readonly editable: readonly string[];
  readonly readonly: ReadonlySet<string>;
}

export interface LayoutFor {
  admin: ModelAdmin;
  /** Null for a new row. */
  row: any;
  /** Whether the user may save. */
  mayChange: boolean;
}

/** The layout that an admin's options say, or that follows from the model. */
export function layoutOf(request: HttpRequest, { admin, row, mayChange }: LayoutFor): FormLayout {
  const { options } = admin;
  const isOwnAddForm = row === null && options.addForm !== undefined;
  const fieldsets =
    isOwnAddForm && options.addFields ? [{ fields: options.addFields }] : (options.fieldsets ?? defaultFieldsets(admin));
  const shown = fieldsets.flatMap((fieldset) => [...fieldset.fields]);
  const readonly = new Set(
    mayChange ? readonlyAmong(shown, admin, { request, row, isOwnForm: isOwnAddForm || options.form !== undefined }) : shown,
  );
  const ofNoUse = (name: string) => row === null && readonly.has(name);
  return {
    fieldsets: fieldsets.map((fieldset) => ({ ...fieldset, fields: fieldset.fields.filter((name) => !ofNoUse(name)) })),
    editable: shown.filter((name) => !readonly.has(name)),
    readonly,
  };
}

interface ReadonlyFor {
  request: HttpRequest;
  row: any;
  /** A form of one's own has the fields it has, whatever the model says of them. */
  isOwnForm: boolean;
}

function readonlyAmong(
  shown: readonly string[],
  { model, options }: ModelAdmin,
  { request, row, isOwnForm }: ReadonlyFor,
): string[] {
  const { readonlyFields = [] } = options;
  const declared = typeof readonlyFields === "function" ? readonlyFields(request, row) : readonlyFields;
  return shown.filter((name) => declared.includes(name) || (!isOwnForm && !isEditable(model, name)));
}

function defaultFieldsets({ model, options }: ModelAdmin): Fieldset[] {
  const left = new Set(options.exclude ?? []);
  const own = [
    ...model.meta.fields.filter((field) => field !== model.meta.primaryKey || !field.autoIncrement),
    ...model.meta.manyToMany,
  ];
  const names = options.fields ?? own.filter(isFormField).map((field) => field.name);
  const extra = Array.isArray(options.readonlyFields)
    ? options.readonlyFields.filter((name: string) => !names.includes(name))
    : [];
  return [{ fields: [...names, ...extra].filter((name) => !left.has(name)) }];
}

/** What the database or the clock fills in is shown, never asked, and so are bytes. A form of one's own may have fields that the model lacks. */
function isEditable(model: ModelClass, name: string): boolean {
  const member = model.meta.member(name);
  if (member === undefined) return !(name in model.prototype);
  return member.type !== "reverse" && isFormField(member.field);
}

/** Whether a field holds permissions, which have a chooser of their own. */
export function holdsPermissions(model: ModelClass, name: string): boolean {
  const member = model.meta.member(name);
  return member?.type === "manyToMany" && member.field.relation.to === Permission;
}
