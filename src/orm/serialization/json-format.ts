import type { SerializationFormat } from "./formats.ts";
import { readWhole } from "./read-whole.ts";

/** One JSON array; a row a line, or indented. */
export const jsonFormat: SerializationFormat = {
  name: "json",
  extensions: ["json"],
  async *write(rows, { indent }) {
    let before = "[\n";
    for await (const row of rows) {
      const text = JSON.stringify(row, null, indent);
      yield `${before}${indent ? text.replace(/^/gm, " ".repeat(indent)) : text}`;
      before = ",\n";
    }
    yield before === "[\n" ? "[]\n" : "\n]\n";
  },
  async *read(text) {
    const parsed: unknown = JSON.parse(await readWhole(text));
    if (!Array.isArray(parsed)) throw new Error("it is not a list of rows");
    yield* parsed;
  },
};
