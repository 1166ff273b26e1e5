import type { Duplex } from "node:stream";
import { type Extra, packValue, unpackValue } from "./python-values.ts";

/** What is said on the line, either way. */
export interface PythonMessage {
  type: string;
  value?: unknown;
  [key: string]: unknown;
}

/** The two lengths before the head. */
const START = 8;
const PADDING = new Uint8Array(8);
/** An integer that a double cannot hold, standing alone. */
const LONG_INTEGER = /[[,:\s]-?\d{16,}\s*[\],}]/;

const padded = (length: number): number => length + (-length & 7);

/**
 * How it works: messages cross to a Python process as frames on a socket that it has for nothing else. A frame is its
 * length, the length of its head, the head (JSON), and what JSON has no form for: bytes and arrays, little-endian and
 * aligned to eight bytes, each named by its path into the message's value.
 */
export class PythonLine {
  readonly #socket: Duplex;
  readonly #arrays: "nested" | "tensors";
  readonly #onMessage: (message: PythonMessage) => void;
  #start = Buffer.alloc(0);
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(socket: Duplex, arrays: "nested" | "tensors", onMessage: (message: PythonMessage) => void) {
    this.#socket = socket;
    this.#arrays = arrays;
    this.#onMessage = onMessage;
    socket.on("data", (chunk: Buffer) => this.#push(chunk));
    // Why it broke is told by the end of the process.
    socket.on("error", () => socket.destroy());
  }

  send({ value, ...head }: PythonMessage): void {
    const { text, extras, pieces } = packValue(value);
    const tail = extras.length > 0 ? `,"extras":${JSON.stringify(extras)}}` : "}";
    const json = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"value":${text}${tail}`);
    const length = pieces.reduce((sum, piece) => sum + padded(piece.byteLength), 0);
    const start = Buffer.allocUnsafe(START + padded(json.byteLength)).fill(" ", START + json.byteLength);
    start.writeUInt32LE(start.byteLength - 4 + length, 0);
    start.writeUInt32LE(json.byteLength, 4);
    start.set(json, START);
    if (pieces.length === 0) return void this.#socket.write(start);
    const parts = pieces.flatMap((piece) => [piece, PADDING.subarray(0, -piece.byteLength & 7)]);
    this.#socket.write(Buffer.concat([start, ...parts]));
  }

  close(): void {
    this.#socket.end();
  }

  #push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.byteLength > 0) {
      if (this.#frame === undefined) {
        const start = this.#start.byteLength === 0 ? rest : Buffer.concat([this.#start, rest]);
        if (start.byteLength < 4) return void (this.#start = Buffer.from(start));
        this.#start = Buffer.alloc(0);
        // A buffer of its own, so that arrays begin where their type may begin.
        this.#frame = Buffer.from(new ArrayBuffer(4 + start.readUInt32LE(0)));
        this.#filled = 0;
        rest = start;
      }
      const copied = rest.copy(this.#frame, this.#filled);
      this.#filled += copied;
      rest = rest.subarray(copied);
      if (this.#filled === this.#frame.byteLength) {
        const frame = this.#frame;
        this.#frame = undefined;
        this.#onMessage(this.#decode(frame));
      }
    }
  }

  #decode(frame: Buffer): PythonMessage {
    const headLength = frame.readUInt32LE(4);
    const { extras, ...message } = parseHead(frame.toString("utf8", START, START + headLength));
    if (extras === undefined) return message;
    const body = frame.subarray(START + padded(headLength));
    return { ...message, value: unpackValue(message.value, { extras, body, arrays: this.#arrays }) };
  }
}

type Head = PythonMessage & { extras?: Extra[] };

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** Integers of Python are exact, however long. */
const exactInteger: Reviver = (_key, value, { source }) =>
  typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value;

function parseHead(text: string): Head {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text) as Head;
  return JSON.parse(text, exactInteger as (key: string, value: unknown) => unknown) as Head;
}
