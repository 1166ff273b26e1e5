/** A JSON Schema. */
export type JsonSchema = Record<string, unknown>;

export const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string" }, hint: { type: "string" } },
    },
  },
};

export const runSchema = {
  type: "object",
  properties: {
    id: { type: "integer" },
    model: { type: "string" },
    state: { enum: ["queued", "running", "cancelling", "succeeded", "failed", "cancelled", "interrupted"] },
    version: { type: ["string", "null"] },
    metrics: { type: ["object", "null"], additionalProperties: { type: "number" } },
    error: { type: ["object", "null"] },
  },
};
