import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { equal } from "../runtime/compare.ts";
import { ForLoop } from "../runtime/loop.ts";
import { type Render, statesOf } from "../runtime/render.ts";

/** `{% ifchanged a b %}…{% else %}…{% endifchanged %}`: prints when the values, or the content, are not those of the last turn. */
export const ifchangedTag: TagParser = (parser, token) => {
  const values = splitWords(token.contents).slice(1).map((word) => parser.expression(word)); // prettier-ignore
  const loop = parser.expression("forloop");
  const first = parser.parseUntil(token, "else", "endifchanged");
  const otherwise = first.end.contents === "else" ? parser.parseUntil(token, "endifchanged").nodes : [];
  return {
    bodies: [first.nodes, otherwise],
    compile: (compiler) => {
      const content = values.length === 0 ? compiler.capture(first.nodes) : undefined;
      const compared = content ?? `[${values.map((expression) => compiler.value(expression, "quiet")).join(", ")}]`;
      const state = `{ key: ${compiler.constant(first)}, loop: ${compiler.value(loop, "quiet")}, value: ${compared} }`;
      compiler.emit(`if (${compiler.constant(changed)}(r, ${state})) {`);
      if (content === undefined) compiler.nodes(first.nodes);
      else compiler.write(content);
      compiler.emit("} else {");
      compiler.nodes(otherwise);
      compiler.emit("}");
    },
  };
};

/** Last values by the loop they belong to: a loop that starts anew forgets. */
const byLoop = new WeakMap<ForLoop, Map<unknown, unknown>>();

function changed(render: Render, { key, loop, value }: { key: unknown; loop: unknown; value: unknown }): boolean {
  const states = loop instanceof ForLoop ? statesOfLoop(loop) : statesOf(render.frame);
  if (states.has(key) && equal(states.get(key), value)) return false;
  states.set(key, value);
  return true;
}

function statesOfLoop(loop: ForLoop): Map<unknown, unknown> {
  const known = byLoop.get(loop) ?? new Map<unknown, unknown>();
  byLoop.set(loop, known);
  return known;
}
