import type { TagParser } from "../library.ts";
import type { Render } from "../runtime/render.ts";
import { flatten, type Scope } from "../runtime/scope.ts";
import { quotedText } from "../runtime/text.ts";
import { escapeHtml, SafeString } from "../safe-string.ts";

/** `{% debug %}`: the names in the context and their values, in debug mode. */
export const debugTag: TagParser = () => ({
  usesContext: true,
  compile: (compiler) => compiler.printValue(`${compiler.constant(describe)}(r, ${compiler.scope})`),
});

function describe(render: Render, scope: Scope): SafeString {
  if (!render.host.debug) return new SafeString("");
  const lines = Object.entries(flatten(render, scope)).map(([name, value]) => `${name}: ${quotedText(value, render)}`);
  return new SafeString(escapeHtml(lines.join("\n")));
}
