import { servingErrors } from "../../errors.ts";
import { parseExact } from "../../tensors/exact-integers.ts";
import { withoutBareTokens } from "../../bodies/tensorflow-serving/bare-tokens.ts";

/** An object in JSON that an engine answered: with long integers exact, and bare `NaN`s where it writes such. @throws SERVING_REMOTE_FAILED */
export function readJson(body: Buffer, model: string): object {
  const failed = (cause?: unknown) =>
    servingErrors.SERVING_REMOTE_FAILED({ model, problem: "answered what is no JSON object", cause });
  const text = withoutBareTokens(body.toString("utf8"));
  let value: unknown;
  try {
    value = parseExact(text) ?? JSON.parse(text);
  } catch (error) {
    throw failed(error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw failed();
  return value;
}
