import { type Expression, OrderExpression } from "../../expressions/expression.ts";
import type { ConditionInput } from "../../query/conditions.ts";
import { type DeclaredSql, declaredSql } from "../../query/declared-sql.ts";
import type { ModelMeta } from "../meta.ts";

/** SQL over the columns of a row: one text where the databases agree, else one for each. */
export type SchemaSql = string | DeclaredSql;

/** A condition on a row: an object of lookups, a `Q`, a function of the row's fields, or SQL. */
export type SchemaCondition = SchemaSql | ConditionInput;

/** An expression among a part's fields, as a migration writes it. */
export interface SqlKey {
  readonly sql: SchemaSql;
  readonly descending?: true | undefined;
}

/** A field by its name, with "-" before it for descending order, or an expression. */
export type SchemaKey = string | SqlKey;

/** What a part covers: names of fields, or a function that gives expressions of them. */
export type SchemaKeys = readonly SchemaKey[] | ((row: any) => unknown);

/** Whether a value is SQL, and not an object of lookups. */
export function isSchemaSql(value: unknown): value is SchemaSql {
  if (typeof value === "string") return true;
  if (typeof value !== "object" || value === null) return false;
  const { sqlite, postgres, ...others } = value as Record<string, unknown>;
  return typeof sqlite === "string" && typeof postgres === "string" && Object.keys(others).length === 0;
}

/** The names in a piece of SQL, literals left aside; those without quotes in small letters too, as the databases read them. */
export function namesIn(sql: string): string[] {
  const words = sql.matchAll(/'(?:[^']|'')*'|"((?:[^"]|"")*)"|([A-Za-z_]\w*)/g);
  return [...words].flatMap(([, quoted, bare]) => quoted ?? (bare === undefined ? [] : [bare, bare.toLowerCase()]));
}

/** A condition in the words of each database. */
export function conditionSql(meta: ModelMeta, condition: SchemaCondition): DeclaredSql {
  if (typeof condition === "string") return { sqlite: condition, postgres: condition };
  return isSchemaSql(condition) ? (condition as DeclaredSql) : declaredSql(meta, condition);
}

/** One text where both databases are told the same. */
export function shortSql({ sqlite, postgres }: DeclaredSql): SchemaSql {
  return sqlite === postgres ? sqlite : { sqlite, postgres };
}

/** An expression that a function of the row gave. */
export interface MadeKey {
  readonly sql: DeclaredSql;
  readonly descending: boolean;
}

/** What a function of the row gives, one expression or several, as SQL. */
export function madeKeys(meta: ModelMeta, make: (row: any) => unknown): MadeKey[] {
  const madeBy = (row: unknown): readonly unknown[] => [make(row)].flat();
  let made: readonly unknown[] = [];
  const sqlAt = (position: number): DeclaredSql =>
    declaredSql(meta, (row) => {
      made = madeBy(row);
      const one = made[position];
      return (one instanceof OrderExpression ? one.expression : one) as Expression<any>;
    });
  const first = sqlAt(0);
  return made.map((one, position) => ({
    sql: position === 0 ? first : sqlAt(position),
    descending: one instanceof OrderExpression && one.descending,
  }));
}
