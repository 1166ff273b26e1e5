import type { LazyText } from "#kernel/i18n";
import type { Field as ModelField, ModelClass } from "#orm";
import { formsErrors } from "../errors.ts";
import type { ErrorMessages, Field, FieldOptions, WidgetChoice } from "../fields/field.ts";
import type { FieldMap } from "../form-options.ts";
import { fieldForModel, type FieldMaker, isFormField } from "./field-for-model.ts";

type Per<Name extends string, T> = { readonly [K in Name]?: T };

/** Which fields of a model a form has, and how they are shown. */
export interface ModelFormOptions<Name extends string = string, Extra extends FieldMap = FieldMap> {
  /** The fields, in order; `"all"` for every one that can be edited. */
  fields?: readonly Name[] | "all" | undefined;
  /** The fields left out. */
  exclude?: readonly Name[] | undefined;
  widgets?: Per<Name, WidgetChoice> | undefined;
  labels?: Per<Name, string | LazyText> | undefined;
  helpTexts?: Per<Name, string | LazyText> | undefined;
  errorMessages?: Per<Name, ErrorMessages> | undefined;
  /** Other kinds of fields, which take what the model says of theirs: `{ name: slugField }`. */
  fieldClasses?: Per<Name, FieldMaker> | undefined;
  /** The fields that are read and shown as the language writes them; `"all"` for every one. */
  localizedFields?: readonly Name[] | "all" | undefined;
  /** Fields of the form's own; one that has a model field's name replaces it. */
  extraFields?: Extra | undefined;
  /** Makes the form field of a model field, or leaves it to the usual rules by returning undefined. */
  fieldFor?: ((field: ModelField, options: FieldOptions) => Field<any> | undefined) | undefined;
}

/** The form fields of a model. */
export function modelFields(model: ModelClass, options: ModelFormOptions): Record<string, Field<any>> {
  checkOptions(model, options);
  const fields = chosenFields(model, options).map((field) => [field.name, makeField(field, options)] as const);
  return { ...Object.fromEntries(fields), ...options.extraFields };
}

function makeField(field: ModelField, options: ModelFormOptions): Field<any> {
  const { name } = field;
  const own: FieldOptions = {
    widget: options.widgets?.[name],
    errorMessages: options.errorMessages?.[name],
    ...(options.labels?.[name] === undefined ? {} : { label: options.labels[name] }),
    ...(options.helpTexts?.[name] === undefined ? {} : { helpText: options.helpTexts[name] }),
    ...(isLocalized(name, options) ? { localize: true } : {}),
  };
  return options.fieldFor?.(field, own) ?? fieldForModel(field, own, options.fieldClasses?.[name]);
}

function isLocalized(name: string, { localizedFields = [] }: ModelFormOptions): boolean {
  return localizedFields === "all" || localizedFields.includes(name);
}

function allFields(model: ModelClass): ModelField[] {
  return [...model.meta.fields, ...model.meta.manyToMany];
}

function chosenFields(model: ModelClass, { fields, exclude = [], extraFields = {} }: ModelFormOptions): ModelField[] {
  const all = allFields(model);
  const named = fields === undefined || fields === "all" ? all.filter(isFormField).map((field) => field.name) : fields;
  const wanted = named.filter((name) => !exclude.includes(name) && !Object.hasOwn(extraFields, name));
  return wanted.map((name) => {
    const field = all.find((one) => one.name === name)!;
    if (!isFormField(field)) throw formsErrors.FORMS_NOT_EDITABLE({ model: model.meta.label, field: name });
    return field;
  });
}

function checkOptions(model: ModelClass, options: ModelFormOptions): void {
  const { label } = model.meta;
  if (options.fields === undefined && options.exclude === undefined) throw formsErrors.FORMS_FIELDS_MISSING({ model: label });
  const known = allFields(model).map((field) => field.name);
  const possible = [...known, ...Object.keys(options.extraFields ?? {})];
  for (const option of [
    "fields",
    "exclude",
    "widgets",
    "labels",
    "helpTexts",
    "errorMessages",
    "fieldClasses",
    "localizedFields",
  ] as const) {
    const given = options[option];
    if (given === undefined || given === "all") continue;
    const wrong = (Array.isArray(given) ? given : Object.keys(given)).find((name: string) => !possible.includes(name));
    if (wrong !== undefined) throw formsErrors.FORMS_UNKNOWN_MODEL_FIELD({ model: label, field: wrong, option, fields: known });
  }
}
