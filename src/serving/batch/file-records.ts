import { createReadStream } from "node:fs";
import { servingErrors } from "../errors.ts";

/** A piece of a file: a line, a line of a table, an element of an array. */
export interface FileRecord {
  text: string;
  /** Where the next one begins, in bytes. */
  end: number;
}

/** What files of rows are written in. */
export type RowsFormat = "jsonl" | "csv" | "json";

/** Bytes that a record may have. */
const LARGEST = 64 * 2 ** 20;
const PIECE = 256 * 1024;

/** The records of a file from an offset on, without reading more of it than is needed. @throws SERVING_BAD_ROWS */
export async function* fileRecords(file: string, format: RowsFormat, from = 0): AsyncGenerator<FileRecord, void, undefined> {
  const ends = scanners[format](from > 0);
  let begun: Buffer[] = [];
  let size = 0;
  let at = from;
  const bad = (problem: string) => servingErrors.SERVING_BAD_ROWS({ file, problem });
  for await (const piece of createReadStream(file, { start: from, highWaterMark: PIECE }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let i = 0; i < piece.length; i++) {
      const found = ends(piece[i]!);
      if (found === "no") continue;
      if (found === "bad") throw bad(`is not an array of JSON at byte ${at + i}`);
      // The bracket that ends an array is read again by who goes on from there, to know that it is whole.
      const end = at + i + (format === "json" && CLOSING.has(piece[i]!) ? 0 : 1);
      if (found === "end") yield { text: textOf([...begun, piece.subarray(start, i)]), end };
      begun = [];
      size = 0;
      start = i + 1;
    }
    begun.push(piece.subarray(start));
    size += piece.length - start;
    at += piece.length;
    if (size > LARGEST) throw bad(`has a row of more than ${LARGEST / 2 ** 20} MB before byte ${at}`);
  }
  const rest = textOf(begun);
  if (format !== "json") yield { text: rest, end: at };
  else if (ends(NOTHING) === "bad") throw bad("is not a whole array of JSON: it is cut off");
}

function textOf(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces)
    .toString()
    .replace(/^\ufeff/, "")
    .trim();
}

/** Whether a byte ends a record; `drop` is one that ends nothing worth having. */
type Scanner = (byte: number) => "no" | "end" | "drop" | "bad";

const NOTHING = -1;
const [NEWLINE, QUOTE, COMMA, BACKSLASH] = [10, 34, 44, 92];
const OPENING = new Set([..."[{"].map((each) => each.charCodeAt(0)));
const CLOSING = new Set([..."]}"].map((each) => each.charCodeAt(0)));
const BLANK = new Set([9, 10, 13, 32, 0xef, 0xbb, 0xbf]);

const scanners: Readonly<Record<RowsFormat, (inside: boolean) => Scanner>> = {
  jsonl: () => (byte) => (byte === NEWLINE ? "end" : "no"),
  csv: () => {
    let quoted = false;
    return (byte) => {
      if (byte === QUOTE) quoted = !quoted;
      return byte === NEWLINE && !quoted ? "end" : "no";
    };
  },
  json: (inside) => arrayScanner(inside),
};

/** Finds the ends of an array's elements by brackets and quotes alone; what lies between is parsed later. */
function arrayScanner(inside: boolean): Scanner {
  let depth = inside ? 1 : 0;
  let over = false;
  let quoted = false;
  let escaped = false;
  return (byte) => {
    if (byte === NOTHING) return over ? "end" : "bad";
    if (quoted) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) quoted = false;
      return "no";
    }
    if (BLANK.has(byte)) return "no";
    if (over) return "bad";
    if (depth === 0) {
      depth = 1;
      return byte === "[".charCodeAt(0) ? "drop" : "bad";
    }
    if (byte === QUOTE) quoted = true;
    else if (OPENING.has(byte)) depth++;
    else if (CLOSING.has(byte)) {
      over = --depth === 0;
      return over ? "end" : "no";
    } else if (byte === COMMA && depth === 1) return "end";
    return "no";
  };
}
