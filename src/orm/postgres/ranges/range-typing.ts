import type { Expression } from "../../expressions/expression.ts";
import type { Lookups, Right, ValueQuery } from "../../query/typing.ts";
import type { Range } from "./range.ts";

/** Comparisons of a range. */
export interface RangeLookups<V> {
  eq?: Range<V> | null | Expression<any> | ValueQuery;
  in?: Iterable<Range<V>> | ValueQuery;
  gt?: Right<Range<V>>;
  gte?: Right<Range<V>>;
  lt?: Right<Range<V>>;
  lte?: Right<Range<V>>;
  isNull?: boolean;
  /** A value, or all of another range, is in it. */
  contains?: V | Right<Range<V>>;
  /** All of it is in the other. */
  containedBy?: Right<Range<V>>;
  /** They have a value in common. */
  overlap?: Right<Range<V>>;
  /** It ends before the other begins. */
  fullyLt?: Right<Range<V>>;
  /** It begins after the other ends. */
  fullyGt?: Right<Range<V>>;
  /** It reaches no further down than the other. */
  notLt?: Right<Range<V>>;
  /** It reaches no further up than the other. */
  notGt?: Right<Range<V>>;
  /** One ends where the other begins. */
  adjacentTo?: Right<Range<V>>;
  /** Its lower bound. */
  startsWith?: V | null | Lookups<V> | Expression<any>;
  /** Its upper bound. */
  endsWith?: V | null | Lookups<V> | Expression<any>;
  /** It holds nothing. */
  isEmpty?: boolean;
  /** Its lower bound is in it. */
  lowerInc?: boolean;
  /** It has no lower bound. */
  lowerInf?: boolean;
  /** Its upper bound is in it. */
  upperInc?: boolean;
  /** It has no upper bound. */
  upperInf?: boolean;
}

/** What a range is compared with in `filter()`. */
export type RangeWhere<V> = V | Expression<any> | ValueQuery | RangeLookups<V extends Range<infer B> ? B : never>;
