import { templatesErrors } from "../errors.ts";
import { floatNumber, wholeNumber } from "../filters/numbers.ts";
import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";

/** `{% widthratio value maximum 100 as width %}` */
export const widthratioTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents).slice(1);
  const as = words.length === 5 ? words[4] : undefined;
  if (words.length !== 3 && as === undefined)
    throw parser.problem("{% widthratio %} takes three arguments: value, maximum, width.");
  if (as !== undefined && words[3] !== "as")
    throw parser.problem(`{% widthratio %} does not understand "${words[3]}".`, 'Write "as" and a name.');
  const values = words.slice(0, 3).map((word) => parser.expression(word));
  return {
    usesContext: as !== undefined,
    compile: (compiler) => {
      const code = `${compiler.constant(ratio)}(${values.map((expression) => compiler.value(expression)).join(", ")})`;
      if (as === undefined) compiler.write(code);
      else compiler.assign(as, code);
    },
  };
};

function ratio(value: unknown, maximum: unknown, width: unknown): string {
  const full = wholeNumber(width);
  if (full === undefined)
    throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: "The last argument of {% widthratio %} must be a number." });
  const [part, whole] = [floatNumber(value), floatNumber(maximum)];
  if (part === undefined || whole === undefined) return "";
  if (whole === 0) return "0";
  const result = (part / whole) * full;
  return Number.isFinite(result) ? String(roundToEven(result)) : "";
}

/** Python's rounding: a half goes to the even neighbour. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
