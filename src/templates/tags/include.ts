import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { relativeName } from "../loaders/relative-name.ts";
import type { Reference } from "../template.ts";
import { parseNames } from "./with.ts";

/** `{% include "row.html" with a=b only %}` */
export const includeTag: TagParser = (parser, token) => {
  const [, given, ...options] = splitWords(token.contents);
  if (given === undefined) throw parser.problem("{% include %} names no template.", 'Write {% include "name.html" %}.');
  const { names, only } = parseOptions(options);
  const template = parser.expression(given);
  const { operand } = template;
  if (operand.kind === "literal" && typeof operand.value === "string" && template.filters.length === 0) {
    const name = relativeName(parser.options.template, operand.value, true);
    const known = (parser.notes.get("includes") as Reference[] | undefined) ?? [];
    parser.notes.set("includes", [...known, { name, start: token.start, end: token.end }]);
  }
  return {
    usesContext: true,
    compile: (compiler) => {
      const scope = compiler.temporary();
      const values = names.map(([name, expression]) => [name, compiler.value(expression)] as const);
      compiler.emit(`${scope} = child(${only ? "null" : compiler.scope});`);
      for (const [name, value] of values) compiler.emit(`${scope}[${JSON.stringify(name)}] = ${value};`);
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
