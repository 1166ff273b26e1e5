import { ormErrors } from "../errors.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { arithmetic } from "./arithmetic.ts";
import { Computed, type Expression, type Operand } from "./expression.ts";
import { type NumberKind, numberKind, outputs } from "./outputs.ts";
import { operand } from "./value.ts";

type NumberOperand = Operand<any>;

/** How a function is written for each kind of number, `x` being the argument. */
type Forms = Readonly<Record<NumberKind, (x: string, dialect: "sqlite" | "postgres") => string>>;

function numberFunction<V>(expression: NumberOperand, forms: Forms): Expression<V> {
  return new Computed([expression], (scope) => {
    const { sql, field } = operand(scope, expression);
    const kind = numberKind(field) ?? "float";
    const known =
      kind === "decimal" ? outputs.decimal : kind === "integer" ? (field!.relation ? outputs.integer : field) : outputs.float;
    return { sql: forms[kind](sql, scope.dialect), field: known };
  });
}

const same = (x: string) => x;

/** Without the sign. `abs(c.price)` */
export function abs<V>(expression: Operand<V>): Expression<V> {
  const plain = (x: string) => `ABS(${x})`;
  return numberFunction(expression, {
    integer: plain,
    float: plain,
    decimal: (x, dialect) => (dialect === "sqlite" ? `decimal_abs(${x})` : plain(x)),
  });
}
/** The least whole number that is not less. `ceil(s.side)` */
export function ceil<V>(expression: Operand<V>): Expression<V> {
  const plain = (x: string) => `CEIL(${x})`;
  return numberFunction(expression, {
    integer: same,
    float: plain,
    decimal: (x, dialect) => (dialect === "sqlite" ? `decimal_ceil(${x})` : plain(x)),
  });
}
/** The greatest whole number that is not greater. `floor(s.side)` */
export function floor<V>(expression: Operand<V>): Expression<V> {
  const plain = (x: string) => `FLOOR(${x})`;
  return numberFunction(expression, {
    integer: same,
    float: plain,
    decimal: (x, dialect) => (dialect === "sqlite" ? `decimal_floor(${x})` : plain(x)),
  });
}
/** Rounded to places behind the point, or before it where below zero; halves away from zero. `round(c.price, 2)` */
export function round<V>(expression: Operand<V>, places = 0): Expression<V> {
  if (!Number.isSafeInteger(places) || Math.abs(places) > 1000)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `round() is given ${String(places)} places.`,
      hint: "It is a whole number: 2, or -2 for hundreds.",
    });
  const inPostgres = (x: string) => `ROUND(CAST(${x} AS numeric), ${places})`;
  return numberFunction(expression, {
    integer: (x, dialect) =>
      places >= 0
        ? x
        : dialect === "sqlite"
          ? `CAST(decimal_round(${x}, ${places}) AS INTEGER)`
          : `CAST(${inPostgres(x)} AS bigint)`,
    float: (x, dialect) =>
      dialect === "sqlite" ? `CAST(decimal_round(${x}, ${places}) AS REAL)` : `CAST(${inPostgres(x)} AS double precision)`,
    decimal: (x, dialect) => (dialect === "sqlite" ? `decimal_round(${x}, ${places})` : inPostgres(x)),
  });
}
/** -1, 0 or 1. `sign(c.price)` */
export function sign(expression: NumberOperand): Expression<number> {
  return new Computed([expression], (scope) => {
    const { sql, field } = operand(scope, expression);
    const decimal = scope.dialect === "sqlite" && numberKind(field) === "decimal";
    const found = `SIGN(${decimal ? `CAST(${sql} AS REAL)` : sql})`;
    return { sql: scope.dialect === "sqlite" ? found : `CAST(${found} AS integer)`, field: outputs.integer };
  });
}
/** What remains of a division. `mod(c.price, 1000)` */
export function mod<V>(expression: Expression<V>, by: NumberOperand): Expression<V> {
  return arithmetic("%", expression, by);
}
/** To a power. `power(s.side, 2)` */
export function power<V>(expression: Expression<V>, exponent: NumberOperand): Expression<V> {
  return arithmetic("^", expression, exponent);
}

