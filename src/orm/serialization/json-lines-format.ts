import type { SerializationFormat } from "./formats.ts";

/** A JSON object a line: read and written a row at a time, however many there are. */
export const jsonLinesFormat: SerializationFormat = {
  name: "jsonl",
  extensions: ["jsonl"],
  async *write(rows) {
    for await (const row of rows) yield `${JSON.stringify(row)}\n`;
  },
  async *read(text) {
    let number = 0;
    for await (const line of linesOf(text)) {
      number++;
      if (line.trim() !== "") yield parseLine(line, number);
    }
  },
};

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of text) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  yield rest;
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`line ${number}: ${(error as Error).message}`, { cause: error });
  }
}
