import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ProjectSettings } from "../app.ts";
import { type CheckMessage, checkMessage } from "../checks.ts";
import { CortadoError } from "../cortado-error.ts";
import { kernelErrors } from "../errors.ts";
import { catalogueOf } from "./catalogues/catalogue-of.ts";
import { i18nSettings } from "./i18n-settings.ts";
import { languageInfo } from "./languages/language-info.ts";

/** What is wrong with the settings of languages, and with their catalogues. */
export function checkI18n({ localePaths = [], root }: ProjectSettings): CheckMessage[] {
  const { language, languages } = i18nSettings();
  const codes = Object.keys(languages);
  return [
    ...codes.flatMap((code) => problemOf(() => languageInfo(code))),
    ...codes.flatMap((code) => problemOf(() => catalogueOf(code))),
    ...(codes.includes(language) ? [] : [checkMessage(kernelErrors.KERNEL_LANGUAGE_NOT_SPOKEN({ language, languages: codes }))]),
    ...localePaths
      .filter((folder) => !existsSync(resolve(root, folder)))
      .map((folder) => checkMessage(kernelErrors.KERNEL_NO_LOCALE_PATH({ folder }))),
  ];
}

function problemOf(run: () => unknown): CheckMessage[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof CortadoError) return [checkMessage(error)];
    throw error;
  }
}
