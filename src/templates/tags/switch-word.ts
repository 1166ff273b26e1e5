import { splitWords, type Token } from "../lexer.ts";
import type { Parser } from "../parser.ts";

/** Whether a tag says "on", as one that says nothing does: `{% localize off %}`. */
export function isSwitchedOn(parser: Parser, token: Token): boolean {
  const [tag, word = "on", ...rest] = splitWords(token.contents);
  if (rest.length === 0 && (word === "on" || word === "off")) return word === "on";
  throw parser.problem(`{% ${tag} %} takes "on" or "off".`);
}
