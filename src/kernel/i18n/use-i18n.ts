import { forgetCatalogues } from "./catalogues/catalogue-of.ts";
import { resetBaseLocale } from "./current-locale.ts";
import { forgetFormats } from "./formats/formats-of.ts";
import { type I18nSettings, setI18nSettings } from "./i18n-settings.ts";

/**
 * Says how the program is internationalised: its language, the languages it speaks, its catalogues, its time zone. A project does
 * so when it opens; what is not given is put back to its default. Catalogues are read anew.
 *
 * ```ts
 * useI18n({ language: "ko", languages: { ko: "Korean", en: "English" }, catalogues: ["locale"], timeZone: "Asia/Seoul" });
 * ```
 */
export function useI18n(settings: Partial<I18nSettings>): void {
  setI18nSettings(settings);
  resetBaseLocale();
  forgetCatalogues();
  forgetFormats();
}
