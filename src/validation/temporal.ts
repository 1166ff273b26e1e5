import { Temporal } from "temporal-polyfill";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A console shows what is inside: `Temporal.PlainDate 2026-01-31`, where objects of the polyfill look empty. */
for (const { prototype } of [
  Temporal.PlainDate,
  Temporal.PlainTime,
  Temporal.PlainDateTime,
  Temporal.Instant,
  Temporal.Duration,
] as readonly { readonly prototype: object }[]) {
  if (inspect in prototype) continue;
  Object.defineProperty(prototype, inspect, { configurable: true, value: shown });
}

function shown(this: { readonly [Symbol.toStringTag]: string }): string {
  return `${this[Symbol.toStringTag]} ${String(this)}`;
}

export { Temporal };
