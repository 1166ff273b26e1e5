import { type Field } from "../fields/field.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { Computed, type Expression, type JsonStep, type Operand } from "./expression.ts";
import { numberKind, outputs } from "./outputs.ts";
import { operand } from "./value.ts";

/** A JSON object. `jsonObject({ name: c.name, price: c.price })` */
export function jsonObject<E extends Readonly<Record<string, Operand<any>>>>(
  members: E,
): Expression<{ [K in keyof E]: ValueOf<E[K]> }> {
  const entries = Object.entries(members);
  return new Computed(
    entries.map(([, member]) => member),
    (scope) => {
      const parts = entries.flatMap(([name, member]) => [operand(scope, name, outputs.text).sql, jsonSql(scope, member)]);
      return {
        sql: `${scope.dialect === "sqlite" ? "json_object" : "JSONB_BUILD_OBJECT"}(${parts.join(", ")})`,
        field: outputs.json,
      };
    },
  );
}

/** A JSON array. `jsonArray(c.name, c.price)` */
export function jsonArray<E extends readonly Operand<any>[]>(
  ...items: E
): Expression<{ -readonly [K in keyof E]: ValueOf<E[K]> }> {
  return new Computed(items, (scope) => {
    const parts = items.map((item) => jsonSql(scope, item)).join(", ");
    return { sql: `${scope.dialect === "sqlite" ? "json_array" : "JSONB_BUILD_ARRAY"}(${parts})`, field: outputs.json };
  });
}

type ValueOf<X> = X extends { readonly $value: infer V } ? V : X;

/** A value inside JSON, alike on both databases: moments, decimals and large numbers are texts, as `toJson` writes them. */
function jsonSql(scope: Scope, given: unknown): string {
  const { sql, field } = operand(scope, given);
  return scope.dialect === "sqlite" ? sqliteJson(sql, field) : postgresJson(sql, field);
}

function sqliteJson(sql: string, field: Field | undefined): string {
  if (field?.kind === "json") return `json(${sql})`;
  if (field?.kind === "boolean") return `json(CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' END)`;
  return numberKind(field) === "integer" && field!.kind.startsWith("big") ? `CAST(${sql} AS TEXT)` : sql;
}

function postgresJson(sql: string, field: Field | undefined): string {
  if (field?.kind === "dateTime") return `TO_CHAR(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const isText = field?.kind === "decimal" || (field?.kind.startsWith("big") === true && numberKind(field) === "integer");
  return isText ? `CAST(${sql} AS text)` : sql;
}

/** Where a JSON value is, step by step. */
export function pathSql(scope: Scope, left: Compiled, steps: readonly JsonStep[]): Compiled {
  // The steps are parameters that the query's shape does not count.
  scope.compiler.cacheable = false;
  let { sql } = left;
  if (scope.dialect === "postgres") {
    const keys = scope.compiler.isLiteral
      ? `ARRAY[${steps.map((step) => scope.compiler.param(String(step))).join(", ")}]`
      : scope.compiler.param(steps.map(String));
    sql = `(${sql} #> CAST(${keys} AS text[]))`;
  } else for (const step of steps) sql = `(${stepSql(scope, sql, step)})`;
  const label = [left.label ?? left.field?.label ?? "the expression", ...steps].join(".");
  return { sql, field: outputs.json, label, isJsonPath: true, order: scope.dialect === "sqlite" ? `json_key(${sql})` : sql };
}

/** A whole number is a position of an array, or a key that looks like one. */
function stepSql(scope: Scope, sql: string, step: JsonStep): string {
  const key = `${sql} -> ${scope.compiler.param(`$.${JSON.stringify(String(step))}`)}`;
  if (!/^-?\d{1,9}$/.test(String(step))) return key;
  const position = Number(step) < 0 || Object.is(Number(step), -0) ? `#-${Math.abs(Number(step))}` : String(Number(step));
  return `COALESCE(${key}, ${sql} -> ${scope.compiler.param(`$[${position}]`)})`;
}

/** The value at a path, for `Expression.path` and `pathText`. */
export function jsonPath(data: Expression<any>, steps: readonly JsonStep[], asText: boolean): Expression<any> {
  return new Computed([data], (scope) => {
    const found = pathSql(scope, data.compile(scope), steps);
    return asText ? { sql: jsonTextSql(scope, found), field: outputs.text, label: found.label } : found;
  });
}

/** A JSON value as a text: strings without quotes. */
export function jsonTextSql(scope: Scope, { sql }: Compiled): string {
  return scope.dialect === "sqlite" ? `json_text(${sql})` : `(${sql} #>> '{}')`;
}
