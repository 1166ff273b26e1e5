import type { ModelInfo } from "#serving";
import { inputSchema, outputSchema } from "./model-schemas.ts";
import type { JsonSchema } from "./schemas.ts";

/**
 * The schemas of a model that refer to parts of themselves, by the names that they have among the components: only there do
 * their references have one place to lead to.
 */
export function sharedSchemas(model: ModelInfo): Record<string, JsonSchema> {
  const named = Object.entries({ [nameOf(model, "input")]: inputSchema(model), [nameOf(model, "output")]: outputSchema(model) });
  return Object.fromEntries(named.filter(([, schema]) => refers(schema)).map(([name, schema]) => [name, moved(schema, name)]));
}

/** What an item of a model is, or where among the components that is said. */
export function inputReference(model: ModelInfo): JsonSchema {
  return referenceTo(inputSchema(model), nameOf(model, "input"));
}

/** What an answer of a model is, or where among the components that is said. */
export function outputReference(model: ModelInfo): JsonSchema {
  return referenceTo(outputSchema(model), nameOf(model, "output"));
}

function referenceTo(schema: JsonSchema, name: string): JsonSchema {
  return refers(schema) ? { $ref: addressOf(name) } : schema;
}

const nameOf = ({ name }: ModelInfo, side: "input" | "output") => `${name}.${side}`;
const addressOf = (name: string) => `#/components/schemas/${name}`;
const isReference = (key: string, value: unknown): value is string =>
  key === "$ref" && typeof value === "string" && value.startsWith("#");

function refers(schema: JsonSchema): boolean {
  let found = false;
  JSON.stringify(schema, (key, value: unknown) => {
    found ||= isReference(key, value);
    return value;
  });
  return found;
}

/** The schema with references that lead from the whole description to where it lies. */
function moved(schema: JsonSchema, name: string): JsonSchema {
  const move = (key: string, value: unknown) => (isReference(key, value) ? `${addressOf(name)}${value.slice(1)}` : value);
  return JSON.parse(JSON.stringify(schema, move)) as JsonSchema;
}
