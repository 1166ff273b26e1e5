import { readSync } from "node:fs";

/** Bytes that are read from the file at once. */
const WINDOW = 2 ** 20;
/** The most bytes of one text. */
const LONGEST_TEXT = 16 * 2 ** 20;

/** What is wrong with a file, in words that follow its name. */
export class FileProblem extends Error {}

/** Reads a file from its beginning, little-endian, and never past its end, whatever lengths it tells of. @throws FileProblem */
export class FileCursor {
  /** How many bytes have been read or passed over. */
  position = 0;
  readonly size: number;
  readonly #file: number;
  #window = Buffer.alloc(0);
  #start = 0;

  constructor(file: number, size: number) {
    this.#file = file;
    this.size = size;
  }

  get left(): number {
    return this.size - this.position;
  }

  /** The next bytes, where they lie until the next read. */
  take(count: number): Buffer {
    this.#demand(count);
    let at = this.position - this.#start;
    if (at < 0 || at + count > this.#window.byteLength) {
      this.#window = Buffer.alloc(Math.min(Math.max(count, WINDOW), this.left));
      if (readSync(this.#file, this.#window, 0, this.#window.byteLength, this.position) < count)
        throw new FileProblem("cannot be read to its end");
      this.#start = this.position;
      at = 0;
    }
    this.position += count;
    return this.#window.subarray(at, at + count);
  }

  pass(count: number): void {
    this.#demand(count);
    this.position += count;
  }

  uint32(): number {
    return this.take(4).readUInt32LE();
  }

  /** A number of 64 bits that counts something. */
  count(what: string): number {
    const value = this.take(8).readBigUInt64LE();
    if (value > Number.MAX_SAFE_INTEGER) throw new FileProblem(`says that ${what} is ${value}`);
    return Number(value);
  }

  text(what: string): string {
    const length = this.count(`the length of ${what}`);
    if (length > LONGEST_TEXT) throw new FileProblem(`says that ${what} has ${length} bytes`);
    return this.take(length).toString("utf8");
  }

  #demand(count: number): void {
    if (count > this.left) throw new FileProblem(`ends within its head, after ${this.size} bytes`);
  }
}
