import { gettext, ngettext, npgettext, pgettext } from "./gettext.ts";

/**
 * A text that is translated when it is shown: wherever it is turned into a string, in the language of that moment.
 *
 * ```ts
 * const label = gettextLazy("Name"); // at import, when there is no request yet
 * `${label}`;                        // "Name" or "이름"
 * ```
 */
export class LazyText {
  readonly #text: () => string;

  constructor(text: () => string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text();
  }

  toJSON(): string {
    return this.#text();
  }

  [Symbol.toPrimitive](): string {
    return this.#text();
  }
}

/**
 * `gettext`, when the text is shown.
 *
 * ```ts
 * charField({ label: gettextLazy("Name") });
 * ```
 */
export function gettextLazy(message: string): LazyText {
  return new LazyText(() => gettext(message));
}

/**
 * `ngettext`, when the text is shown.
 *
 * ```ts
 * ngettextLazy("%(count)d coffee", "%(count)d coffees", 3);
 * ```
 */
export function ngettextLazy(singular: string, plural: string, count: number): LazyText {
  return new LazyText(() => ngettext(singular, plural, count));
}

/**
 * `pgettext`, when the text is shown.
 *
 * ```ts
 * pgettextLazy("month name", "May");
 * ```
 */
export function pgettextLazy(context: string, message: string): LazyText {
  return new LazyText(() => pgettext(context, message));
}

/**
 * `npgettext`, when the text is shown.
 *
 * ```ts
 * npgettextLazy("of a tree", "%(count)d leaf", "%(count)d leaves", 2);
 * ```
 */
// oxlint-disable-next-line max-params -- gettext's own signature
export function npgettextLazy(context: string, singular: string, plural: string, count: number): LazyText {
  return new LazyText(() => npgettext(context, singular, plural, count));
}
