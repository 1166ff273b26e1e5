import { gettext } from "#kernel/i18n";
import type { Field as ModelField, ModelMeta } from "#orm";
import { ValidationError } from "#validation";
import type { BaseModelForm } from "../models/model-form.ts";

/** Fields whose values together are another in every row. */
type UniqueFields = readonly ModelField[];

/** The rules of a model that two forms of one page could break together. */
function uniqueRules(meta: ModelMeta): UniqueFields[] {
  const single = meta.fields.filter((field) => field.unique && !field.primaryKey).map((field) => [field]);
  const several = (meta.options.constraints ?? []).flatMap((rule) => {
    if (rule.type !== "unique" || rule.condition !== undefined || !Array.isArray(rule.fields)) return [];
    const names = rule.fields as readonly unknown[];
    return names.every((name) => typeof name === "string") ? [names.map((name) => meta.field(name))] : [];
  });
  return [...single, ...several];
}

/**
 * Refuses values that two forms of one page have in common although the model wants them to differ: the second form is marked,
 * and the messages for the whole page are returned.
 */
export function refuseDuplicates(meta: ModelMeta, forms: readonly BaseModelForm[]): ValidationError[] {
  const refused: ValidationError[] = [];
  for (const fields of uniqueRules(meta)) {
    const seen = new Set<string>();
    const twice = forms.filter((form) => {
      const key = valuesKey(form, fields);
      if (key === undefined || !seen.has(key)) return void (key !== undefined && seen.add(key));
      return true;
    });
    if (twice.length > 0) refused.push(pageMessage(fields));
    for (const form of twice)
      form.addError(null, new ValidationError(gettext("Please correct the duplicate values below."), { code: "duplicate" }));
  }
  return refused;
}

/** What a form has in the fields; undefined where one of them is empty or was refused. */
function valuesKey(form: BaseModelForm, fields: UniqueFields): string | undefined {
  if (fields.some(({ name }) => !form.fields.has(name) && form.instance[name] === undefined)) return undefined;
  const values = fields.map((field) => form.instance[field.attname] as unknown);
  if (values.some((value) => value === null || value === undefined)) return undefined;
  return JSON.stringify(values.map(String));
}

function pageMessage(fields: UniqueFields): ValidationError {
  const names = fields.map(({ name }) => name);
  if (names.length === 1)
    return new ValidationError(gettext("Please correct the duplicate data for %(field)s."), {
      code: "duplicate",
      params: { field: names[0] },
    });
  const field = `${names.slice(0, -1).join(", ")} ${gettext("and")} ${names.at(-1)}`;
  return new ValidationError(gettext("Please correct the duplicate data for %(field)s, which must be unique."), {
    code: "duplicate",
    params: { field },
  });
}
