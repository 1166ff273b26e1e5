import { jsonTextSql } from "../expressions/json.ts";
import { outputs } from "../expressions/outputs.ts";
import type { Field } from "../fields/field.ts";
import { writeValue } from "../fields/write-value.ts";
import { comparisons } from "./comparisons.ts";
import type { Lookup, LookupContext } from "./lookup.ts";
import { patterns } from "./patterns.ts";

/** The right side as JSON: an expression, or a value as one parameter. */
function jsonSide({ compiler, dialect, values, right, field }: LookupContext, at = 0): string {
  if (right !== undefined) {
    const { sql, field: its } = right[at]!;
    if (its?.kind === "json") return sql;
    return dialect === "postgres" ? `TO_JSONB(${sql})` : `json_of(${sql})`;
  }
  const place = compiler.param(values[at], (value) => jsonText(value, field));
  return dialect === "postgres" ? `CAST(${place} AS jsonb)` : place;
}

/** A value as JSON; what JSON cannot write is refused by name. */
function jsonText(value: unknown, field: Field | undefined): unknown {
  return writeValue(written, value, field ?? outputs.json);
}

function written(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError("JSON has no such value");
  return text;
}

/** Inside a value null is JSON's own; a whole column that is null has no value. */
function equal(context: LookupContext): string {
  const { sql, dialect, left, marker } = context;
  if (marker === "null") {
    if (!left.isJsonPath) return `${sql} IS NULL`;
    return dialect === "postgres" ? `${sql} = CAST('null' AS jsonb)` : `${sql} = 'null'`;
  }
  return dialect === "postgres" ? `${sql} = ${jsonSide(context)}` : `json_equal(${sql}, ${jsonSide(context)})`;
}

/** Only values of one type have an order: numbers, texts, booleans. */
function ordered(operator: string, context: LookupContext, at = 0): string {
  const { sql, dialect } = context;
  const side = jsonSide(context, at);
  if (dialect === "sqlite") return `json_compare(${sql}, ${side}) ${operator} 0`;
  const type = `JSONB_TYPEOF(${side})`;
  return `(JSONB_TYPEOF(${sql}) = ${type} AND ${type} IN ('string', 'number', 'boolean') AND ${sql} ${operator} ${side})`;
}

function compare(operator: string): Lookup {
  return { takes: "value", write: (context) => ordered(operator, context) };
}

function inList(context: LookupContext): string {
  const { sql, dialect, compiler, values, right, field } = context;
  if (right?.length === 1 && right[0]!.isQuery) return `${sql} IN ${right[0]!.sql}`;
  if (right !== undefined) {
    const parts = right.map((_, at) => equal({ ...context, right: [right[at]!], marker: "" }));
    return parts.length === 0 ? "1 = 0" : `(${parts.join(" OR ")})`;
  }
  const place = compiler.param(values[0], (list) => jsonText([...(list as Iterable<unknown>)], field));
  if (dialect === "sqlite") return `json_in(${sql}, ${place})`;
  return `${sql} IN (SELECT JSONB_ARRAY_ELEMENTS(CAST(${place} AS jsonb)))`;
}

function keys(postgres: string, all: boolean): Lookup {
  return {
    takes: "keys",
    write: ({ sql, dialect, compiler, values }) => {
      const list = (given: unknown) => [given].flat().map(String);
      if (dialect === "sqlite")
        return `json_has_keys(${sql}, ${compiler.param(values[0], (given) => JSON.stringify(list(given)))}, ${Number(all)})`;
      return `${sql} ${postgres} CAST(${compiler.param(values[0], list)} AS text[])`;
    },
  };
}

/** Text lookups look at the value without quotes. */
function asText(lookup: Lookup): Lookup {
  return {
    takes: "value",
    write: (context) =>
      lookup.write({
        ...context,
        sql: jsonTextSql(context.scope, context.left),
        left: { ...context.left, sql: jsonTextSql(context.scope, context.left) },
      }),
  };
}

const { contains: _, ...textPatterns } = patterns;

/** The lookups of JSON columns, and of values inside them. */
export const jsonLookups: Readonly<Record<string, Lookup>> = {
  ...Object.fromEntries(Object.entries(textPatterns).map(([name, lookup]) => [name, asText(lookup)])),
  eq: { takes: "whole", write: equal },
  in: { takes: "list", write: inList },
  gt: compare(">"),
  gte: compare(">="),
  lt: compare("<"),
  lte: compare("<="),
  range: { takes: "pair", write: (context) => `(${ordered(">=", context)} AND ${ordered("<=", context, 1)})` },
  isNull: comparisons["isNull"]!,
  /** Every member and element of the value is there too, at any place of a list. */
  contains: {
    takes: "whole",
    write: (context) =>
      context.dialect === "postgres"
        ? `${context.sql} @> ${jsonSide(context)}`
        : `json_contains(${context.sql}, ${jsonSide(context)})`,
  },
  containedBy: {
    takes: "whole",
    write: (context) =>
      context.dialect === "postgres"
        ? `${context.sql} <@ ${jsonSide(context)}`
        : `json_contains(${jsonSide(context)}, ${context.sql})`,
  },
  hasKey: keys("?&", true),
  hasKeys: keys("?&", true),
  hasAnyKeys: keys("?|", false),
};
