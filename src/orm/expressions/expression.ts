import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope } from "../query/scope.ts";

/** A value to compare or compute with: another expression, or a plain value. */
export type Operand<V> = V | Expression<V>;

/**
 * Something that the database computes: `c.price.add(100)`, `r.coffees.count()`.
 * Expressions are immutable; methods give new ones.
 */
export abstract class Expression<V = unknown> {
  declare readonly $value: V;
  /** SQL and, where it is known, the field whose values it has. */
  abstract compile(scope: Scope): Compiled;
  /** Whether it is an aggregate over rows of the query itself, which groups it. */
  get isAggregate(): boolean {
    return false;
  }

  add(value: Operand<any>): Expression<V> {
    return new Arithmetic("+", this, value);
  }
  sub(value: Operand<any>): Expression<V> {
    return new Arithmetic("-", this, value);
  }
  mul(value: Operand<any>): Expression<V> {
    return new Arithmetic("*", this, value);
  }
  div(value: Operand<any>): Expression<V> {
    return new Arithmetic("/", this, value);
  }
  mod(value: Operand<any>): Expression<V> {
    return new Arithmetic("%", this, value);
  }
  eq(value: Operand<V>): Condition {
    return new Comparison(this, "eq", value);
  }
  gt(value: Operand<NonNullable<V>>): Condition {
    return new Comparison(this, "gt", value);
  }
  gte(value: Operand<NonNullable<V>>): Condition {
    return new Comparison(this, "gte", value);
  }
  lt(value: Operand<NonNullable<V>>): Condition {
    return new Comparison(this, "lt", value);
  }
  lte(value: Operand<NonNullable<V>>): Condition {
    return new Comparison(this, "lte", value);
  }
  in(values: readonly V[]): Condition {
    return new Comparison(this, "in", values);
  }
  isNull(value = true): Condition {
    return new Comparison(this, "isNull", value);
  }
  contains(value: string): Condition {
    return new Comparison(this, "contains", value);
  }
  icontains(value: string): Condition {
    return new Comparison(this, "icontains", value);
  }
  startsWith(value: string): Condition {
    return new Comparison(this, "startsWith", value);
  }
  endsWith(value: string): Condition {
    return new Comparison(this, "endsWith", value);
  }
  /** Over the rows of the query: `aggregate(c => ({ total: c.price.sum() }))`. */
  sum(): Expression<V | null> {
    return new Aggregate("SUM", this);
  }
  avg(): Expression<AverageOf<V>> {
    return new Aggregate("AVG", this);
  }
  min(): Expression<V | null> {
    return new Aggregate("MIN", this);
  }
  max(): Expression<V | null> {
    return new Aggregate("MAX", this);
  }
  count(options: { distinct?: boolean } = {}): Expression<number> {
    return new Aggregate("COUNT", this, options.distinct === true);
  }
  asc(): OrderExpression {
    return new OrderExpression(this, false);
  }
  desc(): OrderExpression {
    return new OrderExpression(this, true);
  }
}

/** The mean of whole numbers is a number; of decimals a decimal; of no rows null. */
export type AverageOf<V> = (NonNullable<V> extends number | bigint ? number : NonNullable<V>) | null;

/** A place in an ordering. */
export class OrderExpression {
  readonly expression: Expression<any>;
  readonly descending: boolean;
  constructor(expression: Expression<any>, descending: boolean) {
    this.expression = expression;
    this.descending = descending;
  }
}

/** An expression that is true or false, for filters. */
export abstract class Condition extends Expression<boolean> {
  and(other: Condition): Condition {
    return new Combined("AND", [this, other]);
  }
  or(other: Condition): Condition {
    return new Combined("OR", [this, other]);
  }
  not(): Condition {
    return new Negation(this);
  }
}

/** SQLite gives 1 and 0 for true and false. */
export function truth(sql: string): Compiled {
  return { sql, read: Boolean };
}

