import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { shownName } from "../fields/shown-value.ts";
import { comparable } from "./comparable.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { type Expression, OrderExpression, type OrderTermInput } from "./expression.ts";

/** How a term of an ordering goes: down or up, and where rows without a value are. */
export interface Direction {
  readonly descending: boolean;
  readonly nulls?: "first" | "last" | undefined;
  /** Whether the table is joined, so that a row, and with it a column that is never null, may be missing. */
  readonly joined?: boolean;
}

/** One term. NULL is the smallest on SQLite; PostgreSQL is told so. */
export function orderSql(compiled: Compiled, direction: Direction, dialect: Dialect): string {
  const { descending } = direction;
  const sql = compiled.order ?? comparable(compiled.sql, compiled.field, dialect);
  return `${sql} ${descending ? "DESC" : "ASC"}${nullsSql(compiled.field, direction, dialect)}`;
}

function nullsSql(field: Field | undefined, { descending, nulls, joined }: Direction, dialect: Dialect): string {
  if (nulls !== undefined) return placeOfNulls(nulls);
  if (dialect === "sqlite" || (!joined && field !== undefined && field.model !== undefined && !field.null)) return "";
  return descending ? " NULLS LAST" : " NULLS FIRST";
}

/** Written by a name that is known: what a caller gives, which may be from outside, is no SQL. */
function placeOfNulls(nulls: string): string {
  if (nulls === "first") return " NULLS FIRST";
  if (nulls === "last") return " NULLS LAST";
  throw ormErrors.ORM_BAD_QUERY({
    reason: `An order puts rows without a value "${shownName(nulls)}".`,
    hint: 'Put them "first" or "last".',
  });
}

/** Terms as windows and aggregates have them: `ORDER BY` without the words. */
export function orderTerms(scope: Scope, terms: readonly OrderTermInput[]): string {
  return terms
    .map((given) => {
      const term = termOf(scope, given);
      const { expression, descending, nulls } = term instanceof OrderExpression ? term : term.asc();
      return orderSql(expression.compile(scope), { descending, nulls, joined: true }, scope.dialect);
    })
    .join(", ");
}

function termOf(scope: Scope, given: OrderTermInput): Expression<any> | OrderExpression {
  if (typeof given === "function") return given(scope.refs);
  if (typeof given !== "string") return given;
  const found = given
    .replace(/^-/, "")
    .split(".")
    .reduce<any>((refs, name) => refs[name], scope.refs) as Expression<any>;
  return given.startsWith("-") ? found.desc() : found;
}
