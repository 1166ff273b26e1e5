import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";

/** `{% firstof a b "otherwise" as name %}`: the first value that is true. */
export const firstofTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents).slice(1);
  if (words.length === 0) throw parser.problem("{% firstof %} needs values to choose from.");
  const as = words.at(-2) === "as" ? words.at(-1) : undefined;
  const values = (as === undefined ? words : words.slice(0, -2)).map((word) => parser.expression(word));
  return {
    usesContext: as !== undefined,
    compile: (compiler) => {
      const choices = values.map((expression) => {
        const value = compiler.temporary();
        return `truthy(${value} = ${compiler.value(expression, "quiet")}) ? ${value} : `;
      });
      const code = `(${choices.join("")}"")`;
      if (as === undefined) compiler.printValue(code);
      else compiler.assign(as, code);
    },
  };
};
