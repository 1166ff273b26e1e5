import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { decimalQuotient } from "./arithmetic.ts";
import {
  type AggregateOptions,
  Expression,
  type MeanOf,
  type NoneOf,
  type Operand,
  type OrderTermInput,
  type SampleOptions,
  type StringAggregateOptions,
} from "./expression.ts";
import { orderTerms } from "./order.ts";
import { numberKind, outputs } from "./outputs.ts";
import { operand } from "./value.ts";

/** An aggregate about to be written: `behind` is its FILTER and OVER. */
interface Call {
  readonly sql: string;
  readonly field: Field | undefined;
  readonly behind: string;
  readonly dialect: Dialect;
  readonly sample: boolean;
}

type Write = (call: Call) => Compiled;

/** An expression that can be computed over a window. */
export interface Windowed {
  compileOver(scope: Scope, over: string): Compiled;
}

/** An aggregate over the rows of the query, of a sub-query or of a window. */
export class Aggregate<V> extends Expression<V> implements Windowed {
  readonly name: string;
  readonly #inner: Expression<any> | undefined;
  readonly #options: AggregateOptions & { readonly sample?: boolean };
  constructor(name: string, inner?: Expression<any>, options: AggregateOptions & { readonly sample?: boolean } = {}) {
    super();
    this.name = name;
    this.#inner = inner;
    this.#options = options;
  }
  override get isAggregate(): boolean {
    return true;
  }
  override compile(scope: Scope): Compiled {
    return this.compileOver(scope, "");
  }
  compileOver(scope: Scope, over: string): Compiled {
    const behind = filterSql(scope, this.#options) + over;
    if (over !== "" && this.#options.distinct) refuseDistinct();
    const compiled = this.#written(scope, behind);
    return withDefault(scope, compiled, this.#options.default);
  }
  #written(scope: Scope, behind: string): Compiled {
    if (this.#inner === undefined) return { sql: `COUNT(*)${behind}`, field: outputs.integer, read: Number };
    const { sql, field } = this.#inner.compile(scope);
    if (field?.isComposite) refuseTuple(this.name, field);
    const { distinct, sample = false } = this.#options;
    const write = writers[this.name]!;
    return write({ sql: distinct ? `DISTINCT ${sql}` : sql, field, behind, dialect: scope.dialect, sample });
  }
}

/** FILTER (WHERE …), where an aggregate takes only some rows. */
export function filterSql(scope: Scope, { filter }: AggregateOptions): string {
  if (filter === undefined) return "";
  const sql = scope.condition(filter);
  return sql === "" ? "" : ` FILTER (WHERE ${sql})`;
}

/** What stands in place of null where there are no rows. */
export function withDefault(scope: Scope, compiled: Compiled, given: unknown): Compiled {
  if (given === undefined || given === null) return compiled;
  return { ...compiled, sql: `COALESCE(${compiled.sql}, ${operand(scope, given, compiled.field).sql})` };
}

export function refuseDistinct(): never {
  throw ormErrors.ORM_BAD_QUERY({
    reason: "An aggregate over a window takes every row: distinct is not possible.",
    hint: "Leave distinct out, or aggregate in a sub-query.",
  });
}

function refuseTuple(name: string, { label, parts }: Field): never {
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${name}() takes one value of each row, and ${label} has ${parts.length}.`,
    hint: `Count rows by count() of nothing, or name one of ${parts.map((part) => part.name).join(", ")}.`,
  });
}

const isDecimal = (field: Field | undefined) => numberKind(field) === "decimal";
const isExactInSqlite = ({ dialect, field }: Call) => dialect === "sqlite" && isDecimal(field);

function total({ sql, field, behind, dialect }: Call): Compiled {
  if (isDecimal(field))
    return { sql: `${dialect === "sqlite" ? "decimal_sum" : "SUM"}(${sql})${behind}`, field: outputs.decimal };
  const isBig = field?.kind.startsWith("big");
  if (field === undefined || (numberKind(field) === "integer" && !isBig))
    return { sql: `SUM(${sql})${behind}`, field: outputs.integer, read: Number };
  return { sql: `SUM(${sql})${behind}`, field };
}

function mean(call: Call): Compiled {
  const { sql, field, behind, dialect } = call;
  if (!isDecimal(field)) {
    if (field !== undefined && numberKind(field) === undefined) return { sql: `AVG(${sql})${behind}`, field };
    return { sql: `AVG(${sql})${behind}`, field: outputs.float, read: Number };
  }
  const [sum, count] = [total(call).sql, `COUNT(${sql})${behind}`];
  const quotient = dialect === "sqlite" ? `decimal_div(${sum}, ${count})` : decimalQuotient(sum, `NULLIF(${count}, 0)`);
  return { sql: quotient, field: outputs.decimal };
}

/** The least or greatest. Decimals are compared by a text that sorts as they do; PostgreSQL has no least boolean or UUID. */
function extreme(name: "MIN" | "MAX"): Write {
  return (call) => {
    const { sql, field, behind, dialect } = call;
    if (isExactInSqlite(call)) return { sql: `decimal_from_key(${name}(decimal_key(${sql}))${behind})`, field: outputs.decimal };
    if (dialect === "postgres" && field?.kind === "boolean")
      return { sql: `${name === "MIN" ? "BOOL_AND" : "BOOL_OR"}(${sql})${behind}`, field };
    if (dialect === "postgres" && field?.kind === "uuid")
      return { sql: `CAST(${name}(CAST(${sql} AS text))${behind} AS uuid)`, field };
    return { sql: `${name}(${sql})${behind}`, field };
  };
}

function spread(name: "STDDEV" | "VAR"): Write {
  return (call) => {
    const full = `${name}_${call.sample ? "SAMP" : "POP"}`;
    if (!isDecimal(call.field)) return { sql: `${full}(${call.sql})${call.behind}`, field: outputs.float, read: Number };
    return { sql: `${call.dialect === "sqlite" ? "decimal_" : ""}${full}(${call.sql})${call.behind}`, field: outputs.decimal };
  };
}

const named =
  (name: string): Write =>
  ({ sql, field, behind }) => ({ sql: `${name}(${sql})${behind}`, field });

function truths(postgres: string, sqlite: string): Write {
  return ({ sql, behind, dialect }) => ({
    sql: `${dialect === "postgres" ? postgres : sqlite}(${sql})${behind}`,
    field: outputs.boolean,
    read: Boolean,
  });
}

const writers: Readonly<Record<string, Write>> = {
  COUNT: ({ sql, behind }) => ({ sql: `COUNT(${sql})${behind}`, field: outputs.integer, read: Number }),
  SUM: total,
  AVG: mean,
  MIN: extreme("MIN"),
  MAX: extreme("MAX"),
  STDDEV: spread("STDDEV"),
  VARIANCE: spread("VAR"),
  ANY_VALUE: ({ sql, field, behind, dialect }) => {
    if (dialect === "sqlite") return { sql: `MIN(${sql})${behind}`, field };
    const only =
      behind === "" ? ` FILTER (WHERE ${sql} IS NOT NULL)` : behind.replace(/^ FILTER \(WHERE /, `$&${sql} IS NOT NULL AND `);
    return { sql: `(ARRAY_AGG(${sql})${only})[1]`, field };
  },
  BIT_AND: named("BIT_AND"),
  BIT_OR: named("BIT_OR"),
  BIT_XOR: named("BIT_XOR"),
  BOOL_AND: truths("BOOL_AND", "MIN"),
  BOOL_OR: truths("BOOL_OR", "MAX"),
};

/** Texts one after the other, in an order of their own. */
export class StringAggregate<V> extends Expression<V> implements Windowed {
  readonly #inner: Expression<any>;
  readonly #delimiter: Operand<string>;
  readonly #options: StringAggregateOptions;
  constructor(inner: Expression<any>, delimiter: Operand<string>, options: StringAggregateOptions) {
    super();
    this.#inner = inner;
    this.#delimiter = delimiter;
    this.#options = options;
  }
  override get isAggregate(): boolean {
    return true;
  }
  override compile(scope: Scope): Compiled {
    return this.compileOver(scope, "");
  }
  compileOver(scope: Scope, over: string): Compiled {
    const { distinct, orderBy, default: otherwise } = this.#options;
    if (over !== "" && distinct) refuseDistinct();
    const text = `CAST(${this.#inner.compile(scope).sql} AS text)`;
    const delimiter = operand(scope, this.#delimiter, outputs.text).sql;
    const behind = filterSql(scope, this.#options) + over;
    const order = orderBy === undefined ? (distinct ? text : "") : orderTerms(scope, [orderBy].flat() as OrderTermInput[]);
    const orderSql = order === "" ? "" : ` ORDER BY ${order}`;
    const only = distinct ? "DISTINCT " : "";
    const sql =
      scope.dialect === "postgres"
        ? `STRING_AGG(${only}${text}, ${delimiter}${orderSql})${behind}`
        : distinct
          ? `json_join(json_group_array(DISTINCT ${text}${orderSql})${behind}, ${delimiter})`
          : `GROUP_CONCAT(${text}, ${delimiter}${orderSql})${behind}`;
    return withDefault(scope, { sql, field: outputs.text }, otherwise);
  }
}

/** How many rows: `count()`; with an expression, how many of its values are not null. */
export function count(expression?: Expression<any>, options: Omit<AggregateOptions, "default"> = {}): Expression<number> {
  return new Aggregate("COUNT", expression, options);
}
/** Over the rows of the query, as the method of the same name: `sum(c.price.mul(2))`. */
export function sum<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<NonNullable<V> | NoneOf<O>> {
  return expression.sum(options);
}
/** The mean. `avg(c.price)` */
export function avg<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<MeanOf<V> | NoneOf<O>> {
  return expression.avg(options);
}
/** The least. `min(c.price)` */
export function min<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<NonNullable<V> | NoneOf<O>> {
  return expression.min(options);
}
/** The greatest. `max(c.price)` */
export function max<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<NonNullable<V> | NoneOf<O>> {
  return expression.max(options);
}
/** The standard deviation; of a sample with `{ sample: true }`. */
export function stdDev<V, const O extends SampleOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<MeanOf<V> | NoneOf<O>> {
  return expression.stdDev(options);
}
/** The variance; of a sample with `{ sample: true }`. */
export function variance<V, const O extends SampleOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<MeanOf<V> | NoneOf<O>> {
  return expression.variance(options);
}
/** Texts one after the other: `stringAgg(c.name, ", ", { orderBy: c.price.desc() })`. */
export function stringAgg<const O extends StringAggregateOptions = {}>(
  expression: Expression<any>,
  delimiter: Operand<string>,
  options?: O,
): Expression<string | NoneOf<O>> {
  return new StringAggregate(expression, delimiter, options ?? {});
}
/** One of the values that are not null, whichever. `anyValue(c.name)` */
export function anyValue<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<NonNullable<V> | NoneOf<O>> {
  return expression.anyValue(options);
}
/** The bits that every value has. `bitAnd(c.price)` */
export function bitAnd<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<NonNullable<V> | NoneOf<O>> {
  return new Aggregate<any>("BIT_AND", expression, options);
}
/** The bits that some value has. `bitOr(c.price)` */
export function bitOr<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<NonNullable<V> | NoneOf<O>> {
  return new Aggregate<any>("BIT_OR", expression, options);
}
/** The bits that an odd number of values has. `bitXor(c.price)` */
export function bitXor<V, const O extends AggregateOptions = {}>(
  expression: Expression<V>,
  options?: O,
): Expression<NonNullable<V> | NoneOf<O>> {
  return new Aggregate<any>("BIT_XOR", expression, options);
}
/** Whether it is true for every row: `boolAnd(c.price.gt(0))`. */
export function boolAnd<const O extends AggregateOptions = {}>(
  expression: Expression<boolean | null> | Expression<boolean>,
  options?: O,
): Expression<boolean | NoneOf<O>> {
  return new Aggregate<any>("BOOL_AND", expression, options);
}
/** Whether it is true for some row. `boolOr(c.price.gt(5000))` */
export function boolOr<const O extends AggregateOptions = {}>(
  expression: Expression<boolean | null> | Expression<boolean>,
  options?: O,
): Expression<boolean | NoneOf<O>> {
  return new Aggregate<any>("BOOL_OR", expression, options);
}
