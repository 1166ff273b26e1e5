import type { Expression } from "../expression.ts";
import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { namedWord } from "./keyword-arguments.ts";

/** Names that a component has anyway. */
const taken: ReadonlySet<string> = new Set(["attrs", "slots", "forloop", "block", "True", "False", "None"]);

/** `{% props title size="m" %}`: what a component is given. A name without a value must be given. */
export const propsTag: TagParser = (parser, token) => {
  if (parser.notes.has("props")) throw parser.problem("A component has one {% props %}.", "Put all names into one.");
  const props = new Map<string, boolean>();
  const defaults: [string, Expression][] = [];
  for (const word of splitWords(token.contents).slice(1)) {
    const [name, value] = namedWord(word) ?? [word, undefined];
    if (!/^\p{L}[\p{L}\p{N}_]*$/u.test(name) || taken.has(name))
      throw parser.problem(`"${name}" is no name for a prop.`, "Names are made of letters, digits and _.");
    if (props.has(name)) throw parser.problem(`The prop "${name}" is declared twice.`);
    props.set(name, value === undefined);
    if (value !== undefined) defaults.push([name, parser.expression(value)]);
  }
  parser.notes.set("props", props);
  return {
    usesContext: true,
    compile: (compiler) => {
      for (const name of [...props.keys(), "attrs", "slots"]) compiler.reads.bind(name, null);
      for (const [name, value] of defaults) {
        compiler.emit(`if (!(${JSON.stringify(name)} in ${compiler.scope})) {`);
        compiler.assign(name, compiler.value(value));
        compiler.emit("}");
      }
    },
  };
};
