export { type Catalogue, catalogueOf } from "./catalogues.ts";
export {
  activateLanguage,
  activateTimeZone,
  currentLanguage,
  currentTimeZone,
  overrideLanguage,
  overrideTimeZone,
} from "./current-locale.ts";
export { dayName, monthName, type MonthForm } from "./formats/calendar-names.ts";
export { formatNumber, type NumberOptions } from "./formats/format-number.ts";
export { formatsOf, type LocaleFormats } from "./formats/locale-formats.ts";
export { gettext, gettextNoop, ngettext, npgettext, pgettext } from "./gettext.ts";
export { type I18nSettings, i18nSettings } from "./i18n-settings.ts";
export { interpolate } from "./interpolate.ts";
export { isRightToLeft, type LanguageInfo, languageInfo } from "./language-info.ts";
export { gettextLazy, LazyText, ngettextLazy, npgettextLazy, pgettextLazy } from "./lazy-text.ts";
export { useI18n } from "./use-i18n.ts";
