import type { ConditionInput } from "../query/conditions.ts";
import type { Compiled, Scope, SubQuery } from "../query/scope.ts";
import { outputs } from "./outputs.ts";

/** A value to compare or compute with: another expression, or a plain value. */
export type Operand<V> = V | Expression<V>;

/** What is compared: a value, an expression whose values may be null, or a query that selects one value. */
export type Compared<V> = NonNullable<V> | Expression<NonNullable<V>> | Expression<NonNullable<V> | null> | SubQuery;

/** How rows without a value are ordered. */
export interface OrderOptions {
  readonly nulls?: "first" | "last";
}

/** What every aggregate takes. */
export interface AggregateOptions {
  /** Only the rows for which this holds. */
  readonly filter?: ConditionInput;
  /** Each value once. */
  readonly distinct?: boolean;
  /** The value where there are no rows. */
  readonly default?: unknown;
}

/** Options of `stringAgg`. */
export interface StringAggregateOptions extends AggregateOptions {
  readonly orderBy?: OrderTermInput | readonly OrderTermInput[];
}

/** A term of an aggregate's own order; behind a to-many relation a name, or a function of its row: `"-price"`. */
export type OrderTermInput = string | Expression<any> | OrderExpression | ((row: any) => Expression<any> | OrderExpression);

/** Options of `stdDev` and `variance`. */
export interface SampleOptions extends AggregateOptions {
  /** Of a sample instead of the whole: divides by one less. */
  readonly sample?: boolean;
}

/** Without rows an aggregate is null, unless a default was given. */
export type NoneOf<O> = O extends { readonly default: unknown } ? never : null;

/** A step of a JSON path: a key, or a position; below zero counts from the end. */
export type JsonStep = string | number;

/** What the methods of an expression make. Their classes extend `Expression`, so `methods.ts` binds them later. */
export interface Makers {
  arithmetic(operator: string, left: Expression<any>, right: unknown): Expression<any>;
  aggregate(name: string, inner: Expression<any>, options: AggregateOptions & { readonly sample?: boolean }): Expression<any>;
  stringAgg(inner: Expression<any>, delimiter: Operand<string>, options: StringAggregateOptions): Expression<any>;
  slice(text: Expression<any>, start: number, end: number | undefined): Expression<any>;
  path(data: Expression<any>, steps: readonly JsonStep[], asText: boolean): Expression<any>;
}

export const makers = {} as Makers;

/**
 * Something that the database computes: `c.price.add(100)`, `r.coffees.count()`.
 * Expressions are immutable; methods give new ones.
 */
export abstract class Expression<V = unknown> {
  declare readonly $value: V;
  /** SQL and, where it is known, the field whose values it has. */
  abstract compile(scope: Scope): Compiled;
  /** The expressions and values that it is made of. */
  get parts(): readonly unknown[] {
    return [];
  }
  /** Whether it has an aggregate over rows of the query itself, which groups it. */
  get isAggregate(): boolean {
    return this.parts.some((part) => part instanceof Expression && part.isAggregate);
  }
  /** Whether it has a window, which only a query around this one can filter by. */
  get isWindow(): boolean {
    return this.parts.some((part) => part instanceof Expression && part.isWindow);
  }

  /** `c.price.add(100)`; a moment and a duration, too. */
  add(value: Operand<any>): Expression<V> {
    return makers.arithmetic("+", this, value);
  }
  /** `c.price.sub(100)`; of two moments the duration between them. */
  sub(value: Operand<any>): Expression<V> {
    return makers.arithmetic("-", this, value);
  }
  /** `c.price.mul(2)` */
  mul(value: Operand<any>): Expression<V> {
    return makers.arithmetic("*", this, value);
  }
  /** Whole numbers give the whole part; a column divided by zero gives null. */
  div(value: Operand<any>): Expression<V> {
    return makers.arithmetic("/", this, value);
  }
  /** What remains of a division, with the sign of this. */
  mod(value: Operand<any>): Expression<V> {
    return makers.arithmetic("%", this, value);
  }
  /** To a power: `c.side.pow(2)`. */
  pow(value: Operand<any>): Expression<V> {
    return makers.arithmetic("^", this, value);
  }
  /** With the other sign. */
  neg(): Expression<V> {
    return makers.arithmetic("*", this, -1);
  }
  /** The bits that both have. */
  bitAnd(value: Operand<number | bigint>): Expression<V> {
    return makers.arithmetic("&", this, value);
  }
  /** The bits that one of them has. */
  bitOr(value: Operand<number | bigint>): Expression<V> {
    return makers.arithmetic("|", this, value);
  }
  /** The bits that one of them alone has. */
  bitXor(value: Operand<number | bigint>): Expression<V> {
    return makers.arithmetic("#", this, value);
  }
  /** The bits moved up: `c.flags.shiftLeft(2)` is four times as much. */
  shiftLeft(value: Operand<number | bigint>): Expression<V> {
    return makers.arithmetic("<<", this, value);
  }
  /** The bits moved down. */
  shiftRight(value: Operand<number | bigint>): Expression<V> {
    return makers.arithmetic(">>", this, value);
  }
  /** Part of a text by positions from 0: `c.name.slice(0, 3)`. */
  slice(start: number, end?: number): Expression<V> {
    return makers.slice(this, start, end);
  }

