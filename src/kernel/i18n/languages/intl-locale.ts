/** The language as `Intl` knows it; English where the code is none. */
export function intlLocale(language: string): Intl.Locale {
  try {
    return new Intl.Locale(language);
  } catch {
    return new Intl.Locale("en");
  }
}
