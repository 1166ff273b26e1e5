import { filterSql, refuseDistinct, type Windowed, withDefault } from "../../expressions/aggregates.ts";
import { type AggregateOptions, Expression, type OrderTermInput } from "../../expressions/expression.ts";
import { orderTerms } from "../../expressions/order.ts";
import { ManyField } from "../../query/refs.ts";
import type { Compiled, Scope } from "../../query/scope.ts";
import type { ManyFieldRefs } from "../../query/typing.ts";
import { requirePostgres } from "../require-postgres.ts";

export interface ListAggregateOptions extends AggregateOptions {
  /** The order of the values. */
  readonly orderBy?: OrderTermInput | readonly OrderTermInput[];
}

/** What is aggregated: an expression of the row, or a field behind a to-many relation. */
export type Aggregated<V> = Expression<V> | ManyFieldRefs<V>;

/** An aggregate that PostgreSQL alone has. */
export interface AggregateKind {
  /** As people call it: `arrayAgg`. */
  readonly name: string;
  readonly sql: string;
  /** What its values are, by what its arguments are. */
  readonly output: (first: Compiled) => Pick<Compiled, "field" | "read">;
}

export class PostgresAggregate<V> extends Expression<V> implements Windowed {
  readonly #kind: AggregateKind;
  readonly #args: readonly Expression<any>[];
  readonly #options: ListAggregateOptions;
  constructor(kind: AggregateKind, args: readonly Expression<any>[], options: ListAggregateOptions = {}) {
    super();
    this.#kind = kind;
    this.#args = args;
    this.#options = options;
  }
  override get isAggregate(): boolean {
    return true;
  }
  override compile(scope: Scope): Compiled {
    return this.compileOver(scope, "");
  }
  compileOver(scope: Scope, over: string): Compiled {
    const { name, sql, output } = this.#kind;
    const { distinct, orderBy, default: otherwise } = this.#options;
    requirePostgres(scope, `${name}()`);
    if (over !== "" && distinct) refuseDistinct();
    const args = this.#args.map((arg) => arg.compile(scope));
    const list = args.map((arg) => arg.sql).join(", ");
    const order = orderBy === undefined ? "" : ` ORDER BY ${orderTerms(scope, [orderBy].flat() as OrderTermInput[])}`;
    const call = `${sql}(${distinct ? "DISTINCT " : ""}${list}${order})${filterSql(scope, this.#options)}${over}`;
    return withDefault(scope, { sql: call, ...output(args[0]!) }, otherwise);
  }
}

/** Of the query's rows, or of those behind a to-many relation. */
export function aggregateOf<V>(of: Aggregated<any>, make: (field: Expression<any>) => Expression<V>): Expression<V> {
  return of instanceof ManyField ? (of as unknown as ManyField).aggregate(make) : make(of as Expression<any>);
}
