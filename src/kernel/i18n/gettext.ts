import { currentCatalogue } from "./current-locale.ts";

/**
 * A text in the language of what runs; the text itself where the language has none for it.
 *
 * ```ts
 * gettext("Enter a valid date.");
 * ```
 */
export function gettext(message: string): string {
  const catalogue = currentCatalogue();
  return catalogue === undefined ? message : catalogue.gettext(message);
}

/**
 * A text that depends on a number, by the rules of the language.
 *
 * ```ts
 * ngettext("%(count)d coffee", "%(count)d coffees", 3);
 * ```
 */
export function ngettext(singular: string, plural: string, count: number): string {
  const catalogue = currentCatalogue();
  if (catalogue === undefined) return count === 1 ? singular : plural;
  return catalogue.ngettext(singular, plural, count);
}

/**
 * A text that means something else elsewhere: the context tells translators which it is.
 *
 * ```ts
 * pgettext("month name", "May");
 * ```
 */
export function pgettext(context: string, message: string): string {
  const catalogue = currentCatalogue();
  return catalogue === undefined ? message : catalogue.pgettext(context, message);
}

/**
 * A text that has a context and depends on a number.
 *
 * ```ts
 * npgettext("of a tree", "%(count)d leaf", "%(count)d leaves", 2);
 * ```
 */
// oxlint-disable-next-line max-params -- gettext's own signature
export function npgettext(context: string, singular: string, plural: string, count: number): string {
  const catalogue = currentCatalogue();
  if (catalogue === undefined) return count === 1 ? singular : plural;
  return catalogue.npgettext(context, { singular, plural }, count);
}

/**
 * Marks a text for `makemessages` and leaves it as it is; it is translated later, where it is shown.
 *
 * ```ts
 * const kinds = [gettextNoop("Coffee"), gettextNoop("Tea")];
 * ```
 */
export function gettextNoop<Text extends string>(message: Text): Text {
  return message;
}
