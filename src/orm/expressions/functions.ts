import { type Condition, Expression, type Operand, Value } from "./expression.ts";
import type { Compiled, Scope } from "../query/scope.ts";

/** A function of SQL that both backends have under the same name, or one name each. */
class FunctionCall<V> extends Expression<V> {
  readonly #names: { sqlite: string; postgres: string };
  readonly #values: readonly unknown[];
  readonly #keepsField: boolean;
  constructor(names: string | { sqlite: string; postgres: string }, values: readonly unknown[], keepsField = false) {
    super();
    this.#names = typeof names === "string" ? { sqlite: names, postgres: names } : names;
    this.#values = values;
    this.#keepsField = keepsField;
  }
  override get isAggregate(): boolean {
    return this.#values.some((value) => value instanceof Expression && value.isAggregate);
  }
  override compile(scope: Scope): Compiled {
    const first = this.#values[0] instanceof Expression ? this.#values[0].compile(scope) : undefined;
    const parts = this.#values.map((value, at) => {
      if (at === 0 && first) return first.sql;
      return value instanceof Expression
        ? value.compile(scope).sql
        : scope.operand(value, this.#keepsField ? first?.field : undefined).sql;
    });
    return { sql: `${this.#names[scope.dialect]}(${parts.join(", ")})`, field: this.#keepsField ? first?.field : undefined };
  }
}

/** The first value that is not null. `coalesce(r.coffees.price.avg(), 0)` */
export function coalesce<V, W extends Operand<NonNullable<V>>>(
  expression: Expression<V>,
  ...values: readonly W[]
): Expression<NonNullable<V>> {
  return new FunctionCall("COALESCE", [expression, ...values], true);
}
/** In small letters. */
export function lower(expression: Expression<string>): Expression<string> {
  return new FunctionCall({ sqlite: "unicode_lower", postgres: "LOWER" }, [expression]);
}
/** In capitals. */
export function upper(expression: Expression<string>): Expression<string> {
  return new FunctionCall({ sqlite: "unicode_upper", postgres: "UPPER" }, [expression]);
}
/** The number of characters. */
export function length(expression: Expression<string>): Expression<number> {
  return new FunctionCall("LENGTH", [expression]);
}

class Concatenation extends Expression<string> {
  readonly #parts: readonly Operand<string>[];
  constructor(parts: readonly Operand<string>[]) {
    super();
    this.#parts = parts;
  }
  override compile(scope: Scope): Compiled {
    const parts = this.#parts.map((part) => (part instanceof Expression ? part : new Value(part)).compile(scope).sql);
    return { sql: `(${parts.map((sql) => `COALESCE(CAST(${sql} AS text), '')`).join(" || ")})` };
  }
}

/** Texts one after the other. `concat(c.name, " (", c.roaster.name, ")")` */
export function concat(...parts: readonly Operand<any>[]): Expression<string> {
  return new Concatenation(parts);
}

/** One branch of `caseWhen`. */
export interface When<V> {
  condition: Condition;
  value: Operand<V>;
}

/** A branch: `when(c.price.gt(5000), "dear")`. */
export function when<V>(condition: Condition, value: Operand<V>): When<V> {
  return { condition, value };
}

class Case<V> extends Expression<V> {
  readonly #branches: readonly When<V>[];
  readonly #otherwise: Operand<V> | null;
  constructor(branches: readonly When<V>[], otherwise: Operand<V> | null) {
    super();
    this.#branches = branches;
    this.#otherwise = otherwise;
  }
  override compile(scope: Scope): Compiled {
    const operand = (value: unknown) => (value instanceof Expression ? value : new Value(value)).compile(scope).sql;
    const branches = this.#branches.map(({ condition, value }) => `WHEN ${condition.compile(scope).sql} THEN ${operand(value)}`);
    return { sql: `CASE ${branches.join(" ")} ELSE ${this.#otherwise === null ? "NULL" : operand(this.#otherwise)} END` };
  }
}

/** The first branch whose condition holds. `caseWhen([when(c.price.gt(5000), "dear")], "cheap")` */
export function caseWhen<V>(branches: readonly When<V>[], otherwise: Operand<V>): Expression<V> {
  return new Case(branches, otherwise);
}
