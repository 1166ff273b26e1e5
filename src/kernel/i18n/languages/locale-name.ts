/**
 * The name of a language's folder of catalogues.
 *
 * ```ts
 * localeName("de-at");   // "de_AT"
 * localeName("zh-hans"); // "zh_Hans"
 * ```
 */
export function localeName(language: string): string {
  const [main, country, ...rest] = language.toLowerCase().split("-") as [string, ...string[]];
  if (country === undefined) return main;
  const region = country.length > 2 ? country[0]!.toUpperCase() + country.slice(1) : country.toUpperCase();
  return `${main}_${[region, ...rest].join("-")}`;
}

/**
 * The language of a folder of catalogues.
 *
 * ```ts
 * languageOfLocale("zh_Hans"); // "zh-hans"
 * ```
 */
export function languageOfLocale(locale: string): string {
  return locale.toLowerCase().replaceAll("_", "-");
}
