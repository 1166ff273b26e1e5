import { splitWords, type Token } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { Parser } from "../parser.ts";
import type { Render } from "../runtime/render.ts";

/** A tag that only gives a name a value: `{% get_current_language as code %}`. */
export function nameTag(valueOf: (render: Render) => unknown): TagParser {
  return (parser, token) => {
    const name = nameAfterAs(parser, token, 1);
    return {
      usesContext: true,
      compile: (compiler) => compiler.assign(name, `${compiler.constant(valueOf)}(r)`),
    };
  };
}

/** The name at the end of a tag, whose word `as` stands at a place. @throws TEMPLATES_BAD_SYNTAX where it does not */
export function nameAfterAs(parser: Parser, token: Token, at: number): string {
  const words = splitWords(token.contents);
  if (words.length === at + 2 && words[at] === "as") return words[at + 1]!;
  const given = at === 1 ? "" : "for value ";
  throw parser.problem(`{% ${token.contents} %} is not understood.`, `Write {% ${words[0]} ${given}as name %}.`);
}
