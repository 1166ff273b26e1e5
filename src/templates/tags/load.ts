import { splitWords } from "../lexer.ts";
import { libraryNamed } from "../library-named.ts";
import type { TagParser } from "../library.ts";
import type { Parser } from "../parser.ts";

/** `{% load library %}`, `{% load name from library %}` */
export const loadTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents).slice(1);
  if (words.length >= 3 && words.at(-2) === "from") loadNames(parser, words.slice(0, -2), words.at(-1)!);
  else for (const word of words) parser.addLibrary(libraryNamed(word, parser.options.libraries));
  return { compile: () => {} };
};

function loadNames(parser: Parser, names: readonly string[], from: string): void {
  const library = libraryNamed(from, parser.options.libraries);
  const lacking = names.find((name) => !Object.hasOwn(library.tags, name) && !Object.hasOwn(library.filters, name));
  if (lacking !== undefined) throw parser.problem(`The library "${from}" has no tag or filter "${lacking}".`);
  parser.addLibrary(library, names);
}
