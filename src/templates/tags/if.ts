import { splitWords } from "../lexer.ts";
import type { Condition } from "../condition.ts";
import type { TagParser } from "../library.ts";
import type { TemplateNode } from "../nodes.ts";

/** `{% if a %}…{% elif b %}…{% else %}…{% endif %}` */
export const ifTag: TagParser = (parser, token) => {
  const branches: { condition: Condition | undefined; nodes: readonly TemplateNode[] }[] = [];
  let condition: Condition | undefined = parser.condition(splitWords(token.contents).slice(1));
  for (;;) {
    const ends = condition === undefined ? ["endif"] : ["elif", "else", "endif"];
    const { nodes, end } = parser.parseUntil(token, ...ends);
    branches.push({ condition, nodes });
    const [word, ...rest] = splitWords(end.contents);
    if (word === "endif" && rest.length > 0)
      throw parser.problem(`{% endif %} takes nothing, and was given "${rest.join(" ")}".`);
    if (word === "endif") break;
    if (word === "else" && rest.length > 0) throw parser.problem(`{% else %} takes no condition.`, "Use {% elif … %}.");
    condition = word === "elif" ? parser.condition(rest) : undefined;
  }
  return {
    bodies: branches.map((branch) => branch.nodes),
    compile: (compiler) => {
      for (const { condition: test, nodes } of branches) {
        compiler.emit(test === undefined ? "{" : `if (${compiler.condition(test)}) {`);
        compiler.reads.sometimes(() => compiler.nodes(nodes));
        compiler.emit(test === undefined ? "}" : "} else {");
      }
      const open = branches.filter((branch) => branch.condition !== undefined).length;
      compiler.emit("}".repeat(open));
    },
  };
};
