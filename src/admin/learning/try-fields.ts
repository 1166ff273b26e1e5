import { z } from "zod";
import type { Manifest, ModelInfo } from "#serving";
import { capitalise } from "../words.ts";

/** One field of the try-it form: what it is called, which control suits it, how its text becomes a value. */
export interface TryField {
  readonly name: string;
  readonly label: string;
  readonly kind: "number" | "text" | "boolean" | "yesNo" | "choice" | "json";
  readonly choices: readonly string[];
  /** Whether "nothing known" is an answer. */
  readonly nullable: boolean;
  readonly help: string;
}

/** A JSON schema, as far as a form can be made from it. */
interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  minItems?: number;
}

/** The fields of a model's input: from its handler's schema, its columns, or its signature; none where it says nothing. */
export function tryFieldsOf(model: ModelInfo, manifest: Manifest | undefined): TryField[] {
  const schema = inputSchema(model);
  if (schema?.properties !== undefined) return Object.entries(schema.properties).map(([name, part]) => fromSchema(name, part));
  const columns = (manifest?.columns ?? []).filter((column) => column["role"] === "feature");
  if (columns.length > 0) return columns.map(fromColumn);
  return (model.signature?.inputs ?? []).map(({ name, datatype, shape }) =>
    field(name, "json", { help: `${datatype} [${shape.join(", ")}]` }),
  );
}

/** The input's JSON schema; undefined for a handler without a schema, or with one that has no such form. */
function inputSchema(model: ModelInfo): Schema | undefined {
  const input = model.handler?.options.input;
  if (!(input instanceof z.ZodType)) return undefined;
  try {
    return z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
  } catch {
    return undefined;
  }
}

function fromSchema(name: string, schema: Schema): TryField {
  const parts = schema.anyOf ?? [schema];
  const nullable = parts.some((part) => part.type === "null" || (Array.isArray(part.type) && part.type.includes("null")));
  const main = parts.find((part) => part.type !== "null") ?? schema;
  const help = schema.description ?? main.description ?? rangeHelp(main);
  if (main.enum !== undefined) return field(name, "choice", { choices: main.enum.map(String), nullable, help });
  const type = Array.isArray(main.type) ? main.type.find((each) => each !== "null") : main.type;
  const kind =
    type === "number" || type === "integer" ? "number" : type === "boolean" ? "boolean" : type === "string" ? "text" : "json";
  return field(name, kind, { nullable, help: kind === "json" && help === "" ? "As JSON." : help });
}

function rangeHelp({ minimum, maximum }: Schema): string {
  const known = (limit: number | undefined) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  if (known(minimum) && known(maximum)) return `From ${minimum} to ${maximum}.`;
  if (known(minimum)) return `At least ${minimum}.`;
  return known(maximum) ? `At most ${maximum}.` : "";
}

/** A column of a tabular model, as its version's manifest describes it. */
function fromColumn(column: Readonly<Record<string, unknown>>): TryField {
  const name = String(column["name"]);
  const categories = column["categories"];
  if (column["kind"] === "number") return field(name, "number", { nullable: true });
  if (column["kind"] === "boolean") return field(name, "yesNo", { choices: ["true", "false"], nullable: true });
  if (Array.isArray(categories) && categories.length > 0 && categories.length <= 60)
    return field(name, "choice", { choices: categories.map(String), nullable: true });
  return field(name, "text", { nullable: true });
}

function field(name: string, kind: TryField["kind"], more: Partial<TryField> = {}): TryField {
  const label = capitalise(name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll(/[._]/g, " "));
  return { name, label, kind, choices: [], nullable: false, help: "", ...more };
}

/** What was typed, as the model's item. A text that is no number goes as it is: the model says what is wrong with it. */
export function itemFrom(fields: readonly TryField[], typed: (name: string) => string | undefined): Record<string, unknown> {
  return Object.fromEntries(fields.map((each) => [each.name, valueOf(each, typed(each.name))]));
}

function valueOf({ kind, nullable }: TryField, text: string | undefined): unknown {
  if (kind === "boolean") return text === "true";
  if (text === undefined || text.trim() === "") return nullable ? null : kind === "text" ? "" : undefined;
  if (kind === "yesNo") return text === "true";
  if (kind === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  return kind === "json" ? parseJson(text) : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
