import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { fillOf, renderFill } from "../runtime/component.ts";
import { slotName } from "./component.ts";
import { namedWord } from "./keyword-arguments.ts";

/**
 * `{% slot "row" item=coffee %}default{% endslot %}`, in a component: what the component's user put there, or the default. A slot
 * without a name shows what stands in the component's tag outside of the named ones.
 */
export const slotTag: TagParser = (parser, token) => {
  const [, first, ...words] = splitWords(token.contents);
  const isNamed = first !== undefined && namedWord(first) === undefined;
  const name = isNamed ? slotName(first) : "default";
  if (name === undefined)
    throw parser.problem(`{% ${token.contents} %} names no slot.`, 'Write {% slot "name" %}, the name in quotes.');
  const data = (isNamed || first === undefined ? words : [first, ...words]).map((word) => {
    const pair = namedWord(word);
    if (pair) return [pair[0], parser.expression(pair[1])] as const;
    throw parser.problem(
      `{% slot %} does not understand "${word}".`,
      "A component's slot gives data as name=value; where it is filled stands as name.",
    );
  });
  if (!parser.options.template.startsWith("components/") && !parser.options.template.startsWith("<")) {
    throw parser.problem(
      `The slot "${name}" is in no component.`,
      "To fill a slot, write it directly inside {% component %}: conditions and loops go into it.",
    );
  }
  parser.notes.set("slots", new Set([...((parser.notes.get("slots") as Set<string> | undefined) ?? []), name]));
  const { nodes } = parser.parseUntil(token, "endslot");
  return {
    bodies: [nodes],
    compile: (compiler) => {
      const fill = compiler.temporary();
      const given = data.map(([key, value]) => `[${JSON.stringify(key)}]: ${compiler.value(value)}`).join(", ");
      compiler.emit(`if ((${fill} = ${compiler.constant(fillOf)}(r, ${JSON.stringify(name)})) !== undefined) {`);
      compiler.write(`yield* ${compiler.constant(renderFill)}(r, ${fill}, { __proto__: null, ${given} })`);
      compiler.emit("} else {");
      compiler.nodes(nodes);
      compiler.emit("}");
    },
  };
};
