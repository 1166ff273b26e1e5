/** Chance that is the same in every run, and what is made by it. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.#state / 2 ** 31;
  }

  /** A whole number from 0 up to `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most) }, () => this.below(256)));
  }

  /** JSON text, some of it no JSON at all, with these names in its objects. */
  json(names: readonly string[], depth = 4): string {
    if (depth === 0 || this.next() < 0.25) return this.pick(scalars);
    const count = this.below(4);
    if (this.next() < 0.4) return `[${Array.from({ length: count }, () => this.json(names, depth - 1)).join()}]`;
    return this.object(names, depth);
  }

  object(names: readonly string[], depth = 4): string {
    const member = () => `${JSON.stringify(this.pick(names))}: ${this.json(names, depth - 1)}`;
    return `{${Array.from({ length: 1 + this.below(4) }, member).join()}}`;
  }

  /** The bytes with some of them changed, left out or doubled. */
  mutated(bytes: Uint8Array): Buffer {
    const made = [...bytes];
    for (let i = 0; i <= this.below(6); i++) {
      const at = this.below(made.length);
      const turn = this.below(4);
      if (turn === 0) made.splice(at, 1 + this.below(8));
      else if (turn === 1) made.splice(at, 0, ...this.bytes(8));
      else if (turn === 2) made[at] = 255;
      else made[at] = this.below(256);
    }
    return Buffer.from(made);
  }
}

const scalars = [
  "0",
  "1",
  "-1",
  "-0",
  "1.5",
  "1e999",
  "-1e999",
  "1e-400",
  "9007199254740993",
  "18446744073709551616",
  "99999999999999999999999999",
  '""',
  '"a"',
  '"1"',
  '"\\u0000"',
  '"\\ud800"',
  '"\u{1F600}"',
  '"../../etc/passwd"',
  '"file:///etc/passwd"',
  '"http://127.0.0.1:1/"',
  '"__proto__"',
  '"constructor"',
  '"x"',
  '"FP32"',
  '"INT64"',
  '"BYTES"',
  "[2, 2]",
  "[1]",
  "[-1]",
  "[4294967296, 4294967296]",
  "[1, 2]",
  "true",
  "false",
  "null",
  "NaN",
  "[]",
  "{}",
  '{"length": 3}',
];

/** Names and parts of addresses that are meant to be taken for something else. */
export const hostileNames: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "..",
  ".",
  "%2e%2e",
  "%2e%2e%2fetc%2fpasswd",
  "..%5c..%5cwindows",
  "%00",
  "a%00b",
  "%0d%0aset-cookie:%20a=b",
  "%ff",
  "%c0%ae%c0%ae",
  "%u002e",
  "C:%5cmodels",
  "file:%2f%2f%2fetc",
  "1e3",
  "-1",
  "01",
  "9".repeat(40),
  "a".repeat(300),
  "%F0%9F%98%80",
  "%3Cscript%3E",
  "'%20or%201=1--",
  "$%7Bjndi%7D",
  ";rm%20-rf",
];

/** What no answer may hold: stacks, places of files, the process's own words for faults. */
export const inside =
  /node_modules|onnxruntime_src|\.[jt]s:\d|\bat (?:async )?\w+ \(|\/work\/|\/tmp\/|\/home\/|cortado-test-|TypeError|RangeError|ENOENT|EACCES|SQLITE|sqlite3|errno/;
