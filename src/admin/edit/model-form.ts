import { modelFormClass } from "#forms";
import type { HttpRequest } from "#http";
import type { Field } from "#orm";
import { escapeHtml, safe } from "#templates";
import { Addresses } from "../addresses.ts";
import type { AdminForm, ModelAdmin } from "../model-admin.ts";
import { siteOf } from "../site.ts";
import { isTypedKey, widgetFor } from "./widgets.ts";

/** The class of the form for these fields of a model. */
export async function formFor(request: HttpRequest, admin: ModelAdmin, names: readonly string[]): Promise<AdminForm> {
  const { model, options } = admin;
  const widgets: Record<string, unknown> = {};
  const helpTexts: Record<string, unknown> = { ...options.helpTexts };
  for (const name of names) {
    const field = model.meta.field(name);
    widgets[name] = options.widgets?.[name] ?? (await widgetFor(field));
    if (await isTypedKey(field)) helpTexts[name] ??= keyHelp(request, field);
  }
  const { labels } = options;
  return modelFormClass(model, { fields: [...names], widgets, labels, helpTexts } as never) as unknown as AdminForm;
}

function keyHelp(request: HttpRequest, field: Field) {
  const { to } = field.relation!;
  if (siteOf(request).of(to) === undefined) return `The key of one of the ${to.meta.verboseNamePlural}.`;
  const list = new Addresses().list(to.meta);
  return safe(`The key of one of the <a href="${escapeHtml(list)}">${escapeHtml(to.meta.verboseNamePlural)}</a>.`);
}
