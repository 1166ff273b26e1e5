// Addresses under the prefix of a language keep their names and parameters; a lazy text stands where a text may.
import { i18nPatterns, type NamesOf, path } from "cortado/http";
import { gettextLazy, gettextNoop, type LocaleFormats, useI18n } from "cortado/i18n";
import { maxLengthValidator, ValidationError } from "cortado/validation";

const view = () => "";
const urls = [
  path("a/", view, { name: "a" }),
  ...i18nPatterns([path("b/<int:id>/", view, { name: "b" })], { prefixDefaultLanguage: false }),
];
type Names = NamesOf<typeof urls>;

export const known: keyof Names = "a";
export const parameters: Names["b"] = { id: 3 };
// @ts-expect-error -- an id is a number
export const wrong: Names["b"] = { id: "3" };
// @ts-expect-error -- no address has this name
export const unknown: keyof Names = "c";

export const validator = maxLengthValidator(3, { message: gettextLazy("Too long.") });
export const error = new ValidationError({ name: [gettextLazy("Too long."), "Too plain."] });
export const literal: "Coffee" = gettextNoop("Coffee");

export const format: keyof LocaleFormats = "dateFormat";
// @ts-expect-error -- there is no such format
useI18n({ formats: { de: { date: "j. F Y" } } });
