import type { Expression } from "../../expressions/expression.ts";
import type { Lookups, NumberRight, Right, ValueQuery } from "../../query/typing.ts";

/** A list, or one among whose items are expressions. */
type ListRight<L extends readonly any[]> = Right<L> | readonly (L[number] | Expression<any>)[];

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
  contains?: ListRight<L>;
  /** Every item of the list is in the value. */
  containedBy?: ListRight<L>;
  /** They have an item in common. */
  overlap?: ListRight<L>;
  /** How many items it has. */
  len?: NumberRight;
  /** The item at a position, from 0. */
  [position: number]: L[number] | Lookups<L[number]> | Expression<any> | undefined;
  /** From a position up to, and without, another. */
  [slice: `${number}_${number}`]: L | ArrayLookups<L> | Expression<any> | undefined;
}

/** What a list is compared with in `filter()`. */
export type ArrayWhere<V> = V | Expression<any> | ValueQuery | ArrayLookups<Extract<V, readonly any[]>>;
