import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A few lines of a program around the one that threw. */
export interface SourceExcerpt {
  file: string;
  lines: readonly { number: number; text: string; isIt: boolean }[];
}

const place = /(file:\/\/[^\s)]+):(\d+):\d+\)?$/;
const around = 3;

/** The lines that a line of a stack points at; undefined where it points at no file that can be read. */
export function sourceExcerpt(stackLine: string): SourceExcerpt | undefined {
  const found = place.exec(stackLine);
  if (found === null) return undefined;
  try {
    const file = fileURLToPath(found[1]!);
    const at = Number(found[2]);
    const source = readFileSync(file, "utf8").split("\n");
    const first = Math.max(1, at - around);
    const lines = source.slice(first - 1, at + around).map((text, i) => ({ number: first + i, text, isIt: first + i === at }));
    return { file, lines };
  } catch {
    return undefined;
  }
}
