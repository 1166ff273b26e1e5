// Reads the fenced blocks of a page, and says what each is for.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** A fenced block of a page. One that opens with a comment of a path, `// shop/models.ts`, is that file. */
export interface DocBlock {
  /** `docs/guides/pages.md:12` */
  place: string;
  language: string;
  text: string;
  file: string | undefined;
}

const filePattern = /^(?:\/\/|\{#) ([\w./-]+\.(?:ts|html))(?: #\})?$/;

/** The blocks of a page of the repository, in their order. */
export function blocksOf(page: string): DocBlock[] {
  const source = readFileSync(join(root, page), "utf8");
  return [...source.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => {
    const text = match[2]!;
    const line = source.slice(0, match.index).split("\n").length + 1;
    return { place: `${page}:${line}`, language: match[1]!, text, file: filePattern.exec(text.split("\n", 1)[0]!)?.[1] };
  });
}
