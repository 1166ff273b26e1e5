import { type HttpRequest, parseJson } from "#http";
import { servingErrors } from "../errors.ts";
import { describe } from "../tensors/read-json.ts";
import { datatypes } from "../tensors/datatypes.ts";
import type { Signature } from "../tensors/signature.ts";

/** The most bytes of a prediction's body. */
export const BODY_LIMIT = 64 * 2 ** 20;

/** The most levels of arrays and objects in one another. */
const MOST_LEVELS = 100;

/** A run of digits that a double cannot hold, standing alone as a JSON number. */
const LONG_INTEGER = /[[,:\s]-?\d{16,}\s*[\],}]/;

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

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
  const body = parseJson(bytes, MOST_LEVELS);
  return objectOf(takesLongIntegers(signature) ? (parseExact(bytes.toString("utf8")) ?? body) : body);
}

function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw servingErrors.SERVING_BAD_INPUT({ where: "The body", problem: `is ${describe(body)}, and must be an object` });
}

/** JSON text with the integers that a double cannot hold as `bigint`; undefined where it has none. The text has been checked. */
export function parseExact(text: string): unknown {
  return LONG_INTEGER.test(text) ? JSON.parse(text, exactInteger as (key: string, value: unknown) => unknown) : undefined;
}

const exactInteger: Reviver = (_key, value, { source }) =>
  typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value;

/** True where a model takes integers that a double cannot hold. */
export function takesLongIntegers(signature: Signature | undefined): boolean {
  return signature?.inputs.some((spec) => datatypes[spec.datatype].kind === "bigint") ?? false;
}
