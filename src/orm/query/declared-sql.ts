import { ormErrors } from "../errors.ts";
import { Expression } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import { type Dialect, quoteName, quoteText } from "../names.ts";
import { Compiler } from "./compiler.ts";
import { type ConditionInput, Q } from "./conditions.ts";
import { isPlainObject } from "../plain-object.ts";
import { Scope } from "./scope.ts";
import { compileCondition } from "./where.ts";

/** One expression as each database writes it. */
export interface DeclaredSql {
  readonly sqlite: string;
  readonly postgres: string;
}

/** An expression that a model declares: an object of lookups, a `Q`, or a function of the row's fields. */
export type DeclaredExpression =
  | ConditionInput
  | Expression<any>
  | ((row: any) => Expression<any> | Q | Readonly<Record<string, unknown>>);

/**
 * The SQL of an expression for a table's definition: columns without an alias, values as literals.
 *
 * ```ts
 * declaredSql(Coffee.meta, { price: { gte: 0 } }); // { sqlite: '"price" >= 0', postgres: '"price" >= 0' }
 * ```
 * @throws ORM_BAD_QUERY where it reads another table
 */
export function declaredSql(meta: ModelMeta, make: DeclaredExpression): DeclaredSql {
  return { sqlite: writeSql(meta, make, "sqlite"), postgres: writeSql(meta, make, "postgres") };
}

function writeSql(meta: ModelMeta, make: DeclaredExpression, dialect: Dialect): string {
  const scope = new DeclaredScope(new LiteralCompiler(dialect), meta, { alias: quoteName(meta.table) });
  const made = typeof make === "function" ? (make as (row: unknown) => unknown)(scope.refs) : make;
  if (isPlainObject(made) || made instanceof Q) return compileCondition(scope, made) || "1 = 1";
  if (made instanceof Expression) return made.compile(scope).sql;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `A declared expression of ${meta.label} is ${String(made)}.`,
    hint: "Give an object of lookups, a Q, or a function of the row: row => row.name.lower().",
  });
}

/** Writes values into the SQL, as a table's definition has no parameters. */
class LiteralCompiler extends Compiler {
  override readonly isLiteral = true;
  override param(value: unknown, convert?: (value: any) => unknown): string {
    const given = convert === undefined || value === null ? value : convert(value);
    return literalSql(given, this.dialect);
  }
}

/** The table alone, as its definition sees it. */
class DeclaredScope extends Scope {
  override column(field: Field): string {
    return quoteName(field.column);
  }
  override joinOne(field: Field): never {
    return this.#refuse(field.name);
  }
  override joinReverseOne({ name }: { name: string }): never {
    return this.#refuse(name);
  }
  override openMany(name: string): never {
    return this.#refuse(name);
  }
  #refuse(name: string): never {
    throw ormErrors.ORM_BAD_QUERY({
      reason: `A declared expression of ${this.meta.label} follows the relation "${name}".`,
      hint: "A constraint, an index or a generated column sees the columns of its own row alone.",
    });
  }
}

/** In parentheses below zero: two minus signs begin a comment. */
function signed(value: number | bigint): string {
  return value < 0 ? `(${value})` : String(value);
}

/** A value as a literal. Quotes are doubled, and what no text can have is refused. */
function literalSql(value: unknown, dialect: Dialect): string {
  if (value === null || value === undefined) return "NULL";
  switch (typeof value) {
    case "number":
      if (Number.isFinite(value)) return signed(value);
      break;
    case "bigint":
      return signed(value);
    case "boolean":
      return dialect === "sqlite" ? String(Number(value)) : String(value);
    case "string":
      if (!value.includes("\0")) return quoteText(value);
      break;
    case "object":
      if (Array.isArray(value)) return `ARRAY[${value.map((item) => literalSql(item, dialect)).join(", ")}]`;
      if (value instanceof Uint8Array) {
        const digits = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
        return dialect === "sqlite" ? `X'${digits}'` : `'\\x${digits}'::bytea`;
      }
  }
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${JSON.stringify(String(value))} cannot be written into a table's definition.`,
    hint: "Use numbers, texts without NUL characters, booleans and dates.",
  });
}
