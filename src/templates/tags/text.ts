import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";

/** `{% comment "note" %}…{% endcomment %}` */
export const commentTag: TagParser = (parser, token) => {
  parser.skipUntil(token, "endcomment");
  return { compile: () => {} };
};

/** `{% verbatim %}…{% endverbatim %}`; the lexer leaves what is inside as text. */
export const verbatimTag: TagParser = (parser, token) => {
  const { nodes } = parser.parseUntil(token, "endverbatim");
  return { bodies: [nodes], compile: (compiler) => compiler.nodes(nodes) };
};

const signs: Readonly<Record<string, string>> = {
  openblock: "{%",
  closeblock: "%}",
  openvariable: "{{",
  closevariable: "}}",
  openbrace: "{",
  closebrace: "}",
  opencomment: "{#",
  closecomment: "#}",
};

/** `{% templatetag openblock %}` */
export const templatetagTag: TagParser = (parser, token) => {
  const [, name, ...rest] = splitWords(token.contents);
  if (name === undefined || rest.length > 0) throw parser.problem("{% templatetag %} takes one argument.");
  if (!Object.hasOwn(signs, name))
    throw parser.problem(`{% templatetag %} has no "${name}". It has: ${Object.keys(signs).join(", ")}.`);
  return { compile: (compiler) => compiler.writeText(signs[name]!) };
};

/** `{% spaceless %}…{% endspaceless %}`: no space between HTML tags. */
export const spacelessTag: TagParser = (parser, token) => {
  const { nodes } = parser.parseUntil(token, "endspaceless");
  return {
    bodies: [nodes],
    compile: (compiler) => compiler.write(`${compiler.capture(nodes)}.trim().replace(/>\\s+</g, "><")`),
  };
};
