import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { compressed, expanded, splitCompression } from "./compression.ts";
import { formatNamed, formatOfExtension } from "./formats.ts";
import type { Fixture } from "./load-data.ts";

/** A file as a fixture: its ending says the format and how it is compressed. `fixtureFile("menu.jsonl.gz")` */
export function fixtureFile(path: string): Fixture {
  const { file, compression } = splitCompression(path);
  const format = formatOfExtension(extname(file).slice(1)) ?? formatNamed(extname(file).slice(1));
  return { file: path, format: format.name, text: expanded(createReadStream(path), compression) };
}

/** What comes in on a stream, of a format that has to be named. `fixtureStream(process.stdin, "jsonl")` */
export function fixtureStream(bytes: Readable, format: string): Fixture {
  return { file: "standard input", format: formatNamed(format).name, text: expanded(bytes, undefined) };
}

/** Writes a text to a file that is there whole or not at all; its ending says how it is compressed. `await writeFixture(dumpData(apps), "all.json.gz")` */
export async function writeFixture(text: AsyncIterable<string>, path: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await pipeline(compressed(text, splitCompression(path).compression), createWriteStream(unfinished));
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}
