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
 * What is known of a language, by its code.
 *
 * ```ts
 * languageInfo("de"); // { code: "de", name: "German", nameLocal: "Deutsch", nameTranslated: "German", isBidi: false }
 * ```
 */
export function languageInfo(code: string): LanguageInfo {
  return { code, name: code, nameLocal: code, nameTranslated: code, isBidi: isRightToLeft(code) };
}

/**
 * Whether a language is written from right to left.
 *
 * ```ts
 * isRightToLeft("ar"); // true
 * ```
 */
export function isRightToLeft(code: string): boolean {
  return ["he", "ar", "ar-dz", "ckb", "fa", "ug", "ur"].includes(code);
}
