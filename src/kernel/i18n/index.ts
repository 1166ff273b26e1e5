export { type Catalogue } from "./catalogues/catalogue.ts";
export { checkI18n } from "./check-i18n.ts";
export { badCatalogue, catalogueOf, loadCatalogues, scriptCatalogueOf } from "./catalogues/catalogue-of.ts";
export { type Message, type MessageFile, messageKey } from "./catalogues/message.ts";
export { parseMo, writeMo } from "./catalogues/mo-file.ts";
export { parsePluralRule, type PluralRule } from "./catalogues/plural-rule.ts";
export { parsePo } from "./catalogues/po-reader.ts";
export { writePo } from "./catalogues/po-writer.ts";
export {
  activateLanguage,
  activateTimeZone,
  currentLanguage,
  currentTimeZone,
  keepLocale,
  overrideLanguage,
  overrideTimeZone,
} from "./current-locale.ts";
export { dayName, monthName, type MonthForm } from "./formats/calendar-names.ts";
export { formatNumber, type NumberOptions } from "./formats/format-number.ts";
export { placesShown, showWithPlaces } from "./formats/shown-places.ts";
export { formatsOf } from "./formats/formats-of.ts";
export type { LocaleFormats } from "./formats/locale-formats.ts";
export { gettext, gettextNoop, ngettext, npgettext, pgettext } from "./gettext.ts";
export { type CatalogueSource, type I18nSettings, i18nSettings } from "./i18n-settings.ts";
export { interpolate } from "./interpolate.ts";
export { isRightToLeft, type LanguageInfo, languageInfo } from "./languages/language-info.ts";
export { languageOfLocale, localeName } from "./languages/locale-name.ts";
export { pluralFormsOf } from "./languages/plural-forms.ts";
export { supportedLanguage } from "./languages/supported-language.ts";
export { gettextLazy, LazyText, ngettextLazy, npgettextLazy, pgettextLazy } from "./lazy-text.ts";
export { listText } from "./list-text.ts";
export {
  type Disambiguation,
  fixedTimeZone,
  localDate,
  localTime,
  makeAware,
  makeNaive,
  type Moment,
} from "./time-zones/local-time.ts";
export { isTimeZone } from "./time-zones/known-time-zone.ts";
export { projectI18n, useI18n } from "./use-i18n.ts";
