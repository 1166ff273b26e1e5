import type { AggregateOptions, Expression, NoneOf } from "../../expressions/expression.ts";
import { outputs } from "../../expressions/outputs.ts";
import { PostgresAggregate } from "./postgres-aggregate.ts";

/** Options of aggregates of two columns. */
export type PairOptions = Omit<AggregateOptions, "distinct">;

type Pair = <const O extends PairOptions = {}>(
  y: Expression<any>,
  x: Expression<any>,
  options?: O,
) => Expression<number | NoneOf<O>>;

/** Rows in which one of both is null are left out. */
function pair(name: string, sql: string): Pair {
  const kind = { name, sql, output: () => ({ field: outputs.float, read: Number }) };
  return (y, x, options) => new PostgresAggregate<any>(kind, [y, x], options);
}

/** The correlation, from -1 to 1. `corr(c.price, c.id)` */
export const corr: Pair = pair("corr", "CORR");
/** The covariance of all rows. `covarPop(c.price, c.id)` */
export const covarPop: Pair = pair("covarPop", "COVAR_POP");
/** The covariance, the rows being a sample. `covarSamp(c.price, c.id)` */
export const covarSamp: Pair = pair("covarSamp", "COVAR_SAMP");
/** The mean of x. `regrAvgX(c.price, c.id)` */
export const regrAvgX: Pair = pair("regrAvgX", "REGR_AVGX");
/** The mean of y. `regrAvgY(c.price, c.id)` */
export const regrAvgY: Pair = pair("regrAvgY", "REGR_AVGY");
/** In how many rows neither is null. `regrCount(c.price, c.id)` */
export const regrCount: Pair = pair("regrCount", "REGR_COUNT");
/** Where the line that fits best meets the y axis. `regrIntercept(c.price, c.id)` */
export const regrIntercept: Pair = pair("regrIntercept", "REGR_INTERCEPT");
/** The square of the correlation. `regrR2(c.price, c.id)` */
export const regrR2: Pair = pair("regrR2", "REGR_R2");
/** How steep the line is that fits best. `regrSlope(c.price, c.id)` */
export const regrSlope: Pair = pair("regrSlope", "REGR_SLOPE");
/** The sum of squares of x. `regrSxx(c.price, c.id)` */
export const regrSxx: Pair = pair("regrSxx", "REGR_SXX");
/** The sum of products of x and y. `regrSxy(c.price, c.id)` */
export const regrSxy: Pair = pair("regrSxy", "REGR_SXY");
/** The sum of squares of y. `regrSyy(c.price, c.id)` */
export const regrSyy: Pair = pair("regrSyy", "REGR_SYY");
