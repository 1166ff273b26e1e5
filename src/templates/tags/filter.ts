import type { TagParser } from "../library.ts";
import { textOf } from "../runtime/text.ts";
import { safe } from "../safe-string.ts";

/** `{% filter upper|truncatewords:3 %}…{% endfilter %}` */
export const filterTag: TagParser = (parser, token) => {
  const chain = token.contents.replace(/^filter\s*/, "");
  const { filters } = parser.expression(`content|${chain}`);
  const refused = filters.find(({ name }) => name === "escape" || name === "safe");
  if (refused) throw parser.problem(`{% filter ${refused.name} %} is not allowed.`, "Use {% autoescape %}.");
  const { nodes } = parser.parseUntil(token, "endfilter");
  return {
    bodies: [nodes],
    compile: (compiler) => {
      const content = `${compiler.constant(safe)}(${compiler.capture(nodes)})`;
      compiler.write(`${compiler.constant(textOf)}(${compiler.filtered(content, filters)})`);
    },
  };
};
