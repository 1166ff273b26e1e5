import type { Library, TagParser } from "../library.ts";
import { splitWords } from "../lexer.ts";
import { parseArguments } from "../tags/keyword-arguments.ts";
import type { Render } from "../runtime/render.ts";
import { textOf } from "../runtime/text.ts";

/** `{% static "shop/shop.css" as address %}` */
const staticTag: TagParser = (parser, token) => {
  const { positional, named, as } = parseArguments(parser, splitWords(token.contents).slice(1));
  const [path] = positional;
  if (path === undefined || positional.length > 1 || named.length > 0)
    throw parser.problem("{% static %} takes one argument: the path of a file.", 'Write {% static "shop/shop.css" %}.');
  return {
    usesContext: as !== undefined,
    compile: (compiler) => {
      const code = `${compiler.constant(staticAddress)}(r, ${compiler.argument(path)})`;
      if (as === undefined) compiler.printValue(code);
      else compiler.assign(as, code);
    },
  };
};

function staticAddress(render: Render, path: unknown): string {
  return render.host.addresses.staticFile(textOf(path));
}

function prefixTag(name: "staticUrl" | "mediaUrl"): TagParser {
  return (parser, token) => {
    const words = splitWords(token.contents);
    if (words.length !== 1 && (words.length !== 3 || words[1] !== "as"))
      throw parser.problem(`{% ${words[0]} %} takes no argument but "as" and a name.`);
    const as = words[2];
    return {
      usesContext: as !== undefined,
      compile: (compiler) => {
        const code = `r.host.addresses.${name}`;
        if (as === undefined) compiler.write(code);
        else compiler.assign(as, code);
      },
    };
  };
}

/**
 * `{% load static %}`: addresses of files. An engine to which it is given as a builtin needs no `load`.
 *
 * ```ts
 * new Engine({ builtins: [staticLibrary], staticUrl: "https://cdn.example/" });
 * ```
 */
export const staticLibrary: Library = {
  tags: { get_media_prefix: prefixTag("mediaUrl"), get_static_prefix: prefixTag("staticUrl"), static: staticTag },
  filters: {},
};
