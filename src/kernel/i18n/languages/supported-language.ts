import { i18nSettings } from "../i18n-settings.ts";
import { chainOf } from "./language-chain.ts";
import { languageAliases } from "./language-table.ts";

/** Longer codes are no languages: they are not looked at. */
const longest = 100;

/**
 * The language of the project that serves best for one that was asked for: itself, what it stands for, the language without its
 * country, and unless `strict` another country's. Undefined where the project speaks none of them.
 *
 * ```ts
 * supportedLanguage("en-GB"); // "en"
 * ```
 */
export function supportedLanguage(code: string, { strict = false }: { strict?: boolean } = {}): string | undefined {
  if (code === "" || code.length > longest) return undefined;
  const { languages } = i18nSettings();
  const asked = code.toLowerCase().replaceAll("_", "-");
  const alias = Object.hasOwn(languageAliases, asked) ? languageAliases[asked] : undefined;
  const wanted = [asked, ...(alias === undefined ? [] : [alias]), ...chainOf(asked).reverse().slice(1)];
  const found = wanted.find((each) => Object.hasOwn(languages, each));
  if (found !== undefined || strict) return found;
  const main = asked.split("-")[0]!;
  return Object.keys(languages).find((each) => each.startsWith(`${main}-`));
}
