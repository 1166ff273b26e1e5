import type { Expression } from "../expression.ts";
import type { Parser } from "../parser.ts";

export interface TagArguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  /** The name after `as`. */
  readonly as: string | undefined;
}

const namedPattern = /^([\p{L}\p{N}_]+)=(.+)$/su;

/** `name=value` as its two parts. */
export function namedWord(word: string): readonly [string, string] | undefined {
  const match = namedPattern.exec(word);
  return match ? [match[1]!, match[2]!] : undefined;
}

/** `a b name=c as x`. */
export function parseArguments(parser: Parser, words: readonly string[]): TagArguments {
  const as = words.length >= 2 && words.at(-2) === "as" ? words.at(-1) : undefined;
  const positional: Expression[] = [];
  const named: [string, Expression][] = [];
  for (const word of as === undefined ? words : words.slice(0, -2)) {
    const pair = namedWord(word);
    if (!pair && named.length > 0)
      throw parser.problem(`"${word}" follows a named argument; arguments without a name come first.`);
    if (pair && named.some(([name]) => name === pair[0])) throw parser.problem(`"${pair[0]}" is given twice.`);
    if (pair) named.push([pair[0], parser.expression(pair[1])]);
    else positional.push(parser.expression(word));
  }
  return { positional, named, as };
}
