import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ProjectSettings } from "../app.ts";
import { forgetCatalogues } from "./catalogues/catalogue-of.ts";
import { resetBaseLocale } from "./current-locale.ts";
import { forgetFormats } from "./formats/formats-of.ts";
import { type I18nSettings, setI18nSettings } from "./i18n-settings.ts";
import { languageInfo } from "./languages/language-info.ts";
import { knownTimeZone } from "./time-zones/known-time-zone.ts";

/** The languages of a project: by code, with their names. */
function languagesOf({ language = "en", languages }: ProjectSettings): Record<string, string> {
  const given = languages ?? [language];
  if (!Array.isArray(given)) return { ...(given as Record<string, string>) };
  return Object.fromEntries((given as readonly string[]).map((code) => [code.toLowerCase(), languageInfo(code).name]));
}

/**
 * What a project's settings say of its language, with the catalogues of its folders and its apps.
 *
 * ```ts
 * useI18n(projectI18n(services.settings));
 * ```
 */
export function projectI18n(project: ProjectSettings): Partial<I18nSettings> {
  const { apps, language, localePaths = ["locale"], root, timeZone, useThousandSeparator, formats } = project;
  const folders = apps.flatMap(({ directory }) => (directory === undefined ? [] : [join(directory, "locale")]));
  return {
    language: language?.toLowerCase(),
    languages: languagesOf(project),
    catalogues: [...localePaths.map((folder) => resolve(root, folder)), ...folders].filter((folder) => existsSync(folder)),
    timeZone,
    useThousandSeparator,
    formats,
  } as Partial<I18nSettings>;
}

/**
 * Says how the program is internationalised: its language, the languages it speaks, its catalogues, its time zone. A project does
 * so when it opens; what is not given is put back to its default. Catalogues are read anew.
 *
 * ```ts
 * useI18n({ language: "ko", languages: { ko: "Korean", en: "English" }, catalogues: ["locale"], timeZone: "Asia/Seoul" });
 * ```
 * @throws KERNEL_UNKNOWN_TIME_ZONE
 */
export function useI18n(settings: Partial<I18nSettings>): void {
  if (settings.timeZone !== undefined) knownTimeZone(settings.timeZone);
  setI18nSettings(settings);
  resetBaseLocale();
  forgetCatalogues();
  forgetFormats();
}
