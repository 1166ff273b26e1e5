import { currentLanguage, formatsOf, type LocaleFormats, scriptCatalogueOf } from "#kernel/i18n";
import type { HttpRequest } from "../request.ts";
import { HttpResponse, json } from "../response.ts";

/** The texts and formats of a language, as scripts of pages take them. */
interface ScriptCatalog {
  /** By text, or by context, U+0004 and text. */
  catalog: Record<string, string | readonly string[]>;
  formats: Record<string, unknown>;
  /** An expression over `n`; null where there is no text. */
  plural: string | null;
}

const formatNames: Readonly<Record<string, keyof LocaleFormats>> = {
  DATE_FORMAT: "dateFormat",
  DATETIME_FORMAT: "dateTimeFormat",
  TIME_FORMAT: "timeFormat",
  YEAR_MONTH_FORMAT: "yearMonthFormat",
  MONTH_DAY_FORMAT: "monthDayFormat",
  SHORT_DATE_FORMAT: "shortDateFormat",
  SHORT_DATETIME_FORMAT: "shortDateTimeFormat",
  FIRST_DAY_OF_WEEK: "firstDayOfWeek",
  DECIMAL_SEPARATOR: "decimalSeparator",
  THOUSAND_SEPARATOR: "thousandSeparator",
  NUMBER_GROUPING: "numberGrouping",
  DATE_INPUT_FORMATS: "dateInputFormats",
  TIME_INPUT_FORMATS: "timeInputFormats",
  DATETIME_INPUT_FORMATS: "dateTimeInputFormats",
};

function scriptCatalog(): ScriptCatalog {
  const found = scriptCatalogueOf(currentLanguage());
  const formats = formatsOf();
  return {
    catalog: Object.fromEntries(found?.entries() ?? []),
    formats: Object.fromEntries(Object.entries(formatNames).map(([name, key]) => [name, formats[key]])),
    plural: found?.pluralRule.source ?? null,
  };
}

/**
 * A view that answers with a script: `gettext`, `ngettext`, `pgettext`, `npgettext`, `interpolate` and `get_format` for scripts of
 * pages, in the language of the request. The texts are those of the catalogues `cortadojs` and `djangojs`.
 *
 * ```ts
 * path("jsi18n/", javascriptCatalog, { name: "javascript-catalog" });
 * ```
 */
export function javascriptCatalog(_request: HttpRequest): HttpResponse {
  const { catalog, formats, plural } = scriptCatalog();
  const script = `"use strict";
{
  const catalog = new Map(Object.entries(${JSON.stringify(catalog)}));
  const formats = ${JSON.stringify(formats)};
  const form = (n) => Number(${plural ?? "n != 1"});
  const key = (context, text) => context + "\\u0004" + text;
  const one = (key, text) => { const found = catalog.get(key) ?? text; return Array.isArray(found) ? found[0] : found; };
  const many = (key, [singular, plural], n) => { const found = catalog.get(key); return (Array.isArray(found) && found[form(n)]) || (n === 1 ? singular : plural); };
  Object.assign(globalThis, {
    pluralidx: form,
    gettext: (text) => one(text, text),
    gettext_noop: (text) => text,
    ngettext: (singular, plural, n) => many(singular, [singular, plural], n),
    pgettext: (context, text) => one(key(context, text), text),
    npgettext: (context, singular, plural, n) => many(key(context, singular), [singular, plural], n),
    interpolate: (text, values, named) => { let at = 0; return named ? text.replace(/%\\((\\w+)\\)s/g, (_, name) => String(values[name])) : text.replace(/%s/g, () => String(values[at++])); },
    get_format: (name) => formats[name] ?? name,
  });
}
`;
  return new HttpResponse(script, { headers: { "content-type": "text/javascript; charset=utf-8" } });
}

/**
 * A view that answers with the texts, formats and plural rule of the request's language in JSON, for scripts that have a library of
 * their own.
 *
 * ```ts
 * path("jsi18n.json", jsonCatalog);
 * ```
 */
export function jsonCatalog(_request: HttpRequest): HttpResponse {
  return json(scriptCatalog());
}
