import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import type { ModelMeta } from "../../model/meta.ts";
import { isSchemaSql, type SchemaKey } from "../../model/rules/schema-sql.ts";
import { columnOf, type FieldState, sameValue } from "./field-state.ts";
import type { ModelOptions } from "./project-state.ts";
import { type FieldRename, renamedName, renameInPart } from "./renamed-parts.ts";
import { storedConstraint, storedIndex } from "./stored-parts.ts";

/** An index or a constraint of a model. */
export type Part = Index | Constraint;

/** The two lists of parts that a model's options have. */
export type PartList = "indexes" | "constraints";

/** Options that neither the database nor a data migration has a use for. */
const unkept: ReadonlySet<string> = new Set(["load", "verboseName", "verboseNamePlural"]);

/** The options of a declared model that a state keeps: data only, nothing empty. */
export function keptOptions(meta: ModelMeta): ModelOptions {
  const { constraints = [], indexes = [], ...others } = meta.options;
  const stored = {
    ...others,
    constraints: constraints.map((one) => storedConstraint(meta, one)),
    indexes: indexes.map((one) => storedIndex(meta, one)),
    bases: basesOf(meta),
  };
  return Object.fromEntries(Object.entries(stored).filter(([name, value]) => !unkept.has(name) && isKeptValue(value)));
}

/** The models whose table a child joins, or a proxy shares. */
function basesOf({ proxyFor, parents }: ModelMeta): string[] {
  return proxyFor === undefined ? parents.map(({ model }) => model.meta.key) : [proxyFor.meta.key];
}

function isKeptValue(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && !(Array.isArray(value) && value.length === 0);
}

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

/** The words of an SQL text, or the fields that an object of lookups names. */
function wordsOf(value: unknown): string[] {
  if (typeof value === "string") return value.match(/\w+/g) ?? [];
  if (typeof value !== "object" || value === null) return [];
  if ("sql" in value) return wordsOf(value.sql);
  return isSchemaSql(value) ? Object.values(value).flatMap(wordsOf) : Object.keys(value);
}

/** Parts of `a` that `b` does not have. */
export function missingParts(a: readonly Part[], b: readonly Part[]): Part[] {
  return a.filter((part) => !b.some((other) => sameValue(part, other)));
}

/** The same options after a field was renamed. */
export function renameFieldInOptions(options: ModelOptions, rename: FieldRename): ModelOptions {
  const { ordering, indexes, constraints } = options;
  return {
    ...options,
    ...(ordering && { ordering: ordering.map((name) => renamedName(name, rename)) }),
    ...(indexes && { indexes: indexes.map((part) => renameInPart(part, rename)) }),
    ...(constraints && { constraints: constraints.map((part) => renameInPart(part, rename)) }),
  };
}
