import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { textOf } from "../runtime/text.ts";
import { escapeHtml, SafeString } from "../safe-string.ts";

/**
 * `<script {% csp_nonce_attr %}>`: the nonce attribute, where the context has a `csp_nonce`.
 * `{% csp_nonce_attr form.media %}`: style sheets and scripts, each with the attribute.
 */
export const cspNonceAttrTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents).slice(1);
  if (words.length > 1) throw parser.problem("{% csp_nonce_attr %} takes nothing, or the media of a form.");
  const nonce = parser.expression("csp_nonce");
  const media = words[0] === undefined ? undefined : parser.expression(words[0]);
  return {
    compile: (compiler) => {
      const given = compiler.value(nonce, "quiet");
      if (media === undefined) compiler.printValue(`${compiler.constant(attribute)}(${given})`);
      else compiler.printValue(`${compiler.constant(withNonce)}(${compiler.value(media)}, ${given})`);
    },
  };
};

const isNone = (nonce: unknown) => nonce === null || nonce === undefined || nonce === "";

function attribute(nonce: unknown): SafeString {
  return new SafeString(isNone(nonce) ? "" : `nonce="${escapeHtml(textOf(nonce))}"`);
}

/** What is drawn with attributes on each of its elements: the media of forms. */
interface Drawn {
  render(attrs: Record<string, string>): unknown;
}

function withNonce(media: unknown, nonce: unknown): unknown {
  if (typeof (media as Partial<Drawn> | null)?.render !== "function") return media;
  return (media as Drawn).render(isNone(nonce) ? {} : { nonce: textOf(nonce) });
}
