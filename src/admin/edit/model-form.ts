import { modelFormClass, textInput } from "#forms";
import type { Field, ModelClass } from "#orm";
import { Addresses } from "../addresses.ts";
import { countUpTo } from "../model-counts.ts";
import type { AdminForm, ModelAdmin } from "../model-admin.ts";
import { siteOf } from "../site.ts";
import type { HttpRequest } from "#http";
import { safe } from "#templates";

/** More rows than this are not offered in a select: the key is typed, and found in the other list. */
const mostOffered = 500;

/** The class of the form for these fields of a model. */
export async function formFor(request: HttpRequest, admin: ModelAdmin, fields: readonly string[]): Promise<AdminForm> {
  const { model, options } = admin;
  const widgets: Record<string, unknown> = {};
  const helpTexts: Record<string, unknown> = { ...options.helpTexts };
  for (const field of relationsAmong(model, fields)) {
    if (options.widgets?.[field.name] !== undefined || (await fewRows(field))) continue;
    widgets[field.name] = textInput({ attrs: { inputmode: "numeric", autocomplete: "off" } });
    helpTexts[field.name] ??= keyHelp(request, field);
  }
  return modelFormClass(model, {
    fields: [...fields],
    widgets: { ...widgets, ...options.widgets },
    labels: options.labels,
    helpTexts,
  } as never) as unknown as AdminForm;
}

function relationsAmong(model: ModelClass, names: readonly string[]): Field[] {
  return model.meta.fields.filter((field) => field.relation !== undefined && names.includes(field.name));
}

async function fewRows(field: Field): Promise<boolean> {
  return (await countUpTo((field.relation!.to.objects as any).all())) <= mostOffered;
}

function keyHelp(request: HttpRequest, field: Field) {
  const { to } = field.relation!;
  if (siteOf(request).of(to) === undefined) return `The key of one of the ${to.meta.verboseNamePlural}.`;
  return safe(`The key of one of the <a href="${new Addresses().list(to.meta)}">${to.meta.verboseNamePlural}</a>.`);
}
