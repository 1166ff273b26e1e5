import { gettext, ngettext, npgettext, pgettext } from "#kernel/i18n";
import type { Compiler } from "../../compiler.ts";
import { templatesErrors } from "../../errors.ts";
import type { Expression } from "../../expression.ts";
import { splitWords, type Token } from "../../lexer.ts";
import type { TagParser } from "../../library.ts";
import type { Parser } from "../../parser.ts";
import { isDecimal } from "../../runtime/compare.ts";
import { quotedText, textOf } from "../../runtime/text.ts";
import { flag, type OptionReader, readOptions, wordAfter } from "../../tags/read-options.ts";
import { parseNames } from "../../tags/with.ts";
import { formatMessage } from "./format-message.ts";
import { keptText } from "./translate.ts";

interface Options {
  readonly names: readonly (readonly [string, Expression])[];
  readonly count: readonly [string, Expression] | undefined;
  readonly context: Expression | undefined;
  readonly trimmed: boolean;
  readonly as: string | undefined;
}

/** A text with the names of its values in it, as it stands in a catalogue: `%(name)s owes %(price)s`. */
interface Message {
  readonly text: string;
  readonly values: readonly string[];
}

/** `{% blocktranslate with name=user.name count n=cups trimmed %}…{{ n }}…{% plural %}…{% endblocktranslate %}` */
export const blocktranslateTag: TagParser = (parser, token) => {
  const [tag, ...words] = splitWords(token.contents) as [string, ...string[]];
  const options = parseOptions(parser, tag, words);
  const first = readMessage(parser, token, options.trimmed);
  let { end } = first;
  let plural: Message | undefined;
  if (options.count !== undefined) {
    if (end.contents !== "plural") throw strange(parser, end, { tag, expected: "plural" });
    ({ message: plural, end } = readMessage(parser, token, options.trimmed));
  }
  if (end.contents !== `end${tag}`) throw strange(parser, end, { tag, expected: `end${tag}` });
  return {
    usesContext: options.as !== undefined,
    compile: (compiler) => compileBlock(compiler, { tag, options, singular: first.message, plural }),
  };
};

function strange(parser: Parser, { contents }: Token, { tag, expected }: { tag: string; expected: string }): Error {
  return parser.problem(
    `{% ${tag} %} holds text and {{ names }} alone, and here stands {% ${contents} %}.`,
    expected === "plural"
      ? "After the text for one comes {% plural %}."
      : `Close it with {% ${expected} %}; use "with" for values.`,
  );
}

function parseOptions(parser: Parser, tag: string, words: readonly string[]): Options {
  const hint = 'There are "with", "count", "context", "trimmed" and "asvar".';
  const found = readOptions(
    parser,
    { tag, words, hint },
    {
      trimmed: flag,
      context: wordAfter(parser, "context", { tag }),
      asvar: wordAfter(parser, "asvar", { tag }),
      with: namesAfter(parser, "with", tag),
      count: namesAfter(parser, "count", tag),
    },
  );
  if (found.count && found.count.length !== 1)
    throw parser.problem(`In {% ${tag} %}, "count" takes one name.`, "Write count name=value.");
  return {
    names: found.with ?? [],
    count: found.count?.[0],
    context: found.context === undefined ? undefined : parser.expression(found.context),
    trimmed: found.trimmed === true,
    as: found.asvar,
  };
}

function namesAfter(parser: Parser, option: string, tag: string): OptionReader<Options["names"]> {
  return (words) => {
    const { names, rest } = parseNames(parser, words);
    if (names.length === 0) throw parser.problem(`In {% ${tag} %}, "${option}" names nothing.`, `Write ${option} name=value.`);
    return [names, rest];
  };
}

function readMessage(parser: Parser, opening: Token, trimmed: boolean): { message: Message; end: Token } {
  let text = "";
  const values: string[] = [];
  for (;;) {
    const token = parser.takeToken(opening, `end${splitWords(opening.contents)[0]}`);
    if (token.kind === "tag") {
      return { message: { text: trimmed ? text.trim().replace(/\s*\n\s*/g, " ") : text, values }, end: token };
    }
    if (token.kind === "text") text += token.contents.replaceAll("%", "%%");
    if (token.kind === "variable") {
      values.push(token.contents);
      text += `%(${token.contents})s`;
    }
  }
}

interface Block {
  readonly tag: string;
  readonly options: Options;
  readonly singular: Message;
  readonly plural: Message | undefined;
}

function compileBlock(compiler: Compiler, { tag, options, singular, plural }: Block): void {
  const { count, context, names } = options;
  const given = [...names, ...(count ? [count] : [])].map(([name, expression]) => {
    const value = compiler.temporary();
    compiler.emit(`${value} = ${compiler.value(expression)};`);
    return { name, value };
  });
  const inContext = context === undefined ? "undefined" : compiler.argument(context);
  const counted = count ? given.at(-1)!.value : "undefined";
  let kept: string | undefined;
  compiler.within(
    given.map(({ name }) => name),
    [],
    (bind) => {
      for (const { name, value } of given) bind(name, value);
      const shown = [...new Set([...singular.values, ...(plural?.values ?? [])])].map((name) => {
        const node = {
          compile: () => compiler.print({ text: name, operand: { kind: "path", text: name, path: [name] }, filters: [] }),
        };
        return `[${JSON.stringify(name)}]: ${compiler.capture([node])}`;
      });
      const texts = compiler.constant({ tag, singular: singular.text, plural: plural?.text });
      const text = `${compiler.constant(translateBlock)}(${texts}, { count: ${counted}, context: ${inContext} }, { __proto__: null, ${shown.join(", ")} })`;
      if (options.as === undefined) return compiler.write(text);
      kept = compiler.temporary();
      compiler.emit(`${kept} = ${compiler.constant(keptText)}(${text}, ${compiler.autoescape});`);
    },
  );
  if (kept !== undefined) compiler.assign(options.as!, kept);
}

interface Texts {
  readonly tag: string;
  readonly singular: string;
  readonly plural: string | undefined;
}

/** The text in the language of the render, with its values; as it stands in the template where the translation cannot hold them. */
function translateBlock(texts: Texts, given: { count: unknown; context: unknown }, values: Record<string, string>): string {
  const { singular, plural } = texts;
  const count = plural === undefined ? 0 : countOf(texts.tag, given.count);
  const translated = translate(texts, given.context, count);
  return (
    formatMessage(translated, values) ??
    formatMessage(plural === undefined || count === 1 ? singular : plural, values) ??
    singular
  );
}

function translate({ singular, plural }: Texts, context: unknown, count: number): string {
  if (singular === "") return "";
  const inContext = context === undefined ? undefined : textOf(context);
  if (plural === undefined) return inContext === undefined ? gettext(singular) : pgettext(inContext, singular);
  return inContext === undefined ? ngettext(singular, plural, count) : npgettext(inContext, singular, plural, count);
}

function countOf(tag: string, count: unknown): number {
  if (typeof count === "number" || typeof count === "bigint" || typeof count === "boolean" || isDecimal(count))
    return Number(count);
  throw templatesErrors.TEMPLATES_BAD_SYNTAX({
    problem: `The count of {% ${tag} %} must be a number, and is ${quotedText(count)}.`,
  });
}
