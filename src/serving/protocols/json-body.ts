import type { HttpRequest } from "#http";
import { servingErrors } from "../errors.ts";
import { describe } from "../tensors/read-json.ts";
import { parseExact, takesLongIntegers } from "../tensors/exact-integers.ts";
import type { Signature } from "../tensors/signature.ts";
import { bodyBytes } from "./body-bytes.ts";
import { BODY_LIMIT } from "./body-limit.ts";

/** The body of a prediction, an object. Integers that a double cannot hold are read as `bigint` where the model takes such. */
export async function readObject(
  request: HttpRequest,
  signature: Signature | undefined,
  { anyType = false }: { anyType?: boolean } = {},
): Promise<Record<string, unknown>> {
  if (isPacked(request) && (anyType || isJson(request))) return parseObject(request, await bodyBytes(request), signature);
  const body = await request.json({ limit: BODY_LIMIT, anyType });
  return objectOf(takesLongIntegers(signature) ? (parseExact((await request.body()).toString("utf8")) ?? body) : body);
}

/** JSON text that came in a request, an object, as `readObject` reads it. @throws SERVING_BAD_INPUT, HttpError 400 */
export function parseObject(request: HttpRequest, bytes: Buffer, signature: Signature | undefined): Record<string, unknown> {
  return objectOf(parseValue(request, bytes, signature));
}

/** JSON text that came in a request, whatever it holds, its integers as `readObject` reads them. @throws HttpError 400 */
export function parseValue(request: HttpRequest, bytes: Buffer, signature: Signature | undefined): unknown {
  const value = request.parseJson(bytes);
  return takesLongIntegers(signature) ? (parseExact(bytes.toString("utf8")) ?? value) : value;
}

/** True for a body that the client packed. */
export function isPacked({ headers }: HttpRequest): boolean {
  return headers["content-encoding"] !== undefined;
}

/** True for one that is said to be JSON. */
export function isJson({ headers }: HttpRequest): boolean {
  return /^[\w.-]+\/(?:[\w.-]+\+)?json\b/i.test(headers["content-type"] ?? "application/json");
}

function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw servingErrors.SERVING_BAD_INPUT({ where: "The body", problem: `is ${describe(body)}, and must be an object` });
}
