import { defineErrors, didYouMean } from "#kernel";

const list = (names: readonly string[]) => names.join(", ") || "none";

export const formsErrors = defineErrors({
  /** `errors`, `cleanedData` or `save()` is used before the form was asked whether it is valid. */
  FORMS_NOT_VALIDATED: (d: { form: string; used: string }) => ({
    message: `${d.form}: ${d.used} was read before the form was validated.`,
    hint: "Ask first: if (await form.isValid()) { … }",
  }),
  /** `cleanedData` of a form to which nothing was submitted. */
  FORMS_NOT_BOUND: (d: { form: string; used: string }) => ({
    message: `${d.form}: ${d.used} was read, but nothing was submitted to the form.`,
    hint: `Give it the submitted values: new ${d.form}({ data }), or await ${d.form}.from(request).`,
  }),
  /** A form is asked for a field that it does not have. */
  FORMS_UNKNOWN_FIELD: (d: { form: string; field: string; fields: readonly string[] }) => ({
    message: `${d.form} has no field "${d.field}". Its fields are: ${list(d.fields)}.`,
    hint: didYouMean(d.field, d.fields),
  }),
  /** A form has a method `cleanXyz` but no field `xyz`, so that the method would never run. */
  FORMS_UNKNOWN_CLEAN_METHOD: (d: { form: string; method: string; field: string; fields: readonly string[] }) => ({
    message: `${d.form}.${d.method}() cleans a field "${d.field}" that the form does not have. Its fields are: ${list(d.fields)}.`,
    hint: didYouMean(d.field, d.fields) ?? `Name it after a field, or use clean() for what concerns several fields.`,
  }),
  /** A model form is saved although its answers were refused. */
  FORMS_SAVE_INVALID: (d: { form: string; errors: readonly string[] }) => ({
    message: `${d.form} cannot be saved: its answers were refused (${list(d.errors)}).`,
    hint: "Save only when await form.isValid() is true, and show the form again when it is not.",
  }),
  /** A model form names a field that the model does not have. */
  FORMS_UNKNOWN_MODEL_FIELD: (d: { model: string; field: string; option: string; fields: readonly string[] }) => ({
    message: `ModelForm(${d.model}): "${d.option}" names "${d.field}", which ${d.model} does not have. It has: ${list(d.fields)}.`,
    hint: didYouMean(d.field, d.fields),
  }),
  /** A model form names a field whose values nobody may edit. */
  FORMS_NOT_EDITABLE: (d: { model: string; field: string }) => ({
    message: `ModelForm(${d.model}): the field "${d.field}" is not editable.`,
    hint: `Leave it out of "fields", or drop editable: false from the model.`,
  }),
  /** A model form says neither which fields it has nor which it leaves out. */
  FORMS_FIELDS_MISSING: (d: { model: string }) => ({
    message: `ModelForm(${d.model}) says neither "fields" nor "exclude", and a form should not show a field by accident.`,
    hint: 'Name them: { fields: ["name"] }, or take all: { fields: "all" }.',
  }),
  /** An inline formset cannot tell which foreign key leads from its rows to their parent. */
  FORMS_FOREIGN_KEY: (d: { child: string; parent: string; given: string | undefined; found: readonly string[] }) => ({
    message:
      d.given === undefined
        ? `inlineFormset(${d.parent}, ${d.child}): ${d.found.length === 0 ? "no foreign key leads" : "several foreign keys lead"} from ${d.child} to ${d.parent} (${list(d.found)}).`
        : `inlineFormset(${d.parent}, ${d.child}): "${d.given}" is no foreign key from ${d.child} to ${d.parent}. There is: ${list(d.found)}.`,
    hint:
      d.found.length === 0
        ? "Give the models in this order: the parent, then the one that refers to it."
        : `Name it: { fk: "${d.found[0]}" }.`,
  }),
  /** A kind of model field has no form field. */
  FORMS_NO_FIELD_FOR_KIND: (d: { model: string; field: string; kind: string }) => ({
    message: `ModelForm(${d.model}): no form field is known for "${d.field}", a field of the kind ${d.kind}.`,
    hint: `Exclude it, or give one: { extraFields: { ${d.field}: charField() } }.`,
  }),
  /** An attribute's name holds what would end it: a space, a quote, `=`, `<`, `>` or `/`. */
  FORMS_ATTRIBUTE_NAME: (d: { name: string }) => ({
    message: `${JSON.stringify(d.name)} cannot be the name of an attribute.`,
    hint: 'Name attributes in the program, { "data-kind": value }, and put what people typed into their values, which are escaped.',
  }),
  /** A widget for one file has the attribute `multiple`. */
  FORMS_SEVERAL_FILES: () => ({
    message: 'A file input has the attribute "multiple", but reads one file only.',
    hint: "Say so: fileInput({ allowMultipleSelected: true }), with multipleFileField().",
  }),
  /** The empty choices of a date's selects are not three. */
  FORMS_EMPTY_LABEL: (d: { given: number }) => ({
    message: `selectDateWidget: "emptyLabel" has ${d.given} texts, but there are three selects.`,
    hint: 'Give one for each, in this order: { emptyLabel: ["Year", "Month", "Day"] }, or one text for all.',
  }),
});
