import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { BlockNode } from "../nodes.ts";
import { relativeName } from "../loaders/relative-name.ts";

/** `{% extends "base.html" %}`, the first tag of a template. */
export const extendsTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents);
  if (words.length !== 2) throw parser.problem("{% extends %} takes one argument: the parent's name.");
  if (parser.begun) throw parser.problem(`{% ${token.contents} %} must be the first tag of its template.`, "Move it to the top.");
  const parent = parser.expression(words[1]!);
  const literal = parent.operand.kind === "literal" && parent.filters.length === 0 ? String(parent.operand.value) : undefined;
  const name = literal === undefined ? undefined : relativeName(parser.options.template, literal, false);
  parser.notes.set("extends", name === undefined ? undefined : { name, start: token.start, end: token.end });
  parser.begun = true;
  const nodes = parser.parseRest();
  return {
    bodies: [nodes],
    usesContext: true,
    compile: (compiler) =>
      compiler.write(
        `yield* extend(r, ${compiler.scope}, ${name === undefined ? compiler.value(parent) : JSON.stringify(name)})`,
      ),
  };
};

/** `{% block name %}…{% endblock name %}` */
export const blockTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents);
  if (words.length !== 2) throw parser.problem("{% block %} takes one argument: its name.");
  const name = words[1]!;
  if (parser.blocks.has(name))
    throw parser.problem(`The block "${name}" appears twice in this template.`, "Give one of them another name.");
  const node: { -readonly [K in keyof BlockNode]: BlockNode[K] } = {
    block: name,
    token,
    usesContext: true,
    compile: (compiler) => {
      compiler.reads.part("block", name);
      const own = compiler.blockFunction(name, node.bodies![0]!);
      compiler.write(`yield* block(r, ${compiler.scope}, { name: ${JSON.stringify(name)}, own: ${own} })`);
    },
  };
  parser.blocks.set(name, node);
  const { nodes, end } = parser.parseUntil(token, "endblock");
  const closing = splitWords(end.contents)[1];
  if (closing !== undefined && closing !== name) {
    throw parser.errorAt(
      end,
      parser.problem(`{% ${end.contents} %} closes the block "${name}".`, `Write {% endblock ${name} %}.`),
    );
  }
  node.bodies = [nodes];
  return node;
};
