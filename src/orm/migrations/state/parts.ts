import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import { isSchemaSql, namesIn, type SchemaKey } from "../../model/rules/schema-sql.ts";
import { columnOf, type FieldState, sameValue } from "./field-state.ts";

/** An index or a constraint of a model. */
export type Part = Index | Constraint;

/** The two lists of parts that a model's options have. */
export type PartList = "indexes" | "constraints";

/** How a part is called in a sentence and told from its neighbours: its name, else its fields. */
export function partLabel(part: Part): string {
  return part.name ?? partFields(part).join("_");
}

/**
 * The fields that a part covers, without the marks of their order. Those inside expressions and conditions
 * are found among the fields given.
 */
export function partFields(part: Part, fields: Readonly<Record<string, FieldState>> = {}): string[] {
  const keys = partKeys(part);
  const named = keys.filter((key) => typeof key === "string").map((name) => name.replace(/^-/, ""));
  const words = new Set([...keys, "condition" in part ? part.condition : undefined].flatMap(wordsOf));
  const read = Object.entries(fields).filter(([name, field]) => words.has(name) || words.has(columnOf(name, field)));
  return [...new Set([...named, ...read.map(([name]) => name)])];
}

function partKeys(part: Part): readonly SchemaKey[] {
  const { fields = [], include = [] } = part as { fields?: readonly SchemaKey[]; include?: readonly string[] };
  const excluded = "expressions" in part ? part.expressions.map(([key]) => key as SchemaKey) : [];
  return [...fields, ...include, ...excluded];
}

/** The names in an SQL text, or the fields that an object of lookups names. */
function wordsOf(value: unknown): string[] {
  if (typeof value === "string") return namesIn(value);
  if (typeof value !== "object" || value === null) return [];
  if ("sql" in value) return wordsOf(value.sql);
  return isSchemaSql(value) ? Object.values(value).flatMap(wordsOf) : Object.keys(value);
}

/** Parts of `a` that `b` does not have. */
export function missingParts(a: readonly Part[], b: readonly Part[]): Part[] {
  return a.filter((part) => !b.some((other) => sameValue(part, other)));
}
