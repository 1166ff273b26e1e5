import type { Expression } from "../../expressions/expression.ts";
import type { Lookups, NumberRight, Right, ValueQuery } from "../../query/typing.ts";

/** Comparisons of a list. */
export interface ArrayLookups<L extends readonly any[]> {
  eq?: L | null | Expression<any> | ValueQuery;
  in?: Iterable<L> | ValueQuery;
  gt?: Right<L>;
  gte?: Right<L>;
  lt?: Right<L>;
  lte?: Right<L>;
  isNull?: boolean;
  /** Every item of the value is in the list. */
  contains?: Right<L>;
  /** Every item of the list is in the value. */
  containedBy?: Right<L>;
  /** They have an item in common. */
  overlap?: Right<L>;
  /** How many items it has. */
  len?: NumberRight;
  /** The item at a position, from 0. */
  [position: number]: L[number] | Lookups<L[number]> | Expression<any> | undefined;
  /** From a position up to, and without, another. */
  [slice: `${number}_${number}`]: L | ArrayLookups<L> | Expression<any> | undefined;
}

/** What a list is compared with in `filter()`. */
export type ArrayWhere<V> = V | Expression<any> | ValueQuery | ArrayLookups<Extract<V, readonly any[]>>;
