import assert from "node:assert/strict";
import { test } from "node:test";
import { sortNumbers } from "../../src/registry/tabular/sort-numbers.ts";

const columns: Record<string, number[]> = {
  "no numbers at all": [],
  "one number": [7],
  "numbers below zero alone": [-1, -5, -2],
  "the same number": [3, 3, 3],
  "whole numbers with many equals": Array.from({ length: 5000 }, (_, at) => ((at * 7919) % 11) - 5),
  fractions: Array.from({ length: 5000 }, (_, at) => Math.sin(at) * 10 ** ((at % 40) - 20)),
  "zeros, infinities and the smallest numbers": [1e308, 5e-324, -0, Infinity, 0, -5e-324, -Infinity, -1e308, 0, -0],
};

for (const [title, numbers] of Object.entries(columns)) {
  test(`${title}: sorted as by comparing them`, () => {
    const beside = Float64Array.of(9, ...numbers, 9);
    assert.deepEqual(sortNumbers(beside.subarray(1, -1)), Float64Array.from(numbers).sort());
    assert.deepEqual([beside[0], beside.at(-1)], [9, 9]);
  });
}
