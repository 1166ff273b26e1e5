import type { DeclaredExpression, DeclaredSql } from "../query/declared-sql.ts";
import type { DeconstructedField, Field } from "./field.ts";

/** The options that a migration needs; labels, choices and validators change no table. */
const schemaOptions =
  "null default unique dbIndex dbColumn dbCollation dbComment primaryKey maxLength maxDigits decimalPlaces autoNow autoNowAdd".split(
    " ",
  );

/** A field as a migration writes it. What is computed by the database stands there as SQL. */
export function deconstructField(field: Field): DeconstructedField {
  const { kind, generation } = field;
  const options: Record<string, unknown> = {};
  for (const name of schemaOptions) {
    const value = field.options[name];
    if (value !== undefined && value !== false && typeof value !== "function") options[name] = value;
  }
  if (field.options.default === false) options["default"] = false;
  if (field.options.dbDefault !== undefined) options["dbDefault"] = databaseValue(field, field.options.dbDefault);
  if (generation === undefined) return { kind, options };
  const { unique, dbIndex, dbColumn, dbComment, ...own } = options;
  const kept = Object.fromEntries(Object.entries({ unique, dbIndex, dbColumn, dbComment }).filter(([, value]) => value));
  const expression = databaseValue(field, generation.expression);
  return { kind: "generated", options: { expression, output: { kind, options: own }, stored: generation.stored, ...kept } };
}

/** A plain value as it is; an expression as `{ sql }`, one text where both databases write it alike. */
export function databaseValue(field: Field, value: unknown): unknown {
  if (typeof value !== "function" && !isExpression(value)) return value;
  const sql: DeclaredSql = field.model.meta.declaredSql(value as DeclaredExpression);
  return { sql: sql.sqlite === sql.postgres ? sql.sqlite : sql };
}

/** Whether a value is computed by the database; told by its method, so that fields need not import expressions. */
function isExpression(value: unknown): boolean {
  return typeof value === "object" && value !== null && "compile" in value;
}
