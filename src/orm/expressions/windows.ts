import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import type { Windowed } from "./aggregates.ts";
import { Expression, type Operand, type OrderExpression } from "./expression.ts";
import { orderTerms } from "./order.ts";
import { outputs } from "./outputs.ts";
import { operand, wholeAsBigint } from "./value.ts";

/** Which rows around the current one a window function sees. */
export interface Frame {
  readonly unit: "ROWS" | "RANGE";
  readonly start: number | null;
  readonly end: number | null;
  readonly exclusion: keyof typeof exclusions | undefined;
}

const exclusions = { currentRow: "CURRENT ROW", group: "GROUP", ties: "TIES", noOthers: "NO OTHERS" } as const;

/** What a frame leaves out. */
export interface FrameOptions {
  /** Rows that are left out: this one, its equals with or without it. */
  readonly exclusion?: keyof typeof exclusions;
}

/** A frame by rows: `rowRange(-2, 0)` is this row and two before; null is without end. */
export function rowRange(start: number | null = null, end: number | null = null, options: FrameOptions = {}): Frame {
  return frame("ROWS", [start, end], options);
}
/** A frame by the values of the order: `valueRange(-100, 100)`; null is without end. */
export function valueRange(start: number | null = null, end: number | null = null, options: FrameOptions = {}): Frame {
  return frame("RANGE", [start, end], options);
}

function frame(
  unit: "ROWS" | "RANGE",
  [start, end]: readonly [number | null, number | null],
  { exclusion }: FrameOptions,
): Frame {
  const isBound = (bound: number | null) =>
    bound === null || (unit === "ROWS" ? Number.isSafeInteger(bound) : Number.isFinite(bound));
  const known = exclusion === undefined || Object.hasOwn(exclusions, exclusion);
  if (isBound(start) && isBound(end) && known && (start ?? -Infinity) <= (end ?? Infinity))
    return { unit, start, end, exclusion };
  throw ormErrors.ORM_BAD_QUERY({
    reason: `A frame cannot go from ${start} to ${end}${known ? "" : ` without ${JSON.stringify(exclusion)}`}.`,
    hint: "Below zero is before the row, null without end; exclusion is currentRow, group, ties or noOthers.",
  });
}

type Term = Expression<any> | OrderExpression;

/** The rows that a window function sees, and their order. */
export interface WindowOptions {
  /** The rows that are seen together. */
  readonly partitionBy?: Expression<any> | readonly Expression<any>[];
  readonly orderBy?: Term | readonly Term[];
  readonly frame?: Frame;
}

/**
 * A function over the rows around each row.
 *
 * ```ts
 * Coffee.objects.annotate(c => ({
 *   place: window(rank(), { partitionBy: c.roasterId, orderBy: c.price.desc() }),
 *   running: window(c.price.sum(), { orderBy: c.id, frame: rowRange(null, 0) }),
 * })).filter(c => c.place.lte(3))
 * ```
 */
export function window<V>(expression: Expression<V>, options: WindowOptions = {}): Expression<V> {
  if (!("compileOver" in expression))
    throw ormErrors.ORM_BAD_QUERY({
      reason: "window() is given an expression that is neither an aggregate nor a window function.",
      hint: "Use c.price.sum(), rank(), rowNumber(), lag(c.price), or func(…).",
    });
  return new Window(expression as Expression<V> & Windowed, options);
}

class Window<V> extends Expression<V> {
  readonly #function: Expression<V> & Windowed;
  readonly #options: WindowOptions;
  constructor(expression: Expression<V> & Windowed, options: WindowOptions) {
    super();
    this.#function = expression;
    this.#options = options;
  }
  override get isAggregate(): boolean {
    return this.#function.parts.some((part) => part instanceof Expression && part.isAggregate);
  }
  override get isWindow(): boolean {
    return true;
  }
  override compile(scope: Scope): Compiled {
    const { partitionBy, orderBy, frame: rows } = this.#options;
    const partition = [partitionBy ?? []].flat().map((each) => each.compile(scope).sql);
    const order = [orderBy ?? []].flat() as Term[];
    const clauses = [
      partition.length > 0 && `PARTITION BY ${partition.join(", ")}`,
      order.length > 0 && `ORDER BY ${orderTerms(scope, order)}`,
      rows && frameSql(scope, rows),
    ];
    return this.#function.compileOver(scope, ` OVER (${clauses.filter(Boolean).join(" ")})`);
  }
}

function frameSql(scope: Scope, { unit, start, end, exclusion }: Frame): string {
  const bound = (at: number | null, open: string) => {
    if (at === null) return `UNBOUNDED ${open}`;
    if (at === 0) return "CURRENT ROW";
    const size = scope.compiler.param(scope.dialect === "sqlite" ? wholeAsBigint(Math.abs(at)) : Math.abs(at));
    const typed = scope.dialect === "postgres" && unit === "ROWS" ? `CAST(${size} AS bigint)` : size;
    return `${typed} ${at < 0 ? "PRECEDING" : "FOLLOWING"}`;
  };
  return `${unit} BETWEEN ${bound(start, "PRECEDING")} AND ${bound(end, "FOLLOWING")}${exclusion === undefined ? "" : ` EXCLUDE ${exclusions[exclusion]}`}`;
}

