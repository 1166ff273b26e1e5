import { snakeCase } from "../../names.ts";
import { printValue } from "../../source/print-value.ts";

/** A field as a migration knows it: which builder makes it, and with which options. Plain data. */
export interface FieldState {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a migration file writes for a field: `char({ maxLength: 30 })`, or the data it stands for. */
export type FieldDeclaration = FieldState | { deconstruct(): FieldState };

/** Reduces a declared field to data, so that a state never holds a live field. */
export function fieldState(field: FieldDeclaration): FieldState {
  const { kind, options } = "deconstruct" in field ? field.deconstruct() : field;
  return { kind, options };
}

/** Whether the field refers to another model. */
export function isRelation(field: FieldState): boolean {
  return typeof field.options["to"] === "string";
}

/** Whether the field is kept in a table of its own instead of a column. */
export function isManyToMany(field: FieldState): boolean {
  return field.kind === "manyToMany";
}

/** The name of the column that keeps the field. */
export function columnOf(name: string, { kind, options }: FieldState): string {
  const own = options["dbColumn"];
  if (typeof own === "string") return own;
  return isRelation({ kind, options }) ? `${snakeCase(name)}_id` : snakeCase(name);
}

/** The models that a relation needs: its target, and the model it goes through when that is declared. */
export function relatedModels(field: FieldState): string[] {
  if (!isRelation(field)) return [];
  const { to, through } = field.options;
  return typeof through === "string" ? [to as string, through] : [to as string];
}

/** Whether two deconstructed values mean the same; the order of an object's keys does not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  return printValue(sorted(a)) === printValue(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, sorted(entry)]));
}
