import { gettext, listText } from "#kernel/i18n";
import { nonFieldErrors, ValidationError } from "#validation";
import type { Field } from "../../fields/field.ts";
import { stateOf } from "../rows/instance-state.ts";
import type { ModelMeta } from "../meta.ts";
import type { AnyRow } from "../rows/row.ts";
import { rowsBeside } from "../rows/rows-beside.ts";
import type { Validation } from "./errors-by-field.ts";
import { capitalised } from "../../names.ts";

/** Whether the values of unique fields are taken, for all time or for a day, month or year. */
export async function validateUnique(validation: Validation): Promise<void> {
  const { row, meta, exclude, errors } = validation;
  await validateCompositeKey(validation);
  for (const field of meta.fields) {
    if (exclude.has(field.name)) continue;
    const isOwn = field.model === meta.concrete;
    const keepsKey = field.primaryKey && (row[stateOf].stored !== undefined || !isOwn);
    // What is unique in a parent's table is so among the parent's other rows too.
    if (field.unique && !keepsKey && (await isTaken(row, isOwn ? meta : field.model.meta, valuesOf(row, [field]))))
      errors.add(field.name, uniqueError(meta, [field]));
    for (const rule of periodRules(field)) {
      if (exclude.has(rule.dateField)) continue;
      const within = period(row[rule.dateField], rule.period);
      const values = within && valuesOf(row, [field]);
      if (values && (await isTaken(row, meta, { ...values, [rule.dateField]: within })))
        errors.add(field.name, periodError(meta, field, rule));
    }
  }
}

/** Whether a key of several fields is taken. */
async function validateCompositeKey({ row, meta, exclude, errors }: Validation): Promise<void> {
  const { parts } = meta.primaryKey;
  if (parts.length === 1 || row[stateOf].stored !== undefined || parts.some(({ name }) => exclude.has(name))) return;
  if (await isTaken(row, meta, valuesOf(row, parts))) errors.add(nonFieldErrors, uniqueError(meta, parts));
}

/** The values of fields, for a filter; undefined where one has none, for nothing equals NULL. */
export function valuesOf(row: AnyRow, fields: readonly Field[]): Record<string, unknown> | undefined {
  const values = fields.map((field) => row[field.attname] as unknown);
  if (values.some((value) => value === null || value === undefined)) return undefined;
  return Object.fromEntries(fields.map((field, at) => [field.attname, { eq: values[at] }]));
}

/** Whether another row has these values. */
export function isTaken(row: AnyRow, meta: ModelMeta, values: Record<string, unknown> | undefined): Promise<boolean> {
  if (values === undefined) return Promise.resolve(false);
  const others = rowsBeside(row, meta, "write").filter(values);
  return (row[stateOf].stored === undefined ? others : others.exclude({ pk: row["pk"] })).exists();
}

/** `Coffee with this Name already exists.` */
export function uniqueError(meta: ModelMeta, fields: readonly Field[]): ValidationError {
  const modelName = capitalised(meta.verboseName);
  const labels = fields.map((field) => capitalised(field.verboseName));
  const [field] = fields;
  if (fields.length === 1) return field!.invalid("unique", { modelName, fieldLabel: labels[0] });
  const fieldLabels = listText(labels, gettext("and"));
  return new ValidationError(gettext("%(model_name)s with this %(field_labels)s already exists."), {
    code: "unique_together",
    params: { modelName, fieldLabels, modelClass: meta.name, uniqueCheck: fields.map(({ name }) => name) },
  });
}

interface PeriodRule {
  readonly period: "date" | "month" | "year";
  readonly dateField: string;
}

function periodRules({ options }: Field): PeriodRule[] {
  const { uniqueForDate, uniqueForMonth, uniqueForYear } = options as Record<string, string | undefined>;
  const rules: PeriodRule[] = [];
  if (uniqueForDate !== undefined) rules.push({ period: "date", dateField: uniqueForDate });
  if (uniqueForMonth !== undefined) rules.push({ period: "month", dateField: uniqueForMonth });
  if (uniqueForYear !== undefined) rules.push({ period: "year", dateField: uniqueForYear });
  return rules;
}

/** A filter for the dates in the same period; undefined where there is no date. */
function period(value: unknown, kind: PeriodRule["period"]): Record<string, number> | undefined {
  const day =
    value instanceof Date
      ? { year: value.getUTCFullYear(), month: value.getUTCMonth() + 1, day: value.getUTCDate() }
      : (value as DayParts | null | undefined);
  if (day === null || day === undefined) return undefined;
  const { year, month } = day;
  return { date: { year, month, day: day.day }, month: { month }, year: { year } }[kind];
}

interface DayParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function periodError(meta: ModelMeta, field: Field, rule: PeriodRule): ValidationError {
  return field.invalid("unique_for_date", {
    model: meta.name,
    modelName: capitalised(meta.verboseName),
    lookupType: rule.period,
    field: field.name,
    fieldLabel: capitalised(field.verboseName),
    dateField: rule.dateField,
    dateFieldLabel: capitalised(meta.field(rule.dateField).verboseName),
  });
}
