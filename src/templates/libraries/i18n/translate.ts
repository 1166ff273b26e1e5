import { gettext, pgettext } from "#kernel/i18n";
import type { Expression } from "../../expression.ts";
import { splitWords } from "../../lexer.ts";
import type { TagParser } from "../../library.ts";
import type { Parser } from "../../parser.ts";
import { textOf } from "../../runtime/text.ts";
import { SafeString } from "../../safe-string.ts";
import { flag, readOptions, wordAfter } from "../../tags/read-options.ts";

interface Options {
  readonly noop: boolean;
  readonly context: Expression | undefined;
  readonly as: string | undefined;
}

/** `{% translate "Coffee" context "drink" as label %}`, `{% translate "Coffee" noop %}`: a text in the language of the render. */
export const translateTag: TagParser = (parser, token) => {
  const [tag, given, ...words] = splitWords(token.contents);
  if (given === undefined) throw parser.problem(`{% ${tag} %} needs a text.`, `Write {% ${tag} "Coffee" %}.`);
  const { operand, filters } = parser.expression(given);
  const { noop, context, as } = parseOptions(parser, tag!, words);
  return {
    usesContext: as !== undefined,
    compile: (compiler) => {
      const plain = {
        text: given,
        operand: operand.kind === "literal" ? { ...operand, translated: false } : operand,
        filters: [],
      };
      const inContext = context === undefined ? "undefined" : compiler.argument(context);
      const base = compiler.value(plain);
      const text = noop ? base : `${compiler.constant(translated)}(${base}, ${inContext})`;
      const value = compiler.filtered(text, filters);
      if (as === undefined) return compiler.printValue(value);
      const printed = compiler.capture([{ compile: () => compiler.printValue(value) }]);
      compiler.assign(as, `${compiler.constant(keptText)}(${printed}, ${compiler.autoescape})`);
    },
  };
};

function parseOptions(parser: Parser, tag: string, words: readonly string[]): Options {
  const hint = 'After the text come "noop", context "…" and as name.';
  const { noop, context, as } = readOptions(
    parser,
    { tag, words, hint },
    {
      noop: flag,
      context: wordAfter(parser, "context", { tag, not: ["as", "noop"] }),
      as: wordAfter(parser, "as", { tag }),
    },
  );
  return { noop: noop === true, context: context === undefined ? undefined : parser.expression(context), as };
}

/** Catalogues hold the percent signs of templates doubled, as `makemessages` writes them. */
function translated(value: unknown, context: unknown): unknown {
  const text = textOf(value);
  if (text === "") return value;
  const message = text.replaceAll("%", "%%");
  const found = context === undefined ? gettext(message) : pgettext(textOf(context), message);
  const result = found.replaceAll("%%", "%");
  return value instanceof SafeString ? new SafeString(result) : result;
}

/** Text that was printed, to be printed again: it is HTML where it was escaped. */
export function keptText(text: string, escaped: boolean): string | SafeString {
  return escaped ? new SafeString(text) : text;
}
