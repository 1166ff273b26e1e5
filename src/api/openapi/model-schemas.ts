import * as z from "zod";
import type { ModelInfo, StandardSchema, TensorSpec } from "#serving";
import type { JsonSchema } from "./schemas.ts";
import { taskItem } from "./task-paths.ts";

/** What an item of a model is: by its handler's schema, by the columns that it learned from, or by its file. */
export function inputSchema(model: ModelInfo): JsonSchema {
  const { handler, manifest, signature } = model;
  const known = schemaOf(handler?.options.input, "input") ?? columnsSchema(manifest);
  return known ?? (signature === undefined ? taskItem(model) : undefined) ?? tensorsSchema(signature?.inputs);
}

/** What an answer of a model is. */
export function outputSchema({ handler, signature }: ModelInfo): JsonSchema {
  const own = handler?.options.postprocess ?? handler?.options.inference ?? handler?.options.stream ?? handler?.options.train;
  return schemaOf(handler?.options.output, "output") ?? (own || !signature ? {} : tensorsSchema(signature.outputs));
}

/** A zod schema as JSON Schema; other libraries' schemas say nothing of themselves. */
function schemaOf(schema: StandardSchema | undefined, io: "input" | "output"): JsonSchema | undefined {
  if (schema?.["~standard"].vendor !== "zod") return undefined;
  const { $schema: _, ...made } = z.toJSONSchema(schema as unknown as z.ZodType, { io, unrepresentable: "any" }) as JsonSchema;
  return made;
}

const columnTypes: Record<string, string> = { number: "number", boolean: "boolean", category: "string" };

/** The columns of a tabular model, each of which may be null. */
function columnsSchema(manifest: ModelInfo["manifest"]): JsonSchema | undefined {
  const features = manifest?.columns?.filter((column) => column["role"] === "feature");
  if (!features?.length) return undefined;
  const properties = features.map(({ name, kind }) => [name, { type: [columnTypes[kind as string], "null"] }]);
  return { type: "object", required: features.map((column) => column["name"]), properties: Object.fromEntries(properties) };
}

const elementTypes: Record<string, JsonSchema> = { BOOL: { type: "boolean" }, BYTES: { type: "string" } };

/** An object of nested arrays, each as deep as its tensor, without the first dimension where that may vary. */
function tensorsSchema(specs: readonly TensorSpec[] = []): JsonSchema {
  const properties = specs.map((spec) => [spec.name, tensorSchema(spec)]);
  return { type: "object", required: specs.map((spec) => spec.name), properties: Object.fromEntries(properties) };
}

function tensorSchema({ datatype, shape }: TensorSpec): JsonSchema {
  const sizes = shape[0] === -1 ? shape.slice(1) : shape;
  const integer = datatype.includes("INT") ? { type: "integer" } : { type: ["number", "null"] };
  let schema: JsonSchema = { ...(elementTypes[datatype] ?? integer) };
  for (const size of sizes.toReversed())
    schema = { type: "array", items: schema, ...(size === -1 ? {} : { minItems: size, maxItems: size }) };
  return { ...schema, description: `${datatype} [${shape.join(", ")}]` };
}
