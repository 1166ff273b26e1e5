import type { Library } from "../library.ts";
import { cacheLibrary } from "./cache.ts";
import { humanizeLibrary } from "./humanize/humanize-library.ts";
import { i18nLibrary } from "./i18n/i18n-library.ts";
import { l10nLibrary } from "./l10n.ts";
import { staticLibrary } from "./static.ts";
import { tzLibrary } from "./tz.ts";

/** The libraries that every engine has, to be loaded by their names. */
export const bundledLibraries: Readonly<Record<string, Library>> = {
  cache: cacheLibrary,
  humanize: humanizeLibrary,
  i18n: i18nLibrary,
  l10n: l10nLibrary,
  static: staticLibrary,
  tz: tzLibrary,
};
