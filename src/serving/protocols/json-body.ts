import { type HttpRequest, parseJson } from "#http";
import { servingErrors } from "../errors.ts";
import { describe } from "../tensors/read-json.ts";
import { parseExact, takesLongIntegers } from "../tensors/exact-integers.ts";
import type { Signature } from "../tensors/signature.ts";

/** The most bytes of a prediction's body. */
export const BODY_LIMIT = 64 * 2 ** 20;

/** The most levels of arrays and objects in one another. */
const MOST_LEVELS = 100;

/** The body of a prediction, an object. Integers that a double cannot hold are read as `bigint` where the model takes such. */
export async function readObject(
  request: HttpRequest,
  signature: Signature | undefined,
  { anyType = false }: { anyType?: boolean } = {},
): Promise<Record<string, unknown>> {
  const body = await request.json({ limit: BODY_LIMIT, anyType });
  return objectOf(takesLongIntegers(signature) ? (parseExact((await request.body()).toString("utf8")) ?? body) : body);
}

/** JSON text of a prediction, an object, as `readObject` reads it. @throws SERVING_BAD_INPUT, HttpError 400 */
export function parseObject(bytes: Buffer, signature: Signature | undefined): Record<string, unknown> {
  return objectOf(parseValue(bytes, signature));
}

/** JSON text of a prediction, whatever it holds, its integers as `readObject` reads them. @throws HttpError 400 */
export function parseValue(bytes: Buffer, signature: Signature | undefined): unknown {
  const value = parseJson(bytes, MOST_LEVELS);
  return takesLongIntegers(signature) ? (parseExact(bytes.toString("utf8")) ?? value) : value;
}

function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw servingErrors.SERVING_BAD_INPUT({ where: "The body", problem: `is ${describe(body)}, and must be an object` });
}
