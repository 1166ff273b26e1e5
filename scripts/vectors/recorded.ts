/*
 * Reads what another framework's tests recorded of it: `{ vectors: [{ id, test, options, expect, … }] }`, values in tagged JSON
 * (`{"$t": "date", "v": "2008-01-01"}`). `decode` makes of each the value that a project of ours would have in its place.
 */
import { readFileSync } from "node:fs";
import Big from "big.js";
import { Temporal } from "temporal-polyfill";
import { MultiDict } from "../../src/http/index.ts";
import { safe } from "../../src/templates/index.ts";
import { durationOf } from "../../src/validation/index.ts";

/** Thrown for a value that has no counterpart here; the case is left out and counted as such. */
export class NoCounterpart extends Error {}

/** The recorded cases of a file: the first argument of every comparing script. */
export function recordedCases<Case>(usage: string, key = "vectors"): Case[] {
  const path = process.argv[2];
  if (path === undefined) throw new Error(`Say where the recorded cases are: ${usage}`);
  return (JSON.parse(readFileSync(path, "utf8")) as Record<string, Case[]>)[key]!;
}

type Tagged = { $t: string; v: any; [detail: string]: any };
const isTagged = (value: object): value is Tagged => "$t" in value;

/** Makes values of the tags that only one kind of recording has. */
export type OwnMakers = Record<string, (given: any, whole: any) => unknown>;

/** The value that a tagged one stands for. */
export function decode(value: unknown, own: OwnMakers = {}): unknown {
  if (Array.isArray(value)) return value.map((each) => decode(each, own));
  if (value === null || typeof value !== "object") return value;
  if (!isTagged(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decode(inner, own)]));
  if (["tuple", "set", "lazy"].includes(value.$t)) return decode(value.v, own);
  const make = own[value.$t] ?? makers[value.$t];
  if (make === undefined) throw new NoCounterpart(value.$t);
  return make(value.v, value);
}

const floats: Record<string, number> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY };

const makers: Record<string, (given: any, whole: Tagged) => unknown> = {
  safe,
  int: BigInt,
  float: (text: string) => floats[text] ?? Number(text),
  dict: (entries: [unknown, unknown][]) => new Map(entries.map(([key, inner]) => [decode(key), decode(inner)])),
  bytes: (hex: string) => Buffer.from(hex, "hex"),
  datetime: (text: string) => new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`),
  date: (text: string) => Temporal.PlainDate.from(text),
  time: (text: string) => Temporal.PlainTime.from(text),
  timedelta: (_, { days, seconds, us }) => durationOf(BigInt(days * 86_400 + seconds) * 1_000_000n + BigInt(us)),
  multivaluedict: (entries: [string, unknown[]][]) =>
    new MultiDict(entries.flatMap(([name, all]) => all.map((each) => [name, each as string] as const))),
  decimal: (text: string) => new Big(text),
  uuid: (text: string) => text,
  querydict: (text: string) => new MultiDict(new URLSearchParams(text)),
  range: ([from, to, step]: [number, number, number]) => {
    const numbers: number[] = [];
    for (let each = from; step > 0 ? each < to : each > to; each += step) numbers.push(each);
    return numbers;
  },
};

/** A name as it is written here: `max_length` is `maxLength`. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What was found and what was recorded of a case, as texts. */
export interface Sides {
  got: string;
  wanted: string;
}

/** Counts how many cases agree, and says where the others differ. `SHOW=50` prints more of them. */
export class Tally {
  #agreeing = 0;
  readonly #differing: string[] = [];
  readonly #leftOut = new Map<string, number>();
  readonly title: string;

  constructor(title: string) {
    this.title = title;
  }

  /** Runs a case and counts it. What has no counterpart here is left out; what throws anything else differs. */
  async compare(name: string, run: () => Sides | Promise<Sides>): Promise<void> {
    try {
      const { got, wanted } = await run();
      if (got === wanted) this.#agreeing++;
      else this.#differing.push(`${name}\n    got    ${got}\n    wanted ${wanted}`);
    } catch (error) {
      if (error instanceof NoCounterpart) this.#leftOut.set(error.message, (this.#leftOut.get(error.message) ?? 0) + 1);
      else this.#differing.push(`${name}\n    threw ${String(error)}`);
    }
  }

  print(): void {
    const shown = Number(process.env["SHOW"] ?? 15);
    for (const line of this.#differing.slice(0, shown)) console.log(`  ${line}`);
    if (this.#differing.length > shown) console.log(`  … ${this.#differing.length - shown} more (SHOW=n prints n)`);
    const compared = this.#agreeing + this.#differing.length;
    const rate = ((100 * this.#agreeing) / Math.max(1, compared)).toFixed(1);
    console.log(`${this.title}: ${this.#agreeing} of ${compared} agree, ${rate} %`);
    for (const [reason, count] of this.#leftOut) console.log(`  left out: ${count}, ${reason}`);
  }
}
