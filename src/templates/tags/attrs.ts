import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { Parser } from "../parser.ts";
import { attributesHtml } from "../runtime/attributes.ts";

const pattern = /^([\p{L}_@:][\p{L}\p{N}_.:@-]*)=(.+)$/su;

/** `<article {% attrs class="card" %}>`, in a component: the attributes it was given that are no props, over its own. */
export const attrsTag: TagParser = (parser, token) => {
  const own = splitWords(token.contents).slice(1).map((word) => {
    const match = pattern.exec(word);
    if (match) return [match[1]!, parser.expression(match[2]!)] as const;
    throw parser.problem(`{% attrs %} does not understand "${word}".`, 'Write name="value".');
  }); // prettier-ignore
  noteAttributes(parser);
  return {
    compile: (compiler) => {
      const values = own.map(([name, value]) => `[${JSON.stringify(name)}, ${compiler.value(value)}]`);
      compiler.write(`${compiler.constant(attributesHtml)}([${values.join(", ")}], r.component?.attributes)`);
    },
  };
};

/** The component takes attributes that are no props. */
export function noteAttributes(parser: Parser): void {
  parser.notes.set("attrs", true);
}
