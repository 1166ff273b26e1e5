import type { LazyText } from "#kernel/i18n";
import { escapeHtml, SafeString, safe } from "#templates";
import { formsErrors } from "./errors.ts";
import { plainText } from "./plain-text.ts";

/** HTML that may first have to wait for rows. */
export type Html = SafeString | Promise<SafeString>;

/** Attributes of an element: `true` stands alone, `false`, `null` and `undefined` leave the attribute out. */
export type Attributes = Readonly<Record<string, string | number | boolean | LazyText | null | undefined>>;

/**
 * Writes HTML. What is put in is escaped, unless it is HTML already; lists are joined.
 *
 * ```ts
 * markup`<b>${"<script>"}</b>`; // <b>&lt;script&gt;</b>
 * ```
 */
export function markup(strings: TemplateStringsArray, ...values: unknown[]): SafeString {
  let text = strings[0]!;
  for (const [at, value] of values.entries()) text += escaped(value) + strings[at + 1]!;
  return safe(text);
}

function escaped(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(escaped).join("");
  return value instanceof SafeString ? String(value) : String(escapeHtml(plainText(value)));
}

/** Names of attributes that were looked at; a program has few. */
const knownNames = new Set<string>();
const mostKnown = 1000;

function checkName(name: string): void {
  if (!/^[^\s"'<>/=\p{Cc}]+$/u.test(name)) throw formsErrors.FORMS_ATTRIBUTE_NAME({ name });
  if (knownNames.size < mostKnown) knownNames.add(name);
}

/**
 * ` name="value"` for each attribute.
 * @throws FORMS_ATTRIBUTE_NAME where a name would be more than a name: it is no place for what a stranger typed
 */
export function attributes(map: Attributes): SafeString {
  let text = "";
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value === false || value === null || value === undefined) continue;
    if (!knownNames.has(name)) checkName(name);
    text += value === true ? ` ${name}` : ` ${name}="${escaped(value)}"`;
  }
  return safe(text);
}

/** The attributes that stand in the element; those given later replace those before, in their place. */
export function presentAttributes(...maps: readonly Attributes[]): Attributes {
  const present: Record<string, Attributes[string]> = {};
  for (const map of maps) {
    for (const name of Object.keys(map)) {
      const value = map[name];
      if (value !== false && value !== null && value !== undefined) present[name] = value;
      else if (name in present) delete present[name];
    }
  }
  return present;
}

/** Lays out parts once all of them are there: at once when none of them has to wait. */
export function whenReady<T, R>(parts: readonly (T | Promise<T>)[], layOut: (ready: readonly T[]) => R): R | Promise<R> {
  if (parts.some((part) => part instanceof Promise)) return Promise.all(parts).then(layOut);
  return layOut(parts as readonly T[]);
}
