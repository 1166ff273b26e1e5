import { Readable } from "node:stream";
import {
  createBrotliCompress,
  createBrotliDecompress,
  createGunzip,
  createGzip,
  createZstdCompress,
  createZstdDecompress,
} from "node:zlib";

const codecs = {
  gz: { compress: createGzip, expand: createGunzip },
  br: { compress: createBrotliCompress, expand: createBrotliDecompress },
  zst: { compress: createZstdCompress, expand: createZstdDecompress },
} as const;

/** An ending that says how a file is compressed. */
export type Compression = keyof typeof codecs;

export const compressions = Object.keys(codecs) as Compression[];

/** A file's name without the ending of its compression, and what that is: `initial.json.gz` → `initial.json`, gz. */
export function splitCompression(file: string): { file: string; compression: Compression | undefined } {
  const compression = compressions.find((ending) => file.endsWith(`.${ending}`));
  return compression === undefined ? { file, compression } : { file: file.slice(0, -compression.length - 1), compression };
}

/** The bytes of a text, compressed where that is asked for. */
export function compressed(text: AsyncIterable<string>, compression: Compression | undefined): Readable {
  const source = Readable.from(text);
  return compression === undefined ? source : (source.compose(codecs[compression].compress()) as Readable);
}

/** The text in bytes that may be compressed. */
export async function* expanded(bytes: Readable, compression: Compression | undefined): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const plain = compression === undefined ? bytes : bytes.compose(codecs[compression].expand());
  for await (const part of plain) yield typeof part === "string" ? part : decoder.decode(part as Uint8Array, { stream: true });
  yield decoder.decode();
}
