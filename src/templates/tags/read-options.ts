import type { Parser } from "../parser.ts";

/** Reads an option of a tag from the words behind its name: gives its value and the words that are left. */
export type OptionReader<T = unknown> = (words: readonly string[]) => readonly [value: T, rest: readonly string[]];

/** What stands in a tag behind what it must be given. */
export interface OptionWords {
  readonly tag: string;
  readonly words: readonly string[];
  /** Which options there are. */
  readonly hint: string;
}

/** The options of a tag by their names, each given once, in any order: `with a=b only`. @throws TEMPLATES_BAD_SYNTAX */
export function readOptions<Readers extends Readonly<Record<string, OptionReader>>>(
  parser: Parser,
  { tag, words, hint }: OptionWords,
  readers: Readers,
): { readonly [Name in keyof Readers]?: ReturnType<Readers[Name]>[0] } {
  const found: Record<string, unknown> = {};
  let left = words;
  while (left.length > 0) {
    const [option, ...after] = left as [string, ...string[]];
    if (Object.hasOwn(found, option)) throw parser.problem(`{% ${tag} %} has "${option}" twice.`);
    if (!Object.hasOwn(readers, option)) throw parser.problem(`{% ${tag} %} does not understand "${option}".`, hint);
    [found[option], left] = readers[option]!(after);
  }
  return found as { readonly [Name in keyof Readers]?: ReturnType<Readers[Name]>[0] };
}

/** An option without a value. */
export const flag: OptionReader<true> = (words) => [true, words];

/** An option with one word behind it, which is none of the words that are refused. */
export function wordAfter(
  parser: Parser,
  name: string,
  { tag, not = [] }: { tag: string; not?: readonly string[] },
): OptionReader<string> {
  return ([word, ...rest]) => {
    if (word === undefined || not.includes(word)) throw parser.problem(`In {% ${tag} %}, "${name}" needs a word after it.`);
    return [word, rest];
  };
}
