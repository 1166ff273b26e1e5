import { type HttpRequest, parseJson } from "#http";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import type { Signature } from "../../tensors/signature.ts";
import { BODY_LIMIT, parseExact, takesLongIntegers } from "../json-body.ts";

/** The deepest that a body is nested. */
const DEEPEST = 64;
const BARE = /NaN|Infinity/;
/** A string, which is left as it is, or one of the tokens that JSON does not have. */
const STRING_OR_BARE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
/** Infinities as numbers beyond the largest; null is NaN where numbers with a fraction go. */
const replacements: Readonly<Record<string, string>> = { NaN: "null", Infinity: "1e999", "-Infinity": "-1e999" };

/**
 * The body of a request, an object, whatever its content type: curl calls JSON a form. The bare tokens `NaN`, `Infinity`
 * and `-Infinity` are read, and 64-bit integers with all their digits. @throws HttpError 400, SERVING_BAD_INPUT
 */
export async function readTensorBody(request: HttpRequest, signature: Signature): Promise<Record<string, unknown>> {
  let bytes = await request.body({ limit: BODY_LIMIT });
  if (bytes.includes("NaN") || bytes.includes("Infinity")) bytes = withoutBareTokens(bytes);
  let body = parseJson(bytes, DEEPEST);
  if (takesLongIntegers(signature)) body = parseExact(bytes.toString("utf8")) ?? body;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw servingErrors.SERVING_BAD_INPUT({ where: "The body", problem: `is ${describe(body)}, and must be an object` });
}

function withoutBareTokens(bytes: Buffer): Buffer {
  const text = bytes.toString("utf8");
  if (!BARE.test(text)) return bytes;
  return Buffer.from(text.replace(STRING_OR_BARE, (token) => replacements[token] ?? token));
}
