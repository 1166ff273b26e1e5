import { splitWords } from "../lexer.ts";
import { type Expression, pathOf } from "../expression.ts";
import type { TagParser } from "../library.ts";
import type { Parser } from "../parser.ts";
import { namedWord } from "./keyword-arguments.ts";

/** `{% with a=b c=d %}…{% endwith %}`, and the old `{% with b as a %}`. */
export const withTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents).slice(1);
  const { names, rest } = parseNames(parser, words);
  if (names.length === 0) throw parser.problem("{% with %} names nothing.", "Write {% with name=value %}.");
  if (rest.length > 0) throw parser.problem(`{% with %} does not understand "${rest.join(" ")}".`);
  const { nodes } = parser.parseUntil(token, "endwith");
  return {
    bodies: [nodes],
    compile: (compiler) => {
      const values = names.map(([name, expression]) => {
        const value = compiler.temporary();
        compiler.emit(`${value} = ${compiler.value(expression)};`);
        const path = pathOf(expression);
        return { name, value, from: path ? compiler.reads.resolve(path) : null };
      });
      const bound = names.map(([name]) => name);
      compiler.within(bound, [nodes], (bind) => {
        for (const { name, value, from } of values) {
          bind(name, value);
          compiler.reads.bind(name, from);
        }
        compiler.nodes(nodes);
      });
    },
  };
};

/** The names at the head of a tag's words: `a=b c=d`, or `b as a and d as c`; and the words left. */
export function parseNames(parser: Parser, words: readonly string[]): { names: [string, Expression][]; rest: readonly string[] } {
  const names: [string, Expression][] = [];
  let at = 0;
  if (words[1] === "as" && namedWord(words[0]!) === undefined) {
    for (; words[at + 1] === "as" && words[at + 2] !== undefined; at += 1) {
      names.push([words[at + 2]!, parser.expression(words[at]!)]);
      at += 3;
      if (words[at] !== "and") break;
    }
    return { names, rest: words.slice(at) };
  }
  for (; at < words.length; at++) {
    const pair = namedWord(words[at]!);
    if (!pair) break;
    names.push([pair[0], parser.expression(pair[1])]);
  }
  return { names, rest: words.slice(at) };
}
