import { kernelErrors } from "../../errors.ts";
import { currentCatalogue, currentLanguage } from "../current-locale.ts";
import { i18nSettings } from "../i18n-settings.ts";
import { intlLocale } from "./intl-locale.ts";
import { chainOf } from "./language-chain.ts";
import { languageAliases, languageTable } from "./language-table.ts";

/** What is known of a language. */
export interface LanguageInfo {
  readonly code: string;
  /** Its name in English. */
  readonly name: string;
  /** Its name in itself. */
  readonly nameLocal: string;
  /** Its name in the language of what runs. */
  readonly nameTranslated: string;
  /** Whether it is written from right to left. */
  readonly isBidi: boolean;
}

/**
 * What is known of a language, by its code. A kind of a language that is not known itself is told as the language.
 *
 * ```ts
 * languageInfo("de"); // { code: "de", name: "German", nameLocal: "Deutsch", nameTranslated: "German", isBidi: false }
 * ```
 * @throws KERNEL_UNKNOWN_LANGUAGE
 */
export function languageInfo(code: string): LanguageInfo {
  const asked = code.toLowerCase();
  const known = [...chainOf(asked).reverse(), own(languageAliases, asked) ?? ""].find((each) => own(languageTable, each));
  const names = known === undefined ? (namesOfProject(asked) ?? namesOfIntl(asked)) : languageTable[known];
  if (names === undefined) throw kernelErrors.KERNEL_UNKNOWN_LANGUAGE({ given: code, known: Object.keys(languageTable) });
  const [name, nameLocal] = names;
  const found = known ?? asked;
  return { code: found, name, nameLocal, nameTranslated: translated(found, name), isBidi: isRightToLeft(found) };
}

/** A table's own entry: codes may be anything. */
function own<Value>(table: Readonly<Record<string, Value>>, code: string): Value | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}

/** A language of the project's own, as its setting names it. */
function namesOfProject(code: string): [string, string] | undefined {
  const name = own(i18nSettings().languages, code);
  return name === undefined ? undefined : [name, name];
}

function namesOfIntl(code: string): [string, string] | undefined {
  const [name, nameLocal] = [displayName(code, "en"), displayName(code, code)];
  return name === undefined || nameLocal === undefined ? undefined : [name, nameLocal];
}

function displayName(code: string, language: string): string | undefined {
  try {
    return new Intl.DisplayNames([intlLocale(language)], { type: "language", fallback: "none" }).of(code);
  } catch {
    return undefined;
  }
}

function translated(code: string, name: string): string {
  const catalogue = currentCatalogue();
  if (catalogue === undefined) return name;
  return catalogue.has(name) ? catalogue.gettext(name) : (displayName(code, currentLanguage()) ?? name);
}

/**
 * Whether a language is written from right to left.
 *
 * ```ts
 * isRightToLeft("ar"); // true
 * ```
 */
export function isRightToLeft(code: string): boolean {
  return own(languageTable, code.toLowerCase().split("-")[0]!)?.[2] === true;
}
