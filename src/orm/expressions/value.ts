import { isDecimal, Temporal } from "#validation";
import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope, SubQuery } from "../query/scope.ts";
import { Computed, Expression } from "./expression.ts";
import { numberKind, outputs } from "./outputs.ts";

/**
 * A plain value as an expression; a field says how it is written and read.
 *
 * ```ts
 * Coffee.objects.annotate(() => ({ kind: value("coffee"), since: value(new Date(0), dateTime()) }))
 * ```
 */
export function value<V>(given: V, field?: Field<V>): Expression<V> {
  return new Computed([], (scope) => plain(scope, given, field));
}

/** JSON's own null, for columns and keys: `null` alone is the database's. */
export const jsonNull: Expression<null> = new Computed([], (scope) => ({
  sql: scope.dialect === "postgres" ? "CAST('null' AS jsonb)" : "'null'",
  field: outputs.json,
}));

/** An operand's SQL: an expression, a query in parentheses, or a plain value, written as `like` writes its own. */
export function operand(scope: Scope, given: unknown, like?: Field): Compiled {
  if (given instanceof Expression) return given.compile(scope);
  if (isSubQuery(given)) return scope.compileSubQuery(given);
  return plain(scope, given, fits(given, like) ? like : undefined);
}

/** Whether a value is one of the field's: 2.5 is beside a column of whole numbers a number of its own. */
function fits(given: unknown, like: Field | undefined): boolean {
  if (numberKind(like) === undefined) return true;
  if (typeof given !== "number" && typeof given !== "bigint" && !isDecimal(given)) return !isTime(given);
  return numberKind(like) !== "integer" || (typeof given === "number" ? Number.isSafeInteger(given) : !isDecimal(given));
}

const isTime = (given: unknown) => given instanceof Temporal.Duration || given instanceof Date;

/** Whether something is a query: JSON has no functions, so that no object from outside is taken for one. */
export function isSubQuery(given: unknown): given is SubQuery {
  return (
    typeof given === "object" && given !== null && typeof (given as { compileSubQuery?: unknown }).compileSubQuery === "function"
  );
}

/** A parameter. PostgreSQL, which takes one that stands alone for a text, is told its type. */
function plain(scope: Scope, given: unknown, like: Field | undefined): Compiled {
  if (given === undefined) throw ormErrors.ORM_UNDEFINED_VALUE({ model: scope.meta.label, field: "an expression" });
  const { compiler, dialect } = scope;
  const field = like ?? fieldFor(given);
  if (given === null) return { sql: "NULL", field };
  const convert = compiler.converterFor(given, field);
  const sql = compiler.param(
    given,
    dialect === "sqlite" ? (item) => wholeAsBigint(convert === undefined ? item : convert(item)) : convert,
  );
  const type = compiler.isLiteral ? undefined : typeOf(field, dialect);
  return { sql: type === undefined ? sql : `CAST(${sql} AS ${type})`, field };
}

/** SQLite's driver binds a number as a floating-point one, which divides otherwise: whole ones are given as what they are. */
export function wholeAsBigint(item: unknown): unknown {
  return typeof item === "number" && Number.isSafeInteger(item) ? BigInt(item) : item;
}

/** The field of a plain value, by its own type. */
function fieldFor(given: unknown): Field | undefined {
  switch (typeof given) {
    case "number":
      return Number.isSafeInteger(given) ? outputs.integer : outputs.float;
    case "bigint":
      return outputs.bigInteger;
    case "boolean":
      return outputs.boolean;
    case "string":
      return outputs.text;
  }
  if (isDecimal(given)) return outputs.decimal;
  if (given instanceof Date) return outputs.dateTime;
  if (given instanceof Temporal.PlainDate) return outputs.date;
  if (given instanceof Temporal.PlainTime) return outputs.time;
  return undefined;
}

/** The type that PostgreSQL is told for a field's values. */
function typeOf(field: Field | undefined, dialect: Dialect): string | undefined {
  if (dialect === "sqlite" || field === undefined) return undefined;
  const kind = numberKind(field);
  if (kind === "integer") return "bigint";
  if (kind === "decimal") return "numeric";
  const type = (field.relation?.targetField ?? field).columnType(dialect);
  return /^(?:var)?char(?:\(\d+\))?$/.test(type) ? "text" : (field.comparedAs(dialect) ?? type);
}
