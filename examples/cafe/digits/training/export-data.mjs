// Writes the digits as raw bytes that train.py reads: data/images.bin (n × 784, 0–255) and data/labels.bin (n).
import { mkdirSync, writeFileSync } from "node:fs";
import { dealDigits } from "./deal-digits.mjs";

const { images, labels } = dealDigits();
mkdirSync("data", { recursive: true });
writeFileSync(
  "data/images.bin",
  Uint8Array.from(images.flat(), (pixel) => Math.round(pixel * 255)),
);
writeFileSync("data/labels.bin", Uint8Array.from(labels));
console.log(`${labels.length} digits`);
