import { gettext } from "./gettext.ts";

/**
 * Words as a sentence lists them.
 *
 * ```ts
 * listText(["a", "b", "c"]);           // "a, b or c"
 * listText(["a", "b"], gettext("and")); // "a and b"
 * ```
 */
export function listText(words: readonly { toString(): string }[], lastWord: string = gettext("or")): string {
  if (words.length <= 1) return String(words[0] ?? "");
  // Translators: This string is used as a separator between list elements
  const separator = gettext(", ");
  return `${words.slice(0, -1).join(separator)} ${lastWord} ${String(words.at(-1))}`;
}
