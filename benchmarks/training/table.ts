import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";

export const rows = 100_000;
export const features = 20;

/** Rows of 20 numbers and a target that ten of them decide, with products, a wave, a threshold and noise. */
export function numbers(): Float64Array {
  const random = generator(42);
  const table = new Float64Array(rows * (features + 1));
  for (let row = 0; row < rows; row++) {
    const at = row * (features + 1);
    for (let i = 0; i < features; i++) table[at + i] = random();
    const x = table.subarray(at, at + features);
    const smooth = 10 * Math.sin(Math.PI * x[0]! * x[1]!) + 20 * (x[2]! - 0.5) ** 2 + 10 * x[3]! + 5 * x[4]!;
    const steps = (x[5]! > 0.7 ? 4 : 0) + (x[6]! < x[7]! ? 2 : 0) + 3 * x[8]! * x[9]!;
    table[at + features] = smooth + steps + (random() - 0.5);
  }
  return table;
}

/** The same rows in a file, as doubles. */
export function numbersFile(): string {
  const file = join(temporaryFolder(), "rows.f64");
  writeFileSync(file, numbers());
  return file;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}
