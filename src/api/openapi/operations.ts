import type { JsonSchema } from "./schemas.ts";

/** Operations by address and method. */
export type Paths = Record<string, Record<string, unknown>>;

export const secured = [{ token: [] }];
export const refusal = {
  description: "Refused",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};
export const runAnswer = {
  description: "The run",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Run" } } },
};
export const gone = { 204: { description: "Done" }, default: refusal };
export const inPath = (name: string, type = "string") => ({ name, in: "path", required: true, schema: { type } });
/** A whole number from 1 that may stand in a header. */
export const inHeader = (name: string, description: string) => ({
  name,
  in: "header",
  description,
  schema: { type: "integer", minimum: 1 },
});

export function body(schema: JsonSchema): JsonSchema {
  return { content: { "application/json": { schema } } };
}

export function wrap(name: string, schema: JsonSchema, required: string[] = [name]): JsonSchema {
  return { type: "object", required, properties: { [name]: schema } };
}
