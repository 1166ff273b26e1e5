import type { Condition } from "../expressions/expression.ts";

/** What a filter takes: an object of lookups, a `Q`, a condition, or a function that gives a condition. */
export type ConditionInput = Readonly<Record<string, unknown>> | Q | Condition | ((refs: any) => Condition);

/**
 * Conditions joined by or, and, not.
 *
 * ```ts
 * Coffee.objects.filter(Q.or({ price: { lt: 10 } }, c => c.name.startsWith("A")))
 * ```
 */
export class Q {
  readonly operator: "or" | "and" | "not";
  readonly parts: readonly ConditionInput[];

  private constructor(operator: "or" | "and" | "not", parts: readonly ConditionInput[]) {
    this.operator = operator;
    this.parts = parts;
  }
  /** At least one holds. */
  static or(...parts: readonly ConditionInput[]): Q {
    return new Q("or", parts);
  }
  /** All hold. */
  static and(...parts: readonly ConditionInput[]): Q {
    return new Q("and", parts);
  }
  /** Not all hold. */
  static not(...parts: readonly ConditionInput[]): Q {
    return new Q("not", parts);
  }
}
