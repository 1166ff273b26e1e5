import { ormErrors } from "../errors.ts";
import { Computed, type Expression } from "../expressions/expression.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope } from "../query/scope.ts";

/** Refuses SQLite. What a model declares is written for both databases, and refused when a table is made. @throws ORM_POSTGRES_ONLY */
export function requirePostgres({ dialect, compiler }: Pick<Scope, "dialect" | "compiler">, what: string): void {
  if (dialect === "sqlite" && !compiler.isLiteral) throw ormErrors.ORM_POSTGRES_ONLY({ what });
}

/** The type of a column that PostgreSQL alone has. @throws ORM_POSTGRES_ONLY */
export function postgresType(dialect: Dialect, field: { readonly label: string; readonly kind: string }, type: string): string {
  if (dialect === "sqlite")
    throw ormErrors.ORM_POSTGRES_ONLY({ what: `${field.label || "A field"}, of the kind ${field.kind},` });
  return type;
}

/** An expression that PostgreSQL alone has. */
export function postgresExpression<V>(what: string, parts: readonly unknown[], write: (scope: Scope) => Compiled): Expression<V> {
  return new Computed<V>(parts, (scope) => {
    requirePostgres(scope, what);
    return write(scope);
  });
}