  /** Compared by any lookup, a registered one too: `c.created.lookup("year", 2026)`. */
  lookup(name: string, value: unknown): Condition {
    return new Comparison(this, name, value);
  }
  /** Equal: `c.price.eq(3000)`. */
  eq(value: V | Compared<V>): Condition {
    return new Comparison(this, "eq", value);
  }
  gt(value: Compared<V>): Condition {
    return new Comparison(this, "gt", value);
  }
  gte(value: Compared<V>): Condition {
    return new Comparison(this, "gte", value);
  }
  lt(value: Compared<V>): Condition {
    return new Comparison(this, "lt", value);
  }
  lte(value: Compared<V>): Condition {
    return new Comparison(this, "lte", value);
  }
  /** A list, or a query of single values. */
  in(values: Iterable<V | Compared<V>> | SubQuery): Condition {
    return new Comparison(this, "in", values);
  }
  /** From one value to another, both included. */
  range(from: Compared<V>, to: Compared<V>): Condition {
    return new Comparison(this, "range", [from, to]);
  }
  /** Without a value; `isNull(false)`: with one. */
  isNull(value = true): Condition {
    return new Comparison(this, "isNull", value);
  }
  /** Equal, whatever the case of the letters; so are all lookups that begin with `i`. */
  iexact(value: Operand<string>): Condition {
    return new Comparison(this, "iexact", value);
  }
  /** A part of the text; of a JSON value, what it contains. */
  contains(value: Operand<any>): Condition {
    return new Comparison(this, "contains", value);
  }
  icontains(value: Operand<string>): Condition {
    return new Comparison(this, "icontains", value);
  }
  startsWith(value: Operand<string>): Condition {
    return new Comparison(this, "startsWith", value);
  }
  istartsWith(value: Operand<string>): Condition {
    return new Comparison(this, "istartsWith", value);
  }
  endsWith(value: Operand<string>): Condition {
    return new Comparison(this, "endsWith", value);
  }
  iendsWith(value: Operand<string>): Condition {
    return new Comparison(this, "iendsWith", value);
  }
  /** Matched by a regular expression: the database's on PostgreSQL, JavaScript's on SQLite. */
  regex(value: Operand<string>): Condition {
    return new Comparison(this, "regex", value);
  }
  iregex(value: Operand<string>): Condition {
    return new Comparison(this, "iregex", value);
  }
  /** Inside a JSON value: `c.data.path("sizes", -1, "name")`. */
  path(...steps: readonly JsonStep[]): Expression<any> {
    return makers.path(this, steps, false);
  }
  /** The same as a text, without quotes. */
  pathText(...steps: readonly JsonStep[]): Expression<string | null> {
    return makers.path(this, steps, true);
  }

  /** Over the rows of the query: `aggregate(c => ({ total: c.price.sum() }))`. */
  sum<const O extends AggregateOptions = {}>(options?: O): Expression<NonNullable<V> | NoneOf<O>> {
    return makers.aggregate("SUM", this, options ?? {});
  }
  avg<const O extends AggregateOptions = {}>(options?: O): Expression<MeanOf<V> | NoneOf<O>> {
    return makers.aggregate("AVG", this, options ?? {});
  }
  min<const O extends AggregateOptions = {}>(options?: O): Expression<NonNullable<V> | NoneOf<O>> {
    return makers.aggregate("MIN", this, options ?? {});
  }
  max<const O extends AggregateOptions = {}>(options?: O): Expression<NonNullable<V> | NoneOf<O>> {
    return makers.aggregate("MAX", this, options ?? {});
  }
  count(options: Omit<AggregateOptions, "default"> = {}): Expression<number> {
    return makers.aggregate("COUNT", this, options);
  }
  stdDev<const O extends SampleOptions = {}>(options?: O): Expression<MeanOf<V> | NoneOf<O>> {
    return makers.aggregate("STDDEV", this, options ?? {});
  }
  variance<const O extends SampleOptions = {}>(options?: O): Expression<MeanOf<V> | NoneOf<O>> {
    return makers.aggregate("VARIANCE", this, options ?? {});
  }
  /** The texts one after the other: `c.name.stringAgg(", ", { orderBy: c.price })`. */
  stringAgg<const O extends StringAggregateOptions = {}>(
    delimiter: Operand<string>,
    options?: O,
  ): Expression<string | NoneOf<O>> {
    return makers.stringAgg(this, delimiter, options ?? {});
  }
  /** One of the values that are not null, whichever. */
  anyValue<const O extends AggregateOptions = {}>(options?: O): Expression<NonNullable<V> | NoneOf<O>> {
    return makers.aggregate("ANY_VALUE", this, options ?? {});
  }

