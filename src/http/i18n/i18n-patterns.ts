import { currentLanguage, i18nSettings } from "#kernel/i18n";
import type { NamesOf, UrlPattern } from "../urls/path.ts";
import type { RouteMatcher } from "../urls/route-matcher.ts";

/** How `i18nPatterns` writes its prefix. */
export interface I18nPatternsOptions {
  /** Whether addresses in the project's default language have a prefix too: true by default. */
  prefixDefaultLanguage?: boolean | undefined;
}

const languagePrefixes = new WeakMap<RouteMatcher, Required<I18nPatternsOptions>>();

/** Whether a pattern is the prefix of a language, and of which kind. */
export function languagePrefixOf({ matcher }: UrlPattern): { readonly prefixDefaultLanguage: boolean } | undefined {
  return languagePrefixes.get(matcher);
}

function currentPrefix(prefixDefaultLanguage: boolean): string {
  const language = currentLanguage();
  return !prefixDefaultLanguage && language === i18nSettings().language ? "" : `${language}/`;
}

/**
 * Addresses under the prefix of a language: `/ko/coffee/`. They match in the language of their prefix, and `reverse` makes them in
 * the language of what runs. They stand in the project's `urls` themselves, not in a list that these include.
 *
 * ```ts
 * const pages = i18nPatterns([path("coffee/", coffeeView, { name: "coffee" })], { prefixDefaultLanguage: false });
 * export const urls = [path("language/", setLanguage, { name: "set-language" }), ...pages];
 * ```
 */
export function i18nPatterns<const Urls extends readonly UrlPattern<any>[]>(
  urls: Urls,
  { prefixDefaultLanguage = true }: I18nPatternsOptions = {},
): [UrlPattern<NamesOf<Urls>>] {
  const prefix = () => currentPrefix(prefixDefaultLanguage);
  const matcher: RouteMatcher = {
    get text() {
      return prefix();
    },
    // An address that was made is checked once for every language.
    source: "(?:[\\w-]+/)?",
    match(path, offset) {
      const expected = prefix();
      return path.startsWith(expected, offset) ? { end: offset + expected.length, params: {} } : undefined;
    },
    templates: () => [[prefix]],
  };
  languagePrefixes.set(matcher, { prefixDefaultLanguage });
  return [{ matcher, children: urls } as UrlPattern<NamesOf<Urls>>];
}
