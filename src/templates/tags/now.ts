import { formatDate } from "../dates/format-date.ts";
import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { Render } from "../runtime/render.ts";

/** `{% now "Y-m-d" as today %}` */
export const nowTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents).slice(1);
  const as = words.at(-2) === "as" ? words.at(-1) : undefined;
  const format = words[0];
  if (format === undefined || words.length !== (as === undefined ? 1 : 3))
    throw parser.problem('{% now %} takes one argument: a format such as "Y-m-d".');
  const text = format.replace(/^["']|["']$/g, "");
  return {
    usesContext: as !== undefined,
    compile: (compiler) => {
      const code = `${compiler.constant(formatNow)}(r, ${JSON.stringify(text)})`;
      if (as === undefined) compiler.write(code);
      else compiler.assign(as, code);
    },
  };
};

function formatNow(render: Render, format: string): string {
  return formatDate(render.now(), format || "DATE_FORMAT", render);
}
