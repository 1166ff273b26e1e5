import type { ModelInfo } from "#serving";
import { inputSchema } from "./model-schemas.ts";
import type { JsonSchema } from "./schemas.ts";

/** An item to begin with: one that the handler gives as golden or for its warm-up, else one made up from the schema. */
export function exampleItem(model: ModelInfo): unknown {
  const { golden, warmUp } = model.handler?.options ?? {};
  const given = golden?.[0]?.input ?? warmUp?.[0] ?? categories(model);
  return given ?? sample(inputSchema(model));
}

/** Of a tabular model: a row of the values that it has seen. */
function categories({ manifest }: ModelInfo): Record<string, unknown> | undefined {
  const features = manifest?.columns?.filter((column) => column["role"] === "feature");
  if (!features?.length) return undefined;
  const valueOf = (column: Record<string, unknown>) => {
    if (column["kind"] === "category") return (column["categories"] as unknown[] | undefined)?.[0] ?? null;
    return column["kind"] === "boolean" ? false : 1;
  };
  return Object.fromEntries(features.map((column) => [column["name"], valueOf(column)]));
}

/** A value that a schema takes, as plain as it may be. */
function sample(schema: JsonSchema): unknown {
  const { examples, default: usual, const: only, enum: choices, anyOf, oneOf } = schema as Record<string, any>;
  if (examples?.length) return examples[0];
  if (usual !== undefined) return usual;
  if (only !== undefined) return only;
  if (choices) return choices[0];
  const part = anyOf?.[0] ?? oneOf?.[0];
  return part ? sample(part as JsonSchema) : sampleOfType(schema);
}

function sampleOfType(schema: JsonSchema): unknown {
  const { type, properties, items, minItems = 1, minLength = 0, minimum } = schema as Record<string, any>;
  switch (Array.isArray(type) ? type[0] : type) {
    case "object":
      return Object.fromEntries(
        Object.entries((properties ?? {}) as Record<string, JsonSchema>).map(([name, part]) => [name, sample(part)]),
      );
    case "array":
      return Array.from({ length: Math.max(1, minItems) }, () => sample((items ?? {}) as JsonSchema));
    case "number":
    case "integer":
      return Math.max(0, minimum ?? 0);
    case "boolean":
      return false;
    case "string":
      return "text".padEnd(minLength, "t");
    default:
      return null;
  }
}
