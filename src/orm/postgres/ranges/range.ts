import { compareValues } from "#validation";
import { ormErrors } from "../../errors.ts";

/** Whether a bound is in the range: `[` and `]` are, `(` and `)` are not. */
export type RangeBounds = "[)" | "(]" | "[]" | "()";

/** A bound: a value, or null where the range has no end on this side. */
export type Bound<V> = V | null;

const allBounds = ["[)", "(]", "[]", "()"];

/**
 * Values from one to another. A bound that is null is none: the range goes on for ever.
 *
 * ```ts
 * new Range(1, 10) // 1 up to 9
 * new Range(1, 10, "[]") // 1 up to 10
 * new Range<number>(18, null) // 18 and more
 * Range.empty<number>() // nothing
 * ```
 * PostgreSQL writes ranges of whole numbers and days as `[)`: so they are read back.
 */
export class Range<V = any> {
  readonly lower: Bound<V>;
  readonly upper: Bound<V>;
  readonly bounds: RangeBounds;
  /** Whether it holds nothing at all. */
  readonly isEmpty: boolean;

  /** @throws ORM_BAD_QUERY where the bounds are none */
  constructor(lower: Bound<V>, upper: Bound<V>, bounds: RangeBounds = "[)") {
    if (!allBounds.includes(bounds))
      throw ormErrors.ORM_BAD_QUERY({ reason: `A range is given the bounds ${JSON.stringify(bounds)}.`, hint: 'Bounds are "[)", "(]", "[]" or "()".' }); // oxfmt-ignore
    this.lower = lower ?? null;
    this.upper = upper ?? null;
    this.bounds = bounds;
    this.isEmpty = false;
  }

  /** The range that holds nothing. `Range.empty<number>()` */
  static empty<V = any>(): Range<V> {
    return Object.assign(new Range<V>(null, null, "()"), { isEmpty: true });
  }

  /** Whether the lower bound is in the range. */
  get lowerInc(): boolean {
    return !this.isEmpty && this.lower !== null && this.bounds[0] === "[";
  }
  /** Whether the upper bound is in the range. */
  get upperInc(): boolean {
    return !this.isEmpty && this.upper !== null && this.bounds[1] === "]";
  }
  /** Whether it has no lower bound. */
  get lowerInf(): boolean {
    return !this.isEmpty && this.lower === null;
  }
  /** Whether it has no upper bound. */
  get upperInf(): boolean {
    return !this.isEmpty && this.upper === null;
  }

  /** Whether a value is in the range. */
  contains(value: V): boolean {
    if (this.isEmpty) return false;
    const [below, above] = [
      this.lower === null ? 1 : compareValues(value, this.lower),
      this.upper === null ? -1 : compareValues(value, this.upper),
    ];
    return (this.lowerInc ? below >= 0 : below > 0) && (this.upperInc ? above <= 0 : above < 0);
  }

  /** Whether another range has the same bounds. */
  equals(other: Range<V>): boolean {
    if (this.isEmpty || other.isEmpty) return this.isEmpty === other.isEmpty;
    return (
      sameBound(this.lower, other.lower) &&
      sameBound(this.upper, other.upper) &&
      this.lowerInc === other.lowerInc &&
      this.upperInc === other.upperInc
    );
  }

  /** `[1,10)`, as PostgreSQL writes it. */
  toString(): string {
    return rangeText(this, (value) => (value instanceof Date ? value.toISOString() : value));
  }
  toJSON(): unknown {
    return this.isEmpty ? { empty: true } : { lower: this.lower, upper: this.upper, bounds: this.bounds };
  }
}

function sameBound(a: unknown, b: unknown): boolean {
  return a === null || b === null ? a === b : compareValues(a, b) === 0;
}

/** A range as PostgreSQL reads it; `write` gives a bound as a driver takes it. */
export function rangeText({ lower, upper, bounds, isEmpty }: Range, write: (bound: any) => unknown): string {
  if (isEmpty) return "empty";
  return `${bounds[0]}${lower === null ? "" : boundText(write(lower))},${upper === null ? "" : boundText(write(upper))}${bounds[1]}`;
}

function boundText(value: unknown): string {
  const text = String(value as string);
  return /^[\w.+-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

const pattern = /^\s*([[(])\s*("(?:[^"\\]|\\.|"")*"|[^",]*)\s*,\s*("(?:[^"\\]|\\.|"")*"|[^",\])]*)\s*([\])])\s*$/;

/** Reads a range as PostgreSQL writes it; undefined for what is none. */
export function parseRange<V>(text: string, read: (bound: string) => V): Range<V> | undefined {
  if (/^\s*empty\s*$/i.test(text)) return Range.empty();
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, from, lower, upper, to] = match as unknown as [string, string, string, string, string];
  return new Range(boundOf(lower, read), boundOf(upper, read), `${from}${to}` as RangeBounds);
}

function boundOf<V>(written: string, read: (bound: string) => V): V | null {
  const text = written.startsWith('"') ? written.slice(1, -1).replaceAll(/\\(.)|""/g, (_, one?: string) => one ?? '"') : written;
  return text === "" || /^-?infinity$/.test(text) ? null : read(text);
}