class Combined extends Condition {
  readonly #operator: "AND" | "OR";
  readonly #parts: readonly Condition[];
  constructor(operator: "AND" | "OR", parts: readonly Condition[]) {
    super();
    this.#operator = operator;
    this.#parts = parts;
  }
  override get isAggregate(): boolean {
    return this.#parts.some((part) => part.isAggregate);
  }
  override compile(scope: Scope): Compiled {
    return truth(`(${this.#parts.map((part) => part.compile(scope).sql).join(` ${this.#operator} `)})`);
  }
}

class Negation extends Condition {
  readonly #inner: Condition;
  constructor(inner: Condition) {
    super();
    this.#inner = inner;
  }
  override get isAggregate(): boolean {
    return this.#inner.isAggregate;
  }
  override compile(scope: Scope): Compiled {
    return truth(`((${this.#inner.compile(scope).sql}) IS NOT TRUE)`);
  }
}

/** One lookup on an expression. */
export class Comparison extends Condition {
  readonly #left: Expression<any>;
  readonly #lookup: string;
  readonly #value: unknown;
  constructor(left: Expression<any>, lookup: string, value: unknown) {
    super();
    this.#left = left;
    this.#lookup = lookup;
    this.#value = value;
  }
  override get isAggregate(): boolean {
    return this.#left.isAggregate || (this.#value instanceof Expression && this.#value.isAggregate);
  }
  override compile(scope: Scope): Compiled {
    return truth(scope.compileLookup(this.#left.compile(scope), this.#lookup, this.#value));
  }
}

/** A plain value in an expression. */
export class Value<V> extends Expression<V> {
  readonly value: V;
  readonly field: Field | undefined;
  constructor(value: V, field?: Field) {
    super();
    this.value = value;
    this.field = field;
  }
  override compile(scope: Scope): Compiled {
    const sql = scope.compiler.param(this.value, scope.compiler.converterFor(this.value, this.field));
    const type = scope.dialect === "postgres" && this.field === undefined && !scope.compiler.isLiteral ? postgresType(this.value) : undefined;
    return { sql: type === undefined ? sql : `CAST(${sql} AS ${type})`, field: this.field };
  }
}

/** PostgreSQL takes a parameter that stands alone for a text. */
function postgresType(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? "bigint" : "double precision";
  return { bigint: "bigint", boolean: "boolean", string: "text" }[typeof value as string];
}

const decimalFunctions: Record<string, string> = {
  "+": "decimal_add",
  "-": "decimal_sub",
  "*": "decimal_mul",
  "/": "decimal_div",
};

class Arithmetic<V> extends Expression<V> {
  readonly #operator: string;
  readonly #left: Expression<V>;
  readonly #right: unknown;
  constructor(operator: string, left: Expression<V>, right: unknown) {
    super();
    this.#operator = operator;
    this.#left = left;
    this.#right = right;
  }
  override get isAggregate(): boolean {
    return this.#left.isAggregate || (this.#right instanceof Expression && this.#right.isAggregate);
  }
  override compile(scope: Scope): Compiled {
    const left = this.#left.compile(scope);
    const right = this.#right instanceof Expression ? this.#right.compile(scope) : scope.operand(this.#right, left.field);
    if (scope.dialect === "sqlite" && left.field?.kind === "decimal" && this.#operator in decimalFunctions) {
      return { sql: `${decimalFunctions[this.#operator]}(${left.sql}, ${right.sql})`, field: left.field };
    }
    return { sql: `(${left.sql} ${this.#operator} ${right.sql})`, field: left.field };
  }
}

type AggregateName = "COUNT" | "SUM" | "AVG" | "MIN" | "MAX";

/** An aggregate over the rows of the query, or of a sub-query. */
export class Aggregate<V> extends Expression<V> {
  readonly name: AggregateName;
  readonly #inner: Expression<any> | undefined;
  readonly #distinct: boolean;
  constructor(name: AggregateName, inner?: Expression<any>, distinct = false) {
    super();
    this.name = name;
    this.#inner = inner;
    this.#distinct = distinct;
  }
  override get isAggregate(): boolean {
    return true;
  }
  override compile(scope: Scope): Compiled {
    if (this.#inner === undefined) return { sql: "COUNT(*)", read: Number };
    const { sql, field } = this.#inner.compile(scope);
    return aggregateSql(this.name, { sql: this.#distinct ? `DISTINCT ${sql}` : sql, field }, scope.dialect);
  }
}

function aggregateSql(name: AggregateName, { sql, field }: Compiled, dialect: Dialect): Compiled {
  if (name === "COUNT") return { sql: `COUNT(${sql})`, read: Number };
  const decimal = field?.kind === "decimal";
  if (dialect === "sqlite" && decimal) return { sql: decimalAggregate(name, sql), field };
  if (name === "AVG") return decimal ? { sql: `AVG(${sql})`, field } : { sql: `AVG(${sql})`, read: Number };
  if (name === "SUM" && !decimal && field?.reader(dialect) === undefined) return { sql: `SUM(${sql})`, read: Number };
  return { sql: `${name}(${sql})`, field };
}

function decimalAggregate(name: AggregateName, sql: string): string {
  if (name === "SUM") return `decimal_sum(${sql})`;
  if (name === "AVG") return `decimal_div(decimal_sum(${sql}), COUNT(${sql}))`;
  return `decimal_from_key(${name}(decimal_key(${sql})))`;
}

/** How many rows: `count()`; with an expression, how many of its values are not null. */
export function count(expression?: Expression<any>, options: { distinct?: boolean } = {}): Expression<number> {
  return new Aggregate("COUNT", expression, options.distinct === true);
}