/** A function that only a window has. */
class WindowFunction<V> extends Expression<V> implements Windowed {
  readonly #write: (scope: Scope) => Compiled;
  constructor(write: (scope: Scope) => Compiled) {
    super();
    this.#write = write;
  }
  override compile(scope: Scope): Compiled {
    const { sql } = this.#write(scope);
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${sql.split("(")[0]} is used without a window.`,
      hint: "Write window(rank(), { orderBy: c.price }).",
    });
  }
  compileOver(scope: Scope, over: string): Compiled {
    const { sql, field } = this.#write(scope);
    return { sql: `${sql}${over}`, field };
  }
}

const named = <V>(name: string, field: Field) => new WindowFunction<V>(() => ({ sql: `${name}()`, field }));

/** The row's place: 1, 2, 3, … `window(rowNumber(), { orderBy: c.price })` */
export function rowNumber(): Expression<number> {
  return named("ROW_NUMBER", outputs.integer);
}
/** The row's place; equals share one, and leave a gap: 1, 1, 3. `window(rank(), { orderBy: c.price })` */
export function rank(): Expression<number> {
  return named("RANK", outputs.integer);
}
/** The row's place; equals share one, without a gap: 1, 1, 2. `window(denseRank(), { orderBy: c.price })` */
export function denseRank(): Expression<number> {
  return named("DENSE_RANK", outputs.integer);
}
/** The rank as a share from 0 to 1. `window(percentRank(), { orderBy: c.price })` */
export function percentRank(): Expression<number> {
  return named("PERCENT_RANK", outputs.float);
}
/** The share of rows up to this one. `window(cumeDist(), { orderBy: c.price })` */
export function cumeDist(): Expression<number> {
  return named("CUME_DIST", outputs.float);
}
/** The number, from 1, of the row's part, of so many equal parts. `window(ntile(4), { orderBy: c.price })` */
export function ntile(parts: number): Expression<number> {
  checkPositive("ntile", parts);
  return new WindowFunction((scope) => ({ sql: `NTILE(${whole(scope, parts)})`, field: outputs.integer }));
}
/** The value so many rows before; `otherwise` where there is none. `lag(c.price, 1, 0)` */
export function lag<V>(expression: Expression<V>, offset?: number): Expression<V | null>;
export function lag<V>(expression: Expression<V>, offset: number, otherwise: Operand<V>): Expression<V>;
export function lag(expression: Expression<any>, offset = 1, otherwise?: unknown): Expression<any> {
  return neighbour("LAG", expression, { offset, otherwise });
}
/** The value so many rows behind; `otherwise` where there is none. */
export function lead<V>(expression: Expression<V>, offset?: number): Expression<V | null>;
export function lead<V>(expression: Expression<V>, offset: number, otherwise: Operand<V>): Expression<V>;
export function lead(expression: Expression<any>, offset = 1, otherwise?: unknown): Expression<any> {
  return neighbour("LEAD", expression, { offset, otherwise });
}
/** The value of the frame's first row. `window(firstValue(c.name), { orderBy: c.price })` */
export function firstValue<V>(expression: Expression<V>): Expression<V> {
  return ofFrame("FIRST_VALUE", expression);
}
/** The value of the frame's last row. `window(lastValue(c.name), { orderBy: c.price, frame: rowRange(null, null) })` */
export function lastValue<V>(expression: Expression<V>): Expression<V> {
  return ofFrame("LAST_VALUE", expression);
}
/** The value of the frame's n-th row, from 1. `window(nthValue(c.name, 2), { orderBy: c.price })` */
export function nthValue<V>(expression: Expression<V>, n: number): Expression<V | null> {
  checkPositive("nthValue", n);
  return ofFrame("NTH_VALUE", expression, n);
}

function ofFrame(name: string, expression: Expression<any>, n?: number): Expression<any> {
  return new WindowFunction((scope) => {
    const { sql, field } = expression.compile(scope);
    return { sql: `${name}(${sql}${n === undefined ? "" : `, ${whole(scope, n)}`})`, field };
  });
}

function neighbour(
  name: string,
  expression: Expression<any>,
  { offset, otherwise }: { offset: number; otherwise: unknown },
): Expression<any> {
  checkPositive(name.toLowerCase(), offset, 0);
  return new WindowFunction((scope) => {
    const { sql, field } = expression.compile(scope);
    const parts = [sql, whole(scope, offset)];
    if (otherwise !== undefined && otherwise !== null) parts.push(operand(scope, otherwise, field).sql);
    return { sql: `${name}(${parts.join(", ")})`, field };
  });
}

function whole(scope: Scope, number: number): string {
  const sql = scope.compiler.param(number, scope.dialect === "sqlite" ? (value) => BigInt(value as number) : undefined);
  return scope.dialect === "postgres" ? `CAST(${sql} AS integer)` : sql;
}

function checkPositive(name: string, given: number, least = 1): void {
  if (Number.isSafeInteger(given) && given >= least) return;
  throw ormErrors.ORM_BAD_QUERY({ reason: `${name}() is given ${String(given)}.`, hint: `It is a whole number from ${least}.` });
}
