import { type MessageFile, messageKey } from "./message.ts";
import { isUsable } from "./mo-file.ts";
import { germanicRule, parsePluralRule, type PluralRule } from "./plural-rule.ts";

/** The forms of a text that depends on a number, and the rule of the file that they came from. */
interface Plural {
  readonly forms: readonly string[];
  readonly rule: PluralRule;
}

/**
 * The texts of a language, every source of them merged: one look-up finds a text.
 *
 * ```ts
 * catalogueOf("ko")?.gettext("Password"); // "비밀번호"
 * ```
 */
export class Catalogue {
  readonly language: string;
  readonly #texts = new Map<string, string | Plural>();
  #rule = germanicRule;

  constructor(language: string) {
    this.language = language;
  }

  /** How many texts it has. */
  get size(): number {
    return this.#texts.size;
  }

  /** The plural rule of the file that was added last, the language's own. */
  get pluralRule(): PluralRule {
    return this.#rule;
  }

  /** Adds the texts of a file over those that are there. @throws SyntaxError where its header's plural rule is wrong */
  add(file: MessageFile): void {
    const header = file.headers.get("Plural-Forms");
    const rule = header === undefined || header === "" ? germanicRule : parsePluralRule(header);
    this.#rule = rule;
    for (const message of file.messages) {
      if (!isUsable(message)) continue;
      const { id, context, plural, translations } = message;
      this.#texts.set(messageKey(id, context), plural === undefined ? translations[0]! : { forms: translations, rule });
    }
  }

  gettext(message: string): string {
    return this.#text(message.includes("\r") ? message.replace(/\r\n?/g, "\n") : message) ?? message;
  }

  pgettext(context: string, message: string): string {
    return this.#text(messageKey(message, context)) ?? message;
  }

  ngettext(singular: string, plural: string, count: number): string {
    return this.#form(singular, count) ?? (count === 1 ? singular : plural);
  }

  npgettext(context: string, { singular, plural }: { singular: string; plural: string }, count: number): string {
    return this.#form(messageKey(singular, context), count) ?? (count === 1 ? singular : plural);
  }

  /** Whether it has a text of its own. */
  has(message: string, context?: string): boolean {
    return this.#texts.has(messageKey(message, context));
  }

  /** Every text by its key, for programs in browsers: a string, or the forms of a plural. */
  entries(): [key: string, text: string | readonly string[]][] {
    return [...this.#texts].map(([key, text]) => [key, typeof text === "string" ? text : text.forms]);
  }

  #text(key: string): string | undefined {
    const found = this.#texts.get(key);
    return typeof found === "object" ? found.forms[0] : found;
  }

  #form(key: string, count: number): string | undefined {
    const found = this.#texts.get(key);
    if (typeof found !== "object") return undefined;
    return found.forms[found.rule.formOf(count)];
  }
}
