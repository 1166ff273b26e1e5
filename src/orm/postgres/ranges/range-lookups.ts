import { type Lookup, type LookupContext, labelOf, type Transform } from "../../lookups/lookup.ts";
import { addLookups } from "../../lookups/lookups.ts";
import { writeValue } from "../../fields/write-value.ts";
import { requirePostgres } from "../require-postgres.ts";
import { operatorLookup, orderedLookups, truthLookup } from "../whole-lookups.ts";
import { Range, rangeText } from "./range.ts";
import type { RangeField } from "./range-field.ts";

const contained = operatorLookup("@>");

/** A value of the range's own, taken as the range of it alone, or another range: the SQL is the same for both. */
const contains: Lookup = {
  takes: "whole",
  write: (context) => {
    const { field, values, right, compiler, sql } = context;
    requirePostgres(context.scope, `A lookup on ${labelOf(context.left)}`);
    const { type, base } = field as RangeField;
    if (right !== undefined)
      return isBound(right[0]!.field)
        ? `${sql} @> CAST(${right[0]!.sql} AS ${base.columnType("postgres")})`
        : contained.write(context);
    const write = field!.writer("postgres")!;
    const alone = base.writer("postgres");
    const text = (given: unknown) =>
      isRange(given)
        ? write(given)
        : rangeText(new Range(given, given, "[]"), (bound) => (alone === undefined ? bound : alone(bound)));
    const place = compiler.param(values[0], (given) => writeValue(text, given, field!));
    return `${sql} @> ${compiler.isLiteral ? `${place}::${type}` : `CAST(${place} AS ${type})`}`;
  },
};

/** An expression whose values are no ranges gives a bound. */
function isBound(field: LookupContext["field"]): boolean {
  return field !== undefined && !field.kind.endsWith("Range");
}

function isRange(value: unknown): boolean {
  return value instanceof Range || Array.isArray(value) || (typeof value === "string" && /^\s*(?:empty\s*$|[[(])/.test(value));
}

export const rangeLookups: Readonly<Record<string, Lookup>> = {
  ...orderedLookups,
  contains,
  containedBy: operatorLookup("<@"),
  overlap: operatorLookup("&&"),
  fullyLt: operatorLookup("<<"),
  fullyGt: operatorLookup(">>"),
  notLt: operatorLookup("&>"),
  notGt: operatorLookup("&<"),
  adjacentTo: operatorLookup("-|-"),
  isEmpty: truthLookup("isEmpty", (sql) => `ISEMPTY(${sql})`),
  lowerInc: truthLookup("lowerInc", (sql) => `LOWER_INC(${sql})`),
  lowerInf: truthLookup("lowerInf", (sql) => `LOWER_INF(${sql})`),
  upperInc: truthLookup("upperInc", (sql) => `UPPER_INC(${sql})`),
  upperInf: truthLookup("upperInf", (sql) => `UPPER_INF(${sql})`),
};

/** `startsWith` and `endsWith` are the bounds. */
export function rangeTransform(field: RangeField, name: string): Transform | undefined {
  const end = name === "startsWith" ? "LOWER" : name === "endsWith" ? "UPPER" : undefined;
  if (end === undefined) return undefined;
  return {
    kinds: undefined,
    apply: (left, scope) => {
      requirePostgres(scope, `A lookup on ${labelOf(left)}`);
      return { sql: `${end}(${left.sql})`, field: field.base, label: labelOf(left) };
    },
  };
}

/** The range in which a number or a time is looked for, by its kind. */
const rangeTypes: Readonly<Record<string, readonly [type: string, range: string]>> = {
  ...Object.fromEntries(
    "integer smallInteger positiveInteger positiveSmallInteger bigInteger positiveBigInteger auto smallAuto bigAuto"
      .split(" ")
      .map((kind) => [kind, ["bigint", "int8range"]]),
  ),
  decimal: ["numeric", "numrange"],
  float: ["numeric", "numrange"],
  date: ["date", "daterange"],
  dateTime: ["timestamp with time zone", "tstzrange"],
};

/** A number, a day or a moment that lies in a range: `{ price: { containedBy: new Range(1, 5) } }`. */
function inRange(context: LookupContext): string {
  const { sql, field, compiler, values, right, scope, left } = context;
  requirePostgres(scope, `The lookup containedBy on ${labelOf(left)}`);
  const [type, range] = rangeTypes[field?.kind ?? "decimal"] ?? rangeTypes["decimal"]!;
  const value = `CAST(${sql} AS ${type})`;
  if (right !== undefined) return `${value} <@ ${right[0]!.sql}`;
  const convert = (given: unknown) => writeValue((one) => boundsText(one, field), given, { label: labelOf(left), takes: "a Range" } as never); // oxfmt-ignore
  const place = compiler.param(values[0], convert);
  return `${value} <@ ${compiler.isLiteral ? `${place}::${range}` : `CAST(${place} AS ${range})`}`;
}

function boundsText(given: unknown, field: LookupContext["field"]): string {
  if (!(given instanceof Range)) throw new TypeError("not a range");
  const write = field?.comparer("postgres");
  return rangeText(given, (bound) => (write === undefined ? bound : write(bound)));
}

addLookups(Object.keys(rangeTypes), { containedBy: { takes: "whole", write: inRange } });
