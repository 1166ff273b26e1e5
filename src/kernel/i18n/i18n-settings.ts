import type { LocaleFormats } from "./formats/locale-formats.ts";

/** Where texts come from: a folder that holds `<code>/LC_MESSAGES/*.po`, or the text of one `.po` file. */
export type CatalogueSource = string | { readonly language: string; readonly po: string };

/** How a program is internationalised, every default filled in. */
export interface I18nSettings {
  /** The language of a request that asks for none of the others, and of everything outside of requests. */
  language: string;
  /** The languages that a request may ask for, by code, with their English names. */
  languages: Readonly<Record<string, string>>;
  /** The strongest first. */
  catalogues: readonly CatalogueSource[];
  timeZone: string;
  useThousandSeparator: boolean;
  /** Formats of a language that are not what the table says, by code; those under `*` hold in every language. */
  formats: Readonly<Record<string, Partial<LocaleFormats>>>;
}

const initial: I18nSettings = {
  language: "en",
  languages: { en: "English" },
  catalogues: [],
  timeZone: "UTC",
  useThousandSeparator: false,
  formats: {},
};

let current = initial;

/** The settings in use. */
export function i18nSettings(): I18nSettings {
  return current;
}

/** Replaces the settings that are given, and puts the others back to what they are at the start. */
export function setI18nSettings(given: Partial<I18nSettings>): void {
  current = { ...initial, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
