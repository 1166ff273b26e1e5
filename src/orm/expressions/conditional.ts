import type { Field } from "../fields/field.ts";
import type { ConditionInput } from "../query/conditions.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { Computed, Expression, type Operand } from "./expression.ts";
import { numberKind, outputs } from "./outputs.ts";
import { isSubQuery, operand } from "./value.ts";

/** Expressions and values of one kind: values are written as the first expression's are. */
function alike(scope: Scope, values: readonly unknown[]): { parts: Compiled[]; field: Field | undefined } {
  const compiled = values.map((value) => (value instanceof Expression || isSubQuery(value) ? operand(scope, value) : undefined));
  const like = compiled.find((part) => part?.field !== undefined)?.field;
  const parts = values.map((value, i) => compiled[i] ?? operand(scope, value, like));
  const kinds = new Set(parts.map((part) => numberKind(part.field)));
  const decimal = kinds.has("decimal") && parts.some((part) => part.field !== like);
  return { parts, field: decimal ? outputs.decimal : (like ?? parts.find((part) => part.field !== undefined)?.field) };
}

/** One branch of `caseWhen`. */
export interface When<V> {
  readonly condition: ConditionInput;
  readonly value: Operand<V>;
}

/** A branch: `when(c.price.gt(5000), "dear")`, or with an object of lookups: `when({ price: { gt: 5000 } }, "dear")`. */
export function when<V>(condition: ConditionInput, value: Operand<V>): When<V> {
  return { condition, value };
}

/** The first branch whose condition holds. `caseWhen([when(c.price.gt(5000), "dear")], "cheap")` */
export function caseWhen<V>(branches: readonly When<V>[], otherwise: Operand<V>): Expression<V>;
export function caseWhen<V>(branches: readonly When<V>[]): Expression<V | null>;
export function caseWhen<V>(branches: readonly When<V>[], otherwise: Operand<V> | null = null): Expression<V | null> {
  const values = [...branches.map((branch) => branch.value), otherwise];
  return new Computed([...branches.map((branch) => branch.condition), ...values], (scope) => {
    const conditions = branches.map((branch) => scope.condition(branch.condition) || "1 = 1");
    const { parts, field } = alike(scope, values);
    const lines = conditions.map((condition, i) => `WHEN ${condition} THEN ${parts[i]!.sql}`);
    const last = parts.at(-1)!.sql;
    return { sql: lines.length === 0 ? last : `CASE ${lines.join(" ")} ELSE ${last} END`, field };
  });
}

/** The first value that is not null. `coalesce(r.coffees.price.avg(), 0)` */
export function coalesce<V, W extends Operand<NonNullable<V>>>(
  expression: Expression<V>,
  ...values: readonly W[]
): Expression<NonNullable<V>> {
  return new Computed<any>([expression, ...values], (scope) => {
    const { parts, field } = alike(scope, [expression, ...values]);
    return { sql: `COALESCE(${parts.map((part) => part.sql).join(", ")})`, field };
  });
}

/** Null where both are equal, else the first. `nullIf(c.name, "")` */
export function nullIf<V>(expression: Expression<V>, value: Operand<V>): Expression<V | null> {
  return new Computed([expression, value], (scope) => {
    const { parts, field } = alike(scope, [expression, value]);
    const [a, b] = [parts[0]!.sql, parts[1]!.sql];
    if (scope.dialect === "sqlite" && numberKind(field) === "decimal")
      return { sql: `CASE WHEN decimal_key(${a}) = decimal_key(${b}) THEN NULL ELSE ${a} END`, field: parts[0]!.field };
    return { sql: `NULLIF(${a}, ${b})`, field: parts[0]!.field };
  });
}

/** The greatest of the values; nulls do not count. `greatest(c.price, 3000)` */
export function greatest<V>(expression: Expression<V>, ...values: readonly Operand<any>[]): Expression<V> {
  return extremeOf("MAX", "GREATEST", [expression, ...values]);
}

/** The least of the values; nulls do not count. `least(c.price, 3000)` */
export function least<V>(expression: Expression<V>, ...values: readonly Operand<any>[]): Expression<V> {
  return extremeOf("MIN", "LEAST", [expression, ...values]);
}

function extremeOf(sqlite: string, postgres: string, values: readonly unknown[]): Expression<any> {
  return new Computed(values, (scope) => {
    const { parts, field } = alike(scope, values);
    const sqls = parts.map((part) => part.sql);
    if (scope.dialect === "postgres" || sqls.length < 2)
      return { sql: `${postgres}(${sqls.join(", ")})`.replace(/^LEAST\(([^,]*)\)$|^GREATEST\(([^,]*)\)$/, "$1$2"), field };
    const decimal = numberKind(field) === "decimal";
    const keys = decimal ? sqls.map((sql) => `decimal_key(${sql})`) : sqls;
    // SQLite's function gives null when one is null: each stands for the next in that case.
    const sides = keys.map((key, i) => `COALESCE(${[key, ...keys.filter((_, other) => other !== i)].join(", ")})`);
    const found = `${sqlite}(${sides.join(", ")})`;
    return { sql: decimal ? `decimal_from_key(${found})` : found, field: decimal ? outputs.decimal : field };
  });
}
