import type { TagParser } from "../library.ts";
import { textOf } from "../runtime/text.ts";
import { escapeHtml, SafeString } from "../safe-string.ts";

/** `<script {% csp_nonce_attr %}>`: the nonce attribute, where the context has a `csp_nonce`. */
export const cspNonceAttrTag: TagParser = (parser) => {
  const nonce = parser.expression("csp_nonce");
  return { compile: (compiler) => compiler.printValue(`${compiler.constant(attribute)}(${compiler.value(nonce, "quiet")})`) };
};

function attribute(nonce: unknown): SafeString {
  return new SafeString(nonce === null || nonce === "" ? "" : `nonce="${escapeHtml(textOf(nonce))}"`);
}
