import type { Constraint, Index, ModelOptions as DeclaredOptions } from "../model/model-options.ts";
import { snakeCase } from "../names.ts";
import { sameValue } from "./field-state.ts";
import type { ModelOptions } from "./project-state.ts";

/** An index or a constraint of a model. */
export type Part = Index | Constraint;

/** The two lists of parts that a model's options have. */
export type PartList = "indexes" | "constraints";

/** Options that neither the database nor a data migration has a use for. */
const unkept: ReadonlySet<string> = new Set(["load", "verboseName", "verboseNamePlural"]);

/** The options of a declared model that a state keeps: data only, nothing empty. */
export function keptOptions(declared: DeclaredOptions): ModelOptions {
  const kept = Object.entries(declared).filter(([name, value]) => !unkept.has(name) && isKeptValue(value));
  return Object.fromEntries(kept);
}

function isKeptValue(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && !(Array.isArray(value) && value.length === 0);
}

/** How a part is called in a sentence and told from its neighbours: its name, else its fields. */
export function partLabel(part: Part): string {
  return part.name ?? ("fields" in part ? part.fields.join("_").replaceAll("-", "") : "");
}

/** The fields that an index or a unique constraint covers, without the marks of their order. */
export function partFields(part: Part): string[] {
  return "fields" in part ? part.fields.map((name) => name.replace(/^-/, "")) : [];
}

/** Parts of `a` that `b` does not have. */
export function missingParts(a: readonly Part[], b: readonly Part[]): Part[] {
  return a.filter((part) => !b.some((other) => sameValue(part, other)));
}

/** The same options after a field was renamed. */
export function renameFieldInOptions(options: ModelOptions, from: string, to: string): ModelOptions {
  const { ordering, indexes, constraints } = options;
  const renamed = (names: readonly string[]): string[] =>
    names.map((name) => (name.replace(/^-/, "") === from ? name.replace(from, to) : name));
  const inPart = <P extends Part>(part: P): P => {
    if ("fields" in part) return { ...part, fields: renamed(part.fields) };
    return "sql" in part ? { ...part, sql: renamedColumn(part.sql, snakeCase(from), snakeCase(to)) } : part;
  };
  return {
    ...options,
    ...(ordering && { ordering: renamed(ordering) }),
    ...(indexes && { indexes: indexes.map(inPart) }),
    ...(constraints && { constraints: constraints.map(inPart) }),
  };
}

/** A database renames a column inside its checks; the state follows. */
function renamedColumn(sql: string, from: string, to: string): string {
  return sql.replace(/'(?:[^']|'')*'|\w+/g, (token) => (token === from ? to : token));
}
