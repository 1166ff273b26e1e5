import { Decimal, Temporal } from "#validation";
import { cacheErrors } from "../errors.ts";
import { isWholeNumber } from "./whole-number.ts";

/** The value of a text that `encodeValue` made; each call makes a new one. @throws CACHE_UNREADABLE */
export function decodeValue(text: string): unknown {
  const kind = text[0];
  if (kind === "s") return text.slice(1);
  if (isWholeNumber(text)) return Number(text);
  try {
    if (kind === "j") return JSON.parse(text.slice(1));
    if (kind === "t") return revive(JSON.parse(text.slice(1)));
  } catch {
    // Said below, as for every other text that is none of ours.
  }
  throw cacheErrors.CACHE_UNREADABLE({ start: text.slice(0, 20) });
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  if (!Object.hasOwn(value, "$")) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revive(inner)]));
  const { $: kind, v } = value as { $: string; v?: any };
  if (!Object.hasOwn(makers, kind)) throw new Error(kind);
  return makers[kind]!(v);
}

const view =
  (View: new (buffer: ArrayBuffer) => ArrayBufferView) =>
  (text: string): ArrayBufferView => {
    const bytes = Buffer.from(text, "base64");
    return new View(Uint8Array.from(bytes).buffer);
  };

const views = [
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
  DataView,
];
const temporals = ["PlainDate", "PlainTime", "PlainDateTime", "PlainYearMonth", "PlainMonthDay", "Instant", "Duration"] as const;

const makers: Readonly<Record<string, (v: any) => unknown>> = {
  undefined: () => undefined,
  number: Number,
  bigint: BigInt,
  date: (time: number | null) => new Date(time ?? Number.NaN),
  map: (entries: unknown[][]) => new Map(entries.map(([name, each]) => [revive(name), revive(each)])),
  set: (members: unknown[]) => new Set(members.map(revive)),
  object: (entries: [string, unknown][]) => Object.fromEntries(entries.map(([name, each]) => [name, revive(each)])),
  decimal: (text: string) => new Decimal(text),
  Buffer: (text: string) => Buffer.from(text, "base64"),
  ...Object.fromEntries(views.map((View) => [View.name, view(View)])),
  ...Object.fromEntries(temporals.map((name) => [`Temporal.${name}`, (text: string) => Temporal[name].from(text)])),
};
