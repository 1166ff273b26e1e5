import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";

/** `{% partialdef name inline %}…{% endpartialdef %}` */
export const partialdefTag: TagParser = (parser, token) => {
  const [, name, ...options] = splitWords(token.contents);
  if (name === undefined) throw parser.problem("{% partialdef %} needs a name.");
  if (options.length > 1 || (options.length === 1 && options[0] !== "inline")) {
    throw parser.problem(`{% partialdef %} does not understand "${options.join(" ")}".`, 'After the name may stand "inline".');
  }
  if (parser.partials.has(name)) throw parser.problem(`The partial "${name}" is defined twice in this template.`);
  parser.partials.set(name, []);
  const { nodes, end } = parser.parseUntil(token, "endpartialdef");
  const closing = splitWords(end.contents)[1];
  if (closing !== undefined && closing !== name) {
    throw parser.errorAt(
      end,
      parser.problem(`{% ${end.contents} %} closes the partial "${name}".`, `Write {% endpartialdef ${name} %}.`),
    );
  }
  parser.partials.set(name, nodes);
  return { bodies: [nodes], compile: (compiler) => options.length > 0 && compiler.nodes(nodes) };
};

/** `{% partial name %}` */
export const partialTag: TagParser = (parser, token) => {
  const [, name, ...rest] = splitWords(token.contents);
  if (name === undefined || rest.length > 0) throw parser.problem("{% partial %} takes one argument: the partial's name.");
  parser.refer("partials", { name, start: token.start, end: token.end });
  return {
    usesContext: true,
    compile: (compiler) => {
      compiler.reads.part("partial", name);
      const bodies = compiler.constant(compiler.partials);
      compiler.write(
        `yield* partial(r, ${compiler.scope}, { bodies: ${bodies}, name: ${JSON.stringify(name)}, template: place.template })`,
      );
    },
  };
};
