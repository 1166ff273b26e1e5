import type { Duplex } from "node:stream";
import { FrameReader } from "../../processes/frame-reader.ts";
import { padded, padding } from "../../processes/padding.ts";
import { parseExact } from "../../tensors/exact-integers.ts";
import { type Extra, packValue, unpackValue } from "./python-values.ts";

/** What is said on the line, either way. */
export interface PythonMessage {
  type: string;
  value?: unknown;
  [key: string]: unknown;
}

/** The two lengths before the head. */
const START = 8;

/**
 * How it works: messages cross to a Python process as frames on a socket that it has for nothing else. A frame is its
 * length, the length of its head, the head (JSON), and what JSON has no form for: bytes and arrays, little-endian and
 * aligned to eight bytes, each named by its path into the message's value.
 */
export class PythonLine {
  readonly #socket: Duplex;
  readonly #arrays: "nested" | "tensors";

  constructor(socket: Duplex, arrays: "nested" | "tensors", onMessage: (message: PythonMessage) => void) {
    this.#socket = socket;
    this.#arrays = arrays;
    const reader = new FrameReader((frame) => onMessage(this.#decode(frame)));
    socket.on("data", (chunk: Buffer) => reader.push(chunk));
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
    const parts = pieces.flatMap((piece) => [piece, padding(piece.byteLength)]);
    this.#socket.write(Buffer.concat([start, ...parts]));
  }

  close(): void {
    this.#socket.end();
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

/** Integers of Python are exact, however long. */
function parseHead(text: string): Head {
  return (parseExact(text, Number.POSITIVE_INFINITY) ?? JSON.parse(text)) as Head;
}
