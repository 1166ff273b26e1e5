import type { DatabaseSync } from "node:sqlite";
import { Decimal } from "#validation";
import { defineAggregate } from "./define.ts";

/** Spread and bits, which SQLite does not aggregate. */
export function defineStatistics(connection: DatabaseSync): void {
  for (const sample of [false, true]) {
    const name = sample ? "samp" : "pop";
    spread(connection, `var_${name}`, (state) => variance(state, sample));
    spread(connection, `stddev_${name}`, (state) => root(variance(state, sample)));
    exactSpread(connection, `decimal_var_${name}`, (state) => exactVariance(state, sample)?.toString() ?? null);
    exactSpread(connection, `decimal_stddev_${name}`, (state) => exactVariance(state, sample)?.sqrt().toString() ?? null);
  }
  bits(connection, "bit_and", (a, b) => a & b);
  bits(connection, "bit_or", (a, b) => a | b);
  bits(connection, "bit_xor", (a, b) => a ^ b);
}

/** Welford's sums: they lose no digits where the values are large and close together. */
interface Sums {
  count: number;
  mean: number;
  squares: number;
}

function spread(connection: DatabaseSync, name: string, result: (state: Sums) => number | null): void {
  defineAggregate<Sums>(connection, name, {
    start: () => ({ count: 0, mean: 0, squares: 0 }),
    add: (state, value: number | string) => {
      const distance = Number(value) - state.mean;
      state.count++;
      state.mean += distance / state.count;
      state.squares += distance * (Number(value) - state.mean);
    },
    remove: (state, value: number | string) => {
      const distance = Number(value) - state.mean;
      state.count--;
      state.mean = state.count === 0 ? 0 : state.mean - distance / state.count;
      state.squares = state.count === 0 ? 0 : state.squares - distance * (Number(value) - state.mean);
    },
    result,
  });
}

function variance({ count, squares }: Sums, sample: boolean): number | null {
  const by = sample ? count - 1 : count;
  return by < 1 ? null : Math.max(0, squares) / by;
}

function root(value: number | null): number | null {
  return value === null ? null : Math.sqrt(value);
}

interface ExactSums {
  count: number;
  sum: Decimal;
  squares: Decimal;
}

function exactSpread(connection: DatabaseSync, name: string, result: (state: ExactSums) => string | null): void {
  const change = (state: ExactSums, value: string | number, sign: 1 | -1) => {
    const number = new Decimal(String(value));
    state.count += sign;
    state.sum = state.sum.plus(number.times(sign));
    state.squares = state.squares.plus(number.times(number).times(sign));
  };
  defineAggregate<ExactSums>(connection, name, {
    start: () => ({ count: 0, sum: new Decimal(0), squares: new Decimal(0) }),
    add: (state, value: string) => change(state, value, 1),
    remove: (state, value: string) => change(state, value, -1),
    result,
  });
}

/** The sums are exact, so only the last division rounds. */
function exactVariance({ count, sum, squares }: ExactSums, sample: boolean): Decimal | null {
  const by = sample ? count - 1 : count;
  return by < 1 ? null : squares.times(count).minus(sum.times(sum)).div(new Decimal(count).times(by));
}

function bits(connection: DatabaseSync, name: string, combine: (a: bigint, b: bigint) => bigint): void {
  defineAggregate<bigint[]>(connection, name, {
    start: () => [],
    add: (state, value: bigint) => void state.push(value),
    remove: (state) => void state.shift(),
    result: (state) => (state.length === 0 ? null : state.reduce(combine)),
    bigints: true,
  });
}
