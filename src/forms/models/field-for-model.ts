import { LazyText } from "#kernel/i18n";
import { Expression, type Field as ModelField, FilePathField, type IPAddressOptions } from "#orm";
import type { ChoiceList } from "../choices.ts";
import { formsErrors } from "../errors.ts";
import { booleanField, nullBooleanField } from "../fields/boolean-fields.ts";
import { typedChoiceField } from "../fields/choice-fields.ts";
import { dateField, dateTimeField, timeField } from "../fields/date-fields.ts";
import { durationField } from "../fields/duration-field.ts";
import type { Field, FieldOptions } from "../fields/field.ts";
import { fileField, imageField } from "../fields/file-fields.ts";
import { genericIPAddressField } from "../fields/ip-field.ts";
import { simpleArrayField } from "../fields/list-fields.ts";
import { bigIntegerField, decimalField, floatField, integerField } from "../fields/number-fields.ts";
import { rangeField } from "../fields/range-field.ts";
import { charField, emailField, slugField, urlField } from "../fields/text-fields.ts";
import { jsonField, uuidField } from "../fields/value-fields.ts";
import { textarea } from "../widgets/inputs.ts";
import { modelChoiceField, modelMultipleChoiceField, type RowQuery } from "./model-choice.ts";

/** Makes a form field of options: `charField`, `emailField`, a function of one's own. */
export type FieldMaker = (options: FieldOptions) => Field<any>;

type Maker = (options: FieldOptions, field: ModelField) => Field<any>;

/** A text that may be NULL and be unique keeps "no answer" apart from the empty text. */
const text = (field: ModelField) => ({ maxLength: field.maxLength, emptyValue: field.emptyValue as string | null });
/** The rows that a relation offers, asked for when a form is shown: what `limitChoicesTo` says may change. */
const rowsOf = (field: ModelField) => () => {
  const { to, limitChoicesTo } = field.relation!;
  return (limitChoicesTo === undefined ? to.objects : to.objects.filter(limitChoicesTo as never)) as unknown as RowQuery;
};
/** What a foreign key to another field than the primary key is chosen by. */
const keyFieldOf = ({ relation }: ModelField) =>
  relation!.targetField?.primaryKey === false ? { toFieldName: relation!.targetField.attname } : {};
const integer: Maker = (options) => integerField(options);
const positive: Maker = (options) => integerField({ minValue: 0, ...options });
const row: Maker = (options, field) => modelChoiceField({ ...options, ...keyFieldOf(field), queryset: rowsOf(field) });

/** The form field of each kind of model field. */
const makers: Readonly<Record<string, Maker>> = {
  char: (options, field) => charField({ ...options, ...text(field) }),
  text: (options, field) => charField({ ...options, ...text(field), widget: options.widget ?? textarea }),
  slug: (options, field) =>
    slugField({ ...options, ...text(field), allowUnicode: (field.options as { allowUnicode?: boolean }).allowUnicode === true }),
  email: (options, field) => emailField({ ...options, ...text(field) }),
  url: (options, field) => urlField({ ...options, ...text(field) }),
  filePath: (options, field) => pathChoices(field, options),
  genericIPAddress: (options, field) => {
    const { protocol, unpackIpv4 } = field.options as IPAddressOptions;
    return genericIPAddressField({ ...options, protocol, unpackIpv4, emptyValue: field.emptyValue as string | null });
  },
  uuid: (options) => uuidField(options),
  integer,
  smallInteger: integer,
  positiveInteger: positive,
  positiveSmallInteger: positive,
  bigInteger: (options) => bigIntegerField(options),
  positiveBigInteger: (options) => bigIntegerField({ minValue: 0n, ...options }),
  float: (options) => floatField(options),
  decimal: (options, field) => decimalField({ ...options, maxDigits: field.maxDigits, decimalPlaces: field.decimalPlaces }),
  boolean: (options, field) => (field.null ? nullBooleanField(options) : booleanField({ ...options, required: false })),
  date: (options) => dateField(options),
  dateTime: (options) => dateTimeField(options),
  time: (options) => timeField(options),
  duration: (options) => durationField(options),
  json: (options) => jsonField(options),
  array: (options, field) =>
    simpleArrayField({
      ...options,
      base: partOf(field),
      maxLength: (field.options as { size?: number }).size,
    }),
  range: (options, field) => rangeField({ ...options, base: partOf(field), compress: (bounds) => field.parse(bounds) }),
  file: (options, field) => fileField({ ...options, maxLength: field.maxLength }),
  image: (options, field) => imageField({ ...options, maxLength: field.maxLength }),
  foreignKey: row,
  oneToOne: row,
  manyToMany: (options, field) => modelMultipleChoiceField({ ...options, queryset: rowsOf(field) }),
};

