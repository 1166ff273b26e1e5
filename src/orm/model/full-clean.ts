import { ValidationError } from "#validation";
import type { Field } from "../fields/field.ts";
import { queryModel } from "../query/query-set.ts";
import { stateOf } from "./instance-state.ts";
import type { ModelMeta } from "./meta.ts";
import { type AnyRow, metaOf } from "./row.ts";

type Errors = Record<string, ValidationError[]>;

/** Validates each field, then `clean()` where the model has one, then what must be unique. */
export async function fullClean(instance: object, exclude: readonly string[]): Promise<void> {
  const row = instance as AnyRow;
  const meta = metaOf(row);
  const errors: Errors = {};
  for (const field of meta.fields) if (!exclude.includes(field.name)) cleanField(row, field, errors);
  await cleanModel(row, errors);
  for (const field of meta.fields) {
    if (field.unique && !exclude.includes(field.name) && !errors[field.name])
      await checkUnique(row, meta, { names: [field.attname], errors });
  }
  for (const constraint of meta.options.constraints ?? []) {
    if (constraint.type !== "unique" || constraint.fields.some((name) => exclude.includes(name) || errors[name])) continue;
    await checkUnique(row, meta, { names: constraint.fields.map((name) => meta.field(name).attname), errors });
  }
  if (Object.keys(errors).length > 0) throw new ValidationError(errors);
}

function cleanField(row: AnyRow, field: Field, errors: Errors): void {
  const value = row[field.attname];
  const missing = value === null || value === undefined;
  if (missing && (field.autoIncrement || (field.blank && field.emptyValue === null))) return;
  try {
    const cleaned = field.clean(value);
    if (cleaned !== value) row[field.attname] = cleaned;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    (errors[field.name] ??= []).push(error);
  }
}

async function cleanModel(row: AnyRow, errors: Errors): Promise<void> {
  try {
    await (row["clean"] as (() => void | Promise<void>) | undefined)?.call(row);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const fields = error.byField ?? { __all__: error };
    for (const [name, own] of Object.entries(fields)) (errors[name] ??= []).push(own);
  }
}

async function checkUnique(
  row: AnyRow,
  meta: ModelMeta,
  { names, errors }: { names: readonly string[]; errors: Errors },
): Promise<void> {
  const where = Object.fromEntries(names.map((name) => [name, row[name]]));
  if (Object.values(where).some((value) => value === null || value === undefined)) return;
  const others = queryModel(meta.model).filter(where);
  const isStored = row[stateOf].stored !== undefined;
  if (!(await (isStored ? others.exclude({ pk: row["pk"] }) : others).exists())) return;
  const field = meta.field(names[0]!);
  if (names.length === 1) {
    const params = { modelName: capitalised(meta.verboseName), fieldLabel: field.verboseName };
    (errors[field.name] ??= []).push(field.invalid("unique", params));
  } else {
    const labels = names.map((name) => meta.field(name).verboseName).join(" and ");
    (errors["__all__"] ??= []).push(
      new ValidationError(`${capitalised(meta.verboseName)} with this ${labels} already exists.`, { code: "unique_together" }),
    );
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
