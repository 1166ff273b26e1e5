/** How a project is internationalised, every default filled in. */
export interface I18nSettings {
  /** The language of a request that asks for none of the others, and of everything outside of requests. */
  language: string;
  /** The languages that a request may ask for, by code, with their English names. */
  languages: Readonly<Record<string, string>>;
  /** Folders of catalogues, the strongest first: each holds `<code>/LC_MESSAGES/*.po`. */
  catalogues: readonly string[];
  timeZone: string;
  useThousandSeparator: boolean;
}

const initial: I18nSettings = {
  language: "en",
  languages: { en: "English" },
  catalogues: [],
  timeZone: "UTC",
  useThousandSeparator: false,
};

let current = initial;

/** The settings in use. */
export function i18nSettings(): I18nSettings {
  return current;
}

/** Replaces the settings that are given, and puts the others back to what they are at the start. */
export function setI18nSettings(given: Partial<I18nSettings>): void {
  current = { ...initial, ...given };
}
