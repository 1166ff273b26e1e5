import { type HttpRequest, parseJson } from "#http";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import type { Signature } from "../../tensors/signature.ts";
import { parseExact, takesLongIntegers } from "../../tensors/exact-integers.ts";
import { BODY_LIMIT } from "../json-body.ts";
import { withoutBareTokens } from "./bare-tokens.ts";

/** The deepest that a body is nested. */
const DEEPEST = 64;
/**
 * The body of a request, an object, whatever its content type: curl calls JSON a form. The bare tokens `NaN`, `Infinity`
 * and `-Infinity` are read, and 64-bit integers with all their digits. @throws HttpError 400, SERVING_BAD_INPUT
 */
export async function readTensorBody(request: HttpRequest, signature: Signature): Promise<Record<string, unknown>> {
  let bytes = await request.body({ limit: BODY_LIMIT });
  if (bytes.includes("NaN") || bytes.includes("Infinity")) bytes = Buffer.from(withoutBareTokens(bytes.toString("utf8")));
  let body = parseJson(bytes, DEEPEST);
  if (takesLongIntegers(signature)) body = parseExact(bytes.toString("utf8")) ?? body;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw servingErrors.SERVING_BAD_INPUT({ where: "The body", problem: `is ${describe(body)}, and must be an object` });
}
