import type { Field } from "../fields/field.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { Computed, type Expression, type Operand } from "./expression.ts";
import { numberKind } from "./outputs.ts";
import { operand } from "./value.ts";

/** Changed to the values of a field: `cast(c.name, integer())`. A number loses what is behind the point. */
export function cast<V>(expression: Operand<any>, field: Field<V>): Expression<V> {
  return new Computed([expression], (scope) => castTo(scope, operand(scope, expression), field));
}

function castTo(scope: Scope, { sql, field: from }: Compiled, field: Field): Compiled {
  return { sql: scope.dialect === "sqlite" ? sqliteCast(sql, from, field) : postgresCast(sql, from, field), field };
}

function postgresCast(sql: string, from: Field | undefined, field: Field): string {
  const type = field.columnType("postgres");
  const source = numberKind(from);
  const whole = numberKind(field) === "integer" && (source === "float" || source === "decimal");
  if (field.kind === "boolean" && source === "integer") return `(${sql} <> 0)`;
  if (numberKind(field) !== undefined && from?.kind === "boolean") return `CAST(CAST(${sql} AS integer) AS ${type})`;
  if (from?.kind === "dateTime" && (field.kind === "date" || field.kind === "time"))
    return `CAST((${sql} AT TIME ZONE 'UTC') AS ${type})`;
  if (from?.kind === "date" && field.kind === "dateTime") return `(CAST(${sql} AS timestamp) AT TIME ZONE 'UTC')`;
  return `CAST(${whole ? `TRUNC(${sql})` : sql} AS ${type})`;
}

function sqliteCast(sql: string, from: Field | undefined, field: Field): string {
  const kind = numberKind(field);
  if (kind === "integer") return `CAST(${sql} AS INTEGER)`;
  if (kind === "float") return `CAST(${sql} AS REAL)`;
  if (kind === "decimal") return field.storedSql(sql, "sqlite");
  switch (field.kind) {
    case "boolean":
      return `(${sql} <> 0)`;
    case "date":
      return `date(${sql})`;
    case "time":
      return `clock_time(${sql})`;
    case "dateTime":
      return `strftime('%Y-%m-%dT%H:%M:%fZ', ${sql})`;
    case "json":
      return from?.kind === "json" ? sql : `json(${sql})`;
  }
  const text =
    from?.kind === "boolean" ? `CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' END` : `CAST(${sql} AS TEXT)`;
  return field.maxLength === undefined ? text : `SUBSTR(${text}, 1, ${field.maxLength})`;
}
