import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";

/** `{% autoescape off %}…{% endautoescape %}` */
export const autoescapeTag: TagParser = (parser, token) => {
  const [, setting, ...rest] = splitWords(token.contents);
  if (rest.length > 0 || (setting !== "on" && setting !== "off"))
    throw parser.problem('{% autoescape %} takes one argument: "on" or "off".');
  const { nodes } = parser.parseUntil(token, "endautoescape");
  return {
    bodies: [nodes],
    compile: (compiler) => {
      const outer = compiler.autoescape;
      compiler.autoescape = String(setting === "on");
      compiler.emit(`r.autoescape = ${compiler.autoescape};`);
      compiler.nodes(nodes);
      compiler.autoescape = outer;
      compiler.emit(`r.autoescape = ${outer};`);
    },
  };
};
