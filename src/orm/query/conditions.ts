import type { Expression } from "../expressions/expression.ts";

/** What a filter takes: an object of lookups, a `Q`, a condition, or a function that gives a condition. */
export type ConditionInput = Readonly<Record<string, unknown>> | Q | Expression<boolean> | ((refs: any) => Expression<boolean>);

/**
 * Conditions joined by or, and, not, xor.
 *
 * ```ts
 * Coffee.objects.filter(Q.or({ price: { lt: 10 } }, c => c.name.startsWith("A")))
 * ```
 */
export class Q {
  readonly operator: "or" | "and" | "not" | "xor";
  readonly parts: readonly ConditionInput[];

  private constructor(operator: "or" | "and" | "not" | "xor", parts: readonly ConditionInput[]) {
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
  /** An odd number of them holds: of two, one and not the other. */
  static xor(...parts: readonly ConditionInput[]): Q {
    return new Q("xor", parts);
  }
  /** Not all hold. */
  static not(...parts: readonly ConditionInput[]): Q {
    return new Q("not", parts);
  }
}
