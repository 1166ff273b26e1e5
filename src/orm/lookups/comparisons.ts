import { comparable, comparableSides } from "../expressions/comparable.ts";
import { bound, listConverter, type Lookup, type LookupContext } from "./lookup.ts";

/** Both sides, decimals as numbers. */
function sides(context: LookupContext, count = 1): string[] {
  const { sql, field, dialect, right } = context;
  const others = Array.from({ length: count }, (_, at) => bound(context, at));
  if (field?.kind !== "decimal" && !right?.some((side) => side.field?.kind === "decimal")) return [sql, ...others];
  if (right === undefined) return [sql, ...others].map((side) => comparable(side, field, dialect));
  return comparableSides([{ sql, field }, ...others.map((other, at) => ({ sql: other, field: right[at]!.field }))], dialect);
}

function compare(operator: string): Lookup {
  return {
    takes: "value",
    write: (context) => {
      const [left, right] = sides(context);
      return `${left} ${operator} ${right}`;
    },
  };
}

/** Equal numbers are equal texts in one column; beside another expression they are compared as numbers. */
function equal(context: LookupContext): string {
  if (context.marker === "null") return `${context.sql} IS NULL`;
  if (context.right === undefined) return `${context.left.both?.(context.sql) ?? context.sql} = ${bound(context)}`;
  const [left, right] = sides(context);
  return `${left} = ${right}`;
}

function between(context: LookupContext): string {
  const [left, from, to] = sides(context, 2);
  return `${left} BETWEEN ${from} AND ${to}`;
}

/** One parameter however many values there are, so that the statement stays the same. */
function inList(context: LookupContext): string {
  const { sql, field, dialect, compiler, values, right } = context;
  if (right !== undefined) return inExpressions(context, right);
  const items = listConverter(context, values[0]);
  if (compiler.isLiteral) {
    const literals = items(values[0]).map((item) => compiler.param(item));
    return literals.length === 0 ? "1 = 0" : `${sql} IN (${literals.join(", ")})`;
  }
  if (dialect === "postgres") {
    const type = field?.comparedAs(dialect);
    if (type === undefined) return `${sql} = ANY(${compiler.param(values[0], items)})`;
    return `${sql} = ANY(CAST(${compiler.param(values[0], (list) => items(list).filter(isWhole))} AS ${type}[]))`;
  }
  // JSON has no bytes: they are compared by their digits.
  if (field?.kind === "binary")
    return `hex(${sql}) IN (SELECT value FROM json_each(${compiler.param(values[0], (list) => jsonList(items(list).map(hexOf)))}))`;
  return `${sql} IN (SELECT value FROM json_each(${compiler.param(values[0], (list) => jsonList(items(list)))}))`;
}

function hexOf(bytes: unknown): string | null {
  return bytes === null
    ? null
    : Buffer.from(bytes as Uint8Array)
        .toString("hex")
        .toUpperCase();
}

function inExpressions({ sql, field, dialect }: LookupContext, right: NonNullable<LookupContext["right"]>): string {
  if (right.length === 1 && right[0]!.isQuery) return `${sql} IN ${right[0]!.sql}`;
  const [left, ...others] = comparableSides(
    [{ sql, field }, ...right.map((side) => ({ sql: side.sql, field: side.field }))],
    dialect,
  );
  return others.length === 0 ? "1 = 0" : `${left} IN (${others.join(", ")})`;
}

/** Whether a 64-bit column can have the value. */
function isWhole(item: unknown): boolean {
  return typeof item === "number" ? Number.isSafeInteger(item) : true;
}

/** A list as JSON, with whole numbers of 64 bits written out. */
export function jsonList(items: readonly unknown[]): string {
  return `[${items.map((item) => (typeof item === "bigint" ? String(item) : JSON.stringify(item))).join(",")}]`;
}

export const comparisons: Readonly<Record<string, Lookup>> = {
  eq: { takes: "value", write: equal },
  in: { takes: "list", write: inList },
  gt: compare(">"),
  gte: compare(">="),
  lt: compare("<"),
  lte: compare("<="),
  range: { takes: "pair", write: between },
  isNull: { takes: "boolean", write: ({ sql, marker }) => (marker === "true" ? `${sql} IS NULL` : `${sql} IS NOT NULL`) },
};