/** A function of floating-point numbers. */
function real(name: string, ...args: readonly NumberOperand[]): Expression<number> {
  return new Computed(args, (scope) => ({
    sql: `${name}(${args.map((arg) => realSql(scope, arg)).join(", ")})`,
    field: outputs.float,
  }));
}

function realSql(scope: Scope, given: NumberOperand): string {
  const { sql, field } = operand(scope, given, typeof given === "number" ? outputs.float : undefined);
  if (numberKind(field) === "float") return sql;
  return `CAST(${sql} AS ${scope.dialect === "postgres" ? "double precision" : "REAL"})`;
}

/** The square root. `sqrt(s.area)` */
export function sqrt(expression: NumberOperand): Expression<number> {
  return real("SQRT", expression);
}
/** e to the power. `exp(s.side)` */
export function exp(expression: NumberOperand): Expression<number> {
  return real("EXP", expression);
}
/** The natural logarithm. `ln(s.side)` */
export function ln(expression: NumberOperand): Expression<number> {
  return real("LN", expression);
}
/** The logarithm to a base. `log(2, s.side)` */
export function log(base: NumberOperand, expression: NumberOperand): Expression<number> {
  return new Computed([base, expression], (scope) => {
    const [b, x] = [realSql(scope, base), realSql(scope, expression)];
    const sql =
      scope.dialect === "sqlite"
        ? `LOG(${b}, ${x})`
        : `CAST(LOG(CAST(${b} AS numeric), CAST(${x} AS numeric)) AS double precision)`;
    return { sql, field: outputs.float };
  });
}
/** The sine of an angle in radians. `sin(radians(s.angle))` */
export function sin(expression: NumberOperand): Expression<number> {
  return real("SIN", expression);
}
/** The cosine of an angle in radians. `cos(radians(s.angle))` */
export function cos(expression: NumberOperand): Expression<number> {
  return real("COS", expression);
}
/** The tangent of an angle in radians. `tan(radians(s.angle))` */
export function tan(expression: NumberOperand): Expression<number> {
  return real("TAN", expression);
}
/** The cotangent of an angle in radians. `cot(radians(s.angle))` */
export function cot(expression: NumberOperand): Expression<number> {
  return new Computed([expression], (scope): Compiled => ({
    sql: `(1 / TAN(${realSql(scope, expression)}))`,
    field: outputs.float,
  }));
}
/** The angle, in radians, that has the sine. `degrees(asin(s.slope))` */
export function asin(expression: NumberOperand): Expression<number> {
  return real("ASIN", expression);
}
/** The angle, in radians, that has the cosine. `degrees(acos(s.slope))` */
export function acos(expression: NumberOperand): Expression<number> {
  return real("ACOS", expression);
}
/** The angle, in radians, that has the tangent. `degrees(atan(s.slope))` */
export function atan(expression: NumberOperand): Expression<number> {
  return real("ATAN", expression);
}
/** The angle, in radians, of the point (x, y). `atan2(s.y, s.x)` */
export function atan2(y: NumberOperand, x: NumberOperand): Expression<number> {
  return real("ATAN2", y, x);
}
/** Radians in degrees. `degrees(s.angle)` */
export function degrees(expression: NumberOperand): Expression<number> {
  return real("DEGREES", expression);
}
/** Degrees in radians. `radians(s.angle)` */
export function radians(expression: NumberOperand): Expression<number> {
  return real("RADIANS", expression);
}
/** π. `pi().mul(s.radius)` */
export function pi(): Expression<number> {
  return real("PI");
}
/** A number from 0 up to, not including, 1: another for each row. `Coffee.objects.annotate(() => ({ chance: random() }))` */
export function random(): Expression<number> {
  return new Computed([], (scope) => ({
    sql: scope.dialect === "sqlite" ? "random_number()" : "RANDOM()",
    field: outputs.float,
  }));
}
