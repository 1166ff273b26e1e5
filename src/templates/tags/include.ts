import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { relativeName } from "../loaders/relative-name.ts";
import type { Compiler } from "../compiler.ts";
import { type Expression, pathOf } from "../expression.ts";
import { parseNames } from "./with.ts";

/** `{% include "row.html" with a=b only %}` */
export const includeTag: TagParser = (parser, token) => {
  const [, given, ...options] = splitWords(token.contents);
  if (given === undefined) throw parser.problem("{% include %} names no template.", 'Write {% include "name.html" %}.');
  const { names, only } = parseOptions(options);
  const template = parser.expression(given);
  const { operand } = template;
  let name: string | undefined;
  if (operand.kind === "literal" && typeof operand.value === "string" && template.filters.length === 0) {
    name = relativeName(parser.options.template, operand.value, true);
    parser.refer("includes", { name, start: token.start, end: token.end });
  }
  return {
    usesContext: true,
    compile: (compiler) => {
      const scope = compiler.temporary();
      const values = names.map(([given, expression]) => [given, compiler.value(expression)] as const);
      if (name !== undefined) compiler.reads.part("include", name, { given: givenNames(compiler, names), only });
      compiler.emit(`${scope} = child(${only ? "null" : compiler.scope});`);
      for (const [given, value] of values) compiler.emit(`${scope}[${JSON.stringify(given)}] = ${value};`);
      compiler.write(
        `yield* include(r, ${scope}, { template: ${compiler.value(template)}, from: place.template, only: ${only} })`,
      );
    },
  };

  function parseOptions(words: readonly string[]) {
    let rest = words;
    let only = false;
    const found: ReturnType<typeof parseNames>["names"] = [];
    const seen = new Set<string>();
    while (rest.length > 0) {
      const [word, ...after] = rest as [string, ...string[]];
      if (seen.has(word)) throw parser.problem(`{% include %} has "${word}" twice.`);
      seen.add(word);
      if (word === "only") {
        only = true;
        rest = after;
      } else if (word === "with") {
        const { names: named, rest: left } = parseNames(parser, after);
        if (named.length === 0) throw parser.problem("{% include … with %} names nothing.", "Write with name=value.");
        found.push(...named);
        rest = left;
      } else throw parser.problem(`{% include %} does not understand "${word}".`, 'After the name come "with" and "only".');
    }
    return { names: found, only };
  }
};

/** What the names that are given to an include stand for. */
function givenNames(
  compiler: Compiler,
  names: readonly (readonly [string, Expression])[],
): Map<string, readonly string[] | null> {
  return new Map(
    names.map(([name, expression]) => {
      const path = pathOf(expression);
      return [name, path ? compiler.reads.resolve(path) : null];
    }),
  );
}
