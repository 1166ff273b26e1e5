import type { ModelInfo } from "#serving";
import { inputSchema } from "./model-schemas.ts";
import type { JsonSchema } from "./schemas.ts";

/** An item to begin with: one that the handler gives as golden or for its warm-up, else one made up from the schema. */
export function exampleItem(model: ModelInfo): unknown {
  const { golden, warmUp } = model.handler?.options ?? {};
  const given = golden?.[0]?.input ?? warmUp?.[0] ?? categories(model);
  const schema = inputSchema(model);
  return given ?? sample(schema, { root: schema, within: [] });
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

/** Where a sample is made: in which schema, and by which of its references it came there. */
interface Place {
  root: JsonSchema;
  within: readonly string[];
}

/** A value that a schema takes, as plain as it may be; what is within itself is null, or left out of a list. */
function sample(schema: JsonSchema, place: Place): unknown {
  const { examples, default: usual, const: only, enum: choices, anyOf, oneOf, $ref } = schema as Record<string, any>;
  if (examples?.length) return examples[0];
  if (usual !== undefined) return usual;
  if (only !== undefined) return only;
  if (choices) return choices[0];
  if ($ref !== undefined) return isWithin($ref, place) ? null : sample(...followed($ref, place));
  const part = anyOf?.[0] ?? oneOf?.[0];
  return part ? sample(part as JsonSchema, place) : sampleOfType(schema, place);
}

/** The whole schema is where every way begins. */
function isWithin(reference: string, { within }: Place): boolean {
  return reference === "#" || within.includes(reference);
}

/** The part of a schema that a reference names: `#/$defs/Address`. */
function followed(reference: string, { root, within }: Place): [JsonSchema, Place] {
  const names = reference.split("/").slice(1);
  const part = names.reduce<any>((whole, name) => whole?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], root);
  return [(part ?? {}) as JsonSchema, { root, within: [...within, reference] }];
}

function sampleOfType(schema: JsonSchema, place: Place): unknown {
  const { type, properties, items = {}, prefixItems, minItems = 1, minLength = 0, minimum } = schema as Record<string, any>;
  switch (Array.isArray(type) ? type[0] : type) {
    case "object":
      return Object.fromEntries(
        Object.entries((properties ?? {}) as Record<string, JsonSchema>).map(([name, part]) => [name, sample(part, place)]),
      );
    case "array":
      if (prefixItems) return prefixItems.map((part: JsonSchema) => sample(part, place));
      if (items.$ref !== undefined && isWithin(items.$ref, place)) return [];
      return Array.from({ length: Math.max(1, minItems) }, () => sample(items as JsonSchema, place));
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
