import { splitWords } from "../lexer.ts";
import type { Compiler } from "../compiler.ts";
import { type Expression, pathOf } from "../expression.ts";
import type { TagParser } from "../library.ts";
import { itemStep } from "../reads/name-reads.ts";
import type { TemplateNode } from "../nodes.ts";

interface Loop {
  readonly names: readonly string[];
  readonly items: Expression;
  readonly reversed: boolean;
  readonly body: readonly TemplateNode[];
  readonly empty: readonly TemplateNode[];
}

/** `{% for a, b in list reversed %}…{% empty %}…{% endfor %}` */
export const forTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents);
  const reversed = words.at(-1) === "reversed";
  const at = words.length - (reversed ? 3 : 2);
  if (words.length < 4 || words[at] !== "in" || at < 2) {
    throw parser.problem(`{% ${token.contents} %} is no loop.`, "Write {% for item in list %}, or {% for key, value in list %}.");
  }
  const names = words.slice(1, at).join(" ").split(/ *, */);
  if (names.some((name) => name === "" || /[\s"'|]/.test(name)))
    throw parser.problem(`"${words.slice(1, at).join(" ")}" are no names for a loop.`);
  const items = parser.expression(words[at + 1]!);
  const first = parser.parseUntil(token, "empty", "endfor");
  const empty = first.end.contents === "empty" ? parser.parseUntil(token, "endfor").nodes : [];
  const loop: Loop = { names, items, reversed, body: first.nodes, empty };
  return { bodies: [loop.body, loop.empty], compile: (compiler) => compileLoop(compiler, loop) };
};

function compileLoop(compiler: Compiler, loop: Loop): void {
  const items = compiler.temporary();
  const forloop = compiler.temporary();
  const i = compiler.temporary();
  const parent = compiler.value(
    { text: "forloop", operand: { kind: "path", text: "forloop", path: ["forloop"] }, filters: [] },
    "quiet",
  );
  compiler.emit(`${items} = ${compiler.settled(`loopItems(${compiler.value(loop.items, "null")}, ${loop.names.length})`)};`);
  compiler.emit(`if (${items}.length > 0) {`);
  compiler.emit(`${forloop} = new ForLoop(${items}.length, ${parent});`);
  compiler.within(["forloop", ...loop.names], [loop.body], (bind) => {
    bind("forloop", forloop);
    compiler.emit(`for (${i} = 0; ${i} < ${items}.length; ${i}++) {`);
    compiler.emit(`${forloop}.counter0 = ${i};`);
    const item = loop.reversed ? `${items}[${items}.length - 1 - ${i}]` : `${items}[${i}]`;
    if (loop.names.length === 1) bind(loop.names[0]!, item);
    else {
      const values = compiler.temporary();
      compiler.emit(`${values} = unpack(${item}, ${loop.names.length});`);
      loop.names.forEach((name, n) => bind(name, `${values}[${n}]`));
    }
    if (loop.names.length === 1) compiler.reads.bind(loop.names[0]!, itemsOf(compiler, loop.items));
    compiler.nodes(loop.body);
    compiler.emit("}");
  });
  compiler.emit("} else {");
  compiler.reads.sometimes(() => compiler.nodes(loop.empty));
  compiler.emit("}");
}

/** Which path of the context the items of a list stand for. */
function itemsOf(compiler: Compiler, items: Expression): readonly string[] | null {
  const path = pathOf(items);
  const from = path && compiler.reads.resolve(path);
  return from ? [...from, itemStep] : null;
}
