import { isDecimal } from "#validation";
import { ormErrors } from "../errors.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { Computed, Expression } from "./expression.ts";
import { type NumberKind, numberKind, outputs } from "./outputs.ts";
import { isTimeKind, timeArithmetic } from "./time-arithmetic.ts";
import { operand } from "./value.ts";

/** Two operands and what stands between them. */
interface Operation {
  readonly operator: string;
  readonly left: Compiled;
  readonly right: Compiled;
  /** Whether the right side may be zero: a column, not a plain number. */
  readonly mayBeZero: boolean;
}

/** `left operator right`, exact where one side is a decimal. */
export function arithmetic(operator: string, left: Expression<any>, right: unknown): Expression<any> {
  if ((operator === "/" || operator === "%") && isZero(right))
    throw ormErrors.ORM_BAD_QUERY({
      reason: `An expression is divided by ${String(right)}.`,
      hint: "Divide by another number; a column that is zero gives null.",
    });
  return new Computed([left, right], (scope) => {
    const a = left.compile(scope);
    if (isTimeKind(a.field)) return timeArithmetic(scope, { operator, left: a, right });
    const b = operand(scope, right, a.field);
    return numbers(scope, { operator, left: a, right: b, mayBeZero: right instanceof Expression });
  });
}

function isZero(value: unknown): boolean {
  return value === 0 || value === 0n || (isDecimal(value) && value.eq(0));
}

function numbers(scope: Scope, operation: Operation): Compiled {
  const kind = widest(numberKind(operation.left.field), numberKind(operation.right.field));
  if (kind === undefined)
    return { sql: `(${operation.left.sql} ${operation.operator} ${operation.right.sql})`, field: operation.left.field };
  const write = kind === "decimal" ? decimals : kind === "float" ? floats : integers;
  return write(scope, operation);
}

/** Whole numbers give way to decimals, and both to floating-point numbers. */
function widest(a: NumberKind | undefined, b: NumberKind | undefined): NumberKind | undefined {
  if (a === "float" || b === "float") return "float";
  if (a === "decimal" || b === "decimal") return "decimal";
  return a ?? b;
}

/** PostgreSQL fails where SQLite gives null. */
function divisor(scope: Scope, { right, mayBeZero }: Operation, sql = right.sql): string {
  return mayBeZero && scope.dialect === "postgres" ? `NULLIF(${sql}, 0)` : sql;
}

function integers(scope: Scope, operation: Operation): Compiled {
  const { operator, left, right } = operation;
  const field = [left.field, right.field].find((each) => each?.kind.startsWith("big")) ?? plainInteger(left);
  const [a, b] = [left.sql, right.sql];
  switch (operator) {
    case "/":
    case "%":
      return { sql: `(${a} ${operator} ${divisor(scope, operation)})`, field };
    case "^":
      return { sql: `POWER(${a}, ${b})`, field: outputs.float };
    case "#":
      return { sql: scope.dialect === "sqlite" ? `((${a} | ${b}) - (${a} & ${b}))` : `(${a} # ${b})`, field };
    case "<<":
    case ">>":
      if (scope.dialect === "postgres") return { sql: `(CAST(${a} AS bigint) ${operator} CAST(${b} AS integer))`, field };
  }
  return { sql: `(${a} ${operator} ${b})`, field };
}

/** A sum of keys is a number like any other. */
function plainInteger({ field }: Compiled): Compiled["field"] {
  return field?.relation === undefined ? field : outputs.integer;
}

const decimalFunctions: Record<string, string> = {
  "+": "decimal_add",
  "-": "decimal_sub",
  "*": "decimal_mul",
  "/": "decimal_div",
  "%": "decimal_mod",
  "^": "decimal_pow",
};

function decimals(scope: Scope, operation: Operation): Compiled {
  const { operator, left, right } = operation;
  const field = outputs.decimal;
  if (scope.dialect === "sqlite")
    return { sql: `${known(decimalFunctions[operator], operation)}(${left.sql}, ${right.sql})`, field };
  if (operator === "/") return { sql: decimalQuotient(left.sql, divisor(scope, operation)), field };
  if (operator === "^") return { sql: `POWER(CAST(${left.sql} AS numeric), CAST(${right.sql} AS numeric))`, field };
  known(decimalFunctions[operator], operation);
  return { sql: `(${left.sql} ${operator} ${operator === "%" ? divisor(scope, operation) : right.sql})`, field };
}

/** Twenty places, rounded, as the decimals of `cortado/validation` divide. */
export function decimalQuotient(dividend: string, by: string): string {
  return `ROUND(${dividend} * 1.00000000000000000000 / ${by}, 20)`;
}

function floats(scope: Scope, operation: Operation): Compiled {
  const { operator, left, right } = operation;
  const type = scope.dialect === "postgres" ? "double precision" : "REAL";
  const side = (compiled: Compiled) =>
    numberKind(compiled.field) === "float" ? compiled.sql : `CAST(${compiled.sql} AS ${type})`;
  const [a, b] = [side(left), side(right)];
  const field = outputs.float;
  if (operator === "^") return { sql: `POWER(${a}, ${b})`, field };
  if (operator === "/") return { sql: `(${a} / ${divisor(scope, operation, b)})`, field };
  if (operator === "%") {
    if (scope.dialect === "sqlite") return { sql: `MOD(${a}, ${b})`, field };
    return {
      sql: `CAST(MOD(CAST(${a} AS numeric), CAST(${divisor(scope, operation, b)} AS numeric)) AS double precision)`,
      field,
    };
  }
  known("+-*".includes(operator) ? operator : undefined, operation);
  return { sql: `(${a} ${operator} ${b})`, field };
}

function known(found: string | undefined, { operator, left }: Operation): string {
  if (found !== undefined) return found;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${left.field?.label ?? "An expression"} is no whole number, so its bits cannot be combined (${operator}).`,
    hint: "Use whole numbers: cast(expression, integer()).",
  });
}
