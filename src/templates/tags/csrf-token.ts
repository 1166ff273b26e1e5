import type { TagParser } from "../library.ts";
import { SafeString, escapeHtml } from "../safe-string.ts";
import { textOf } from "../runtime/text.ts";

/** `{% csrf_token %}`: the hidden field that a form must carry. */
export const csrfTokenTag: TagParser = (parser) => {
  const token = parser.expression("csrf_token");
  return { compile: (compiler) => compiler.printValue(`${compiler.constant(hiddenField)}(${compiler.value(token, "quiet")})`) };
};

function hiddenField(token: unknown): SafeString {
  if (token === null || token === "" || token === "NOTPROVIDED") return new SafeString("");
  return new SafeString(`<input type="hidden" name="csrfmiddlewaretoken" value="${escapeHtml(textOf(token))}">`);
}
