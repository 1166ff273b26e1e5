import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { relativeName } from "../loaders/relative-name.ts";
import type { Compiler } from "../compiler.ts";
import { type Expression, pathOf } from "../expression.ts";
import type { Parser } from "../parser.ts";
import { flag, readOptions } from "./read-options.ts";
import { parseNames } from "./with.ts";

type Named = readonly [name: string, value: Expression];

/** `{% include "row.html" with a=b only %}` */
export const includeTag: TagParser = (parser, token) => {
  const [, given, ...options] = splitWords(token.contents);
  if (given === undefined) throw parser.problem("{% include %} names no template.", 'Write {% include "name.html" %}.');
  const { names, only } = parseOptions(parser, options);
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
};

function parseOptions(parser: Parser, words: readonly string[]): { names: readonly Named[]; only: boolean } {
  const hint = 'After the name come "with" and "only".';
  const found = readOptions(
    parser,
    { tag: "include", words, hint },
    {
      only: flag,
      with: (after): readonly [readonly Named[], readonly string[]] => {
        const { names, rest } = parseNames(parser, after);
        if (names.length === 0) throw parser.problem("{% include … with %} names nothing.", "Write with name=value.");
        return [names, rest];
      },
    },
  );
  return { names: found.with ?? [], only: found.only === true };
}

/** What the names that are given to an include stand for. */
function givenNames(compiler: Compiler, names: readonly Named[]): Map<string, readonly string[] | null> {
  return new Map(
    names.map(([name, expression]) => {
      const path = pathOf(expression);
      return [name, path ? compiler.reads.resolve(path) : null];
    }),
  );
}
