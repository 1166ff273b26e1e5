import { type HttpRequest, utf8Text } from "#http";
import type { Signature } from "../../tensors/signature.ts";
import { bodyBytes } from "../body-bytes.ts";
import { parseObject } from "../json-body.ts";
import { withoutBareTokens } from "../../bodies/tensorflow-serving/bare-tokens.ts";

/**
 * The body of a request, an object, whatever its content type: curl calls JSON a form. The bare tokens `NaN`, `Infinity`
 * and `-Infinity` are read. @throws HttpError 400, SERVING_BAD_INPUT
 */
export async function readTensorBody(request: HttpRequest, signature: Signature): Promise<Record<string, unknown>> {
  const bytes = await bodyBytes(request);
  const hasBareTokens = bytes.includes("NaN") || bytes.includes("Infinity");
  return parseObject(request, hasBareTokens ? Buffer.from(withoutBareTokens(utf8Text(bytes))) : bytes, signature);
}