/** The form field of a list's items, or of a range's bounds. */
function partOf(field: ModelField): Field<any> {
  return fieldForModel((field as ModelField & { readonly base: ModelField }).base);
}

/** Whether a person may fill in a model's field: not a key that the database allots, not a time it sets itself. */
export function isFormField(field: ModelField): boolean {
  const { autoNow, autoNowAdd } = field.options as { autoNow?: boolean; autoNowAdd?: boolean };
  if (autoNow || autoNowAdd || field.databaseValue === "generated") return false;
  return field.editable && !field.autoIncrement && field.kind !== "binary";
}

/**
 * The form field of a model's field: its label, help, choices, limits and default come from the model.
 * @throws FORMS_NO_FIELD_FOR_KIND
 */
export function fieldForModel(field: ModelField, overrides: FieldOptions = {}, makeOwn?: FieldMaker): Field<any> {
  const options: FieldOptions = {
    required: !field.blank && field.databaseValue !== "default",
    label: shown(field.options.verboseName, () => capitalised(field.verboseName)),
    helpText: shown(field.options.helpText, () => field.helpText),
    initial: field.hasDefault ? () => field.getDefault() : plainDatabaseDefault(field),
    ...overrides,
  };
  if (makeOwn !== undefined) return makeOwn(options);
  if (field.choices !== undefined && field.choices.length > 0) return choicesFor(field, options);
  const make = makers[field.formKind];
  if (make !== undefined) return make(options, field);
  throw formsErrors.FORMS_NO_FIELD_FOR_KIND({ model: field.model.meta.label, field: field.name, kind: field.kind });
}

/** What the column's own default will be, where it is a value: an expression is the database's secret. */
function plainDatabaseDefault(field: ModelField): unknown {
  const { dbDefault } = field.options as { dbDefault?: unknown };
  return dbDefault instanceof Expression ? undefined : dbDefault;
}

function choicesFor(field: ModelField, options: FieldOptions): Field<any> {
  return typedChoiceField({
    ...options,
    choices: () => offered(field), // a function's choices change, and labels are another in each language
    coerce: (value: string) => field.parse(value),
    emptyValue: field.emptyValue,
  });
}

const nothingChosen = ["", "---------"] as const;

/** The field's choices, after an empty one where nothing may be chosen and none of them says so itself. */
function offered(field: ModelField): ChoiceList {
  const own = field.choices as ChoiceList;
  const hasEmpty = field.flatChoices!.some(([value]) => value === null || value === "");
  return (field.blank || !field.hasDefault) && !hasEmpty ? [nothingChosen, ...own] : own;
}

/** The files of the field's folder, as they are when a form asks. */
function pathChoices(field: ModelField, options: FieldOptions): Field<any> {
  const paths = () => (field instanceof FilePathField ? field.paths() : []);
  return typedChoiceField({
    ...options,
    choices: () => (options.required === false || !field.hasDefault ? [nothingChosen, ...paths()] : paths()),
    emptyValue: field.emptyValue as string | null,
  });
}

/** A text of the model: one that is translated is translated when it is shown, for a form's fields are made once. */
function shown(declared: unknown, text: () => string): string | LazyText {
  return declared instanceof LazyText ? new LazyText(text) : text();
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