  /** `orderBy(c => c.price.asc({ nulls: "last" }))` */
  asc(options?: OrderOptions): OrderExpression {
    return new OrderExpression(this, false, options?.nulls);
  }
  /** `orderBy(c => c.price.desc({ nulls: "last" }))` */
  desc(options?: OrderOptions): OrderExpression {
    return new OrderExpression(this, true, options?.nulls);
  }
}

/** The mean of whole numbers is a number; of decimals a decimal. */
export type MeanOf<V> = NonNullable<V> extends number | bigint ? number : NonNullable<V>;

/** A place in an ordering: what `c.price.desc({ nulls: "last" })` gives. */
export class OrderExpression {
  readonly expression: Expression<any>;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | undefined;
  constructor(expression: Expression<any>, descending: boolean, nulls?: "first" | "last") {
    this.expression = expression;
    this.descending = descending;
    this.nulls = nulls;
  }
}

/** An expression that is true or false, for filters: `c.price.lt(3000).and(c.isIce.eq(true))`. */
export abstract class Condition extends Expression<boolean> {
  /** Both hold. */
  and(other: Condition): Condition {
    return new Combined("AND", [this, other]);
  }
  /** One holds, or both. */
  or(other: Condition): Condition {
    return new Combined("OR", [this, other]);
  }
  /** One of the two, not both. */
  xor(other: Condition): Condition {
    return new Exclusive([this, other]);
  }
  /** It does not hold, or has no answer. */
  not(): Condition {
    return new Negation(this);
  }
}

/** SQLite gives 1 and 0 for true and false. */
export function truth(sql: string): Compiled {
  return { sql, field: outputs.boolean, read: Boolean, isCondition: true };
}

class Combined extends Condition {
  readonly #operator: "AND" | "OR";
  readonly #parts: readonly Condition[];
  constructor(operator: "AND" | "OR", parts: readonly Condition[]) {
    super();
    this.#operator = operator;
    this.#parts = parts;
  }
  override get parts(): readonly Condition[] {
    return this.#parts;
  }
  override compile(scope: Scope): Compiled {
    return truth(`(${this.parts.map((part) => part.compile(scope).sql).join(` ${this.#operator} `)})`);
  }
}

class Exclusive extends Condition {
  readonly #parts: readonly Condition[];
  constructor(parts: readonly Condition[]) {
    super();
    this.#parts = parts;
  }
  override get parts(): readonly Condition[] {
    return this.#parts;
  }
  override compile(scope: Scope): Compiled {
    return truth(`(${this.parts.map((part) => `((${part.compile(scope).sql}) IS TRUE)`).join(" <> ")})`);
  }
}

class Negation extends Condition {
  readonly #inner: Condition;
  constructor(inner: Condition) {
    super();
    this.#inner = inner;
  }
  override get parts(): readonly Condition[] {
    return [this.#inner];
  }
  override compile(scope: Scope): Compiled {
    return truth(`((${this.#inner.compile(scope).sql}) IS NOT TRUE)`);
  }
}

/** One lookup on an expression. */
class Comparison extends Condition {
  readonly #left: Expression<any>;
  readonly #lookup: string;
  readonly #value: unknown;
  constructor(left: Expression<any>, lookup: string, value: unknown) {
    super();
    this.#left = left;
    this.#lookup = lookup;
    this.#value = value;
  }
  override get parts(): readonly unknown[] {
    return Array.isArray(this.#value) ? [this.#left, ...(this.#value as unknown[])] : [this.#left, this.#value];
  }
  override compile(scope: Scope): Compiled {
    return truth(scope.compileLookup(this.#left.compile(scope), this.#lookup, this.#value));
  }
}

/** An expression that is written by a function of the scope. */
export class Computed<V> extends Expression<V> {
  readonly #parts: readonly unknown[];
  readonly #write: (scope: Scope) => Compiled;
  constructor(parts: readonly unknown[], write: (scope: Scope) => Compiled) {
    super();
    this.#parts = parts;
    this.#write = write;
  }
  override get parts(): readonly unknown[] {
    return this.#parts;
  }
  override compile(scope: Scope): Compiled {
    return this.#write(scope);
  }
}

/** A condition that is written by a function of the scope. */
export class ComputedCondition extends Condition {
  readonly #parts: readonly unknown[];
  readonly #write: (scope: Scope) => string;
  constructor(parts: readonly unknown[], write: (scope: Scope) => string) {
    super();
    this.#parts = parts;
    this.#write = write;
  }
  override get parts(): readonly unknown[] {
    return this.#parts;
  }
  override compile(scope: Scope): Compiled {
    return truth(this.#write(scope));
  }
}
