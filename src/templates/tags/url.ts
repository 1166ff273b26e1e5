import { templatesErrors } from "../errors.ts";
import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { SafeString } from "../safe-string.ts";
import type { Render } from "../runtime/render.ts";
import type { UrlReference } from "../template.ts";
import { textOf } from "../runtime/text.ts";
import { parseArguments } from "./keyword-arguments.ts";

/** `{% url "name" a b=c as link %}` */
export const urlTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents);
  if (words.length < 2) throw parser.problem("{% url %} names no route.", 'Write {% url "name" %}.');
  const name = parser.expression(words[1]!);
  const { positional, named, as } = parseArguments(parser, words.slice(2));
  const { operand, filters } = name;
  let reference: UrlReference | undefined;
  if (operand.kind === "literal" && typeof operand.value === "string" && filters.length === 0 && as === undefined) {
    const given = named.length > 0 ? named.map(([key]) => key) : positional.length;
    reference = { name: operand.value, start: token.start, end: token.end, given, optional: false };
    parser.refer("urls", reference);
  }
  return {
    usesContext: as !== undefined,
    compile: (compiler) => {
      if (reference) reference.optional = compiler.reads.isOptional;
      const args = positional.map((expression) => compiler.value(expression)).join(", ");
      const kwargs = named.map(([key, expression]) => `[${JSON.stringify(key)}]: ${compiler.value(expression)}`).join(", ");
      const reverse = compiler.constant(reverseUrl);
      const call = `${reverse}(r, { name: ${compiler.value(name)}, args: [${args}], kwargs: { ${kwargs} }, optional: ${as !== undefined} })`;
      if (as === undefined) compiler.printValue(call);
      else compiler.assign(as, call);
    },
  };
};

interface UrlCall {
  readonly name: unknown;
  readonly args: unknown[];
  readonly kwargs: Record<string, unknown>;
  readonly optional: boolean;
}

function reverseUrl(render: Render, { name, args, kwargs, optional }: UrlCall): string {
  const { reverse } = render.host;
  if (!reverse) {
    throw templatesErrors.TEMPLATES_BAD_VALUE({
      problem: `{% url %} was asked for "${textOf(name)}", and this engine knows no addresses.`,
      hint: "Give the engine a `reverse` function.",
    });
  }
  const plain = (value: unknown) => (value instanceof SafeString ? value.value : value);
  try {
    return reverse(
      textOf(name),
      args.map(plain),
      Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, plain(value)])),
      render.context["request"],
    );
  } catch (error) {
    if (optional) return "";
    throw error;
  }
}
