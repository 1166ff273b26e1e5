import { durationMicroseconds, Temporal } from "#validation";
import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { outputs } from "./outputs.ts";
import { operand } from "./value.ts";

const timeKinds = new Set(["dateTime", "date", "time", "duration"]);

/** Whether a field's values are moments, days, times of day or durations. */
export function isTimeKind(field: Field | undefined): field is Field {
  return field !== undefined && timeKinds.has(field.kind);
}

interface TimeOperation {
  readonly operator: string;
  readonly left: Compiled;
  readonly right: unknown;
}

/** A moment moved by a duration, or the duration between two moments. */
export function timeArithmetic(scope: Scope, { operator, left, right }: TimeOperation): Compiled {
  const kind = left.field!.kind;
  if (right instanceof Temporal.Duration && kind !== "duration" && "+-".includes(operator))
    return shifted(scope, { operator, left, right });
  const like = typeof right === "number" || typeof right === "bigint" ? outputs.float : left.field;
  const compiled = operand(scope, right, like);
  if (kind === "duration") return durations(scope, operator, [left, compiled]);
  if (operator === "+" || operator === "-") {
    if (compiled.field?.kind === "duration") return moved(scope, { left, sql: compiled.sql, operator });
    if (operator === "-" && compiled.field?.kind === kind) return between(scope, left, compiled);
  }
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${left.field!.label} is a ${kind}: "${operator}" needs a duration${operator === "-" ? ` or a ${kind}` : ""}.`,
    hint: "Add or subtract Temporal.Duration.from({ days: 1 }).",
  });
}

function shifted(scope: Scope, { operator, left, right }: TimeOperation & { right: Temporal.Duration }): Compiled {
  const sign = (operator === "-") === right.sign < 0 ? "+" : "-";
  const sql = scope.compiler.param(right, (given) => amountOf(given as Temporal.Duration, scope.dialect));
  const typed = scope.dialect === "postgres" && !scope.compiler.isLiteral ? `CAST(${sql} AS interval)` : sql;
  return moved(scope, {
    left,
    sql: scope.compiler.isLiteral && scope.dialect === "postgres" ? `INTERVAL ${sql}` : typed,
    operator: sign,
  });
}

/** Microseconds on SQLite; a text where months and years have no length. */
function amountOf(duration: Temporal.Duration, dialect: Dialect): string | bigint {
  const amount = duration.abs();
  return (dialect === "sqlite" ? durationMicroseconds(amount) : undefined) ?? String(amount);
}

function moved(scope: Scope, { left, sql, operator }: { left: Compiled; sql: string; operator: string }): Compiled {
  const field = left.field!;
  if (scope.dialect === "sqlite") return { sql: `time_shift('${field.kind}', ${left.sql}, ${sql}, ${operator}1)`, field };
  const result = `(${left.sql} ${operator} ${sql})`;
  return { sql: field.kind === "date" ? `CAST(${result} AS date)` : result, field };
}

function between(scope: Scope, left: Compiled, right: Compiled): Compiled {
  const field = outputs.duration;
  if (scope.dialect === "sqlite") return { sql: `time_between('${left.field!.kind}', ${left.sql}, ${right.sql})`, field };
  const sql = `(${left.sql} - ${right.sql})`;
  return { sql: left.field!.kind === "date" ? `MAKE_INTERVAL(days => ${sql})` : sql, field };
}

/** Durations are added to each other and multiplied by numbers. */
function durations(scope: Scope, operator: string, [left, right]: readonly [Compiled, Compiled]): Compiled {
  const other = right.field;
  if (isTimeKind(other) && other.kind !== "duration" && operator === "+")
    return moved(scope, { left: right, sql: left.sql, operator });
  if (!"*/".includes(operator)) return { sql: `(${left.sql} ${operator} ${right.sql})`, field: left.field };
  if (scope.dialect === "sqlite")
    return { sql: `CAST(ROUND(${left.sql} ${operator} ${right.sql}) AS INTEGER)`, field: left.field };
  return { sql: `(${left.sql} ${operator} CAST(${right.sql} AS double precision))`, field: left.field };
}
