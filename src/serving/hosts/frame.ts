import { datatypes, type Datatype, type TensorData } from "../tensors/datatypes.ts";
import { elementCount, Tensor, type Tensors } from "../tensors/tensor.ts";

/**
 * How it works: tensors cross to a model host as frames. A frame is its length, the length of its head, the head
 * (JSON: names, types, shapes, sizes) and the elements of each tensor, little-endian and aligned to eight bytes, so
 * that the reader looks at them where they are instead of copying. Strings are each a length and UTF-8.
 */
export interface Frame {
  tensors: Tensors;
  /** How long the run took, in an answer. */
  milliseconds?: number;
  /** Why there are no tensors, in an answer. */
  error?: string;
}

interface Head {
  t: [name: string, datatype: Datatype, shape: readonly number[], bytes: number][];
  ms?: number | undefined;
  error?: string | undefined;
}

const LENGTHS = 8;
const PADDING = Buffer.alloc(8);

/** The pieces of a frame, to be written one after the other. */
export function encodeFrame(frame: Frame): Uint8Array[] {
  const head: Head = { t: [], ms: frame.milliseconds, error: frame.error };
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const name in frame.tensors) {
    const { datatype, shape, data } = frame.tensors[name]!;
    const bytes = elementBytes(data);
    head.t.push([name, datatype, shape, bytes.byteLength]);
    pieces.push(bytes);
    const padding = -bytes.byteLength & 7;
    if (padding > 0) pieces.push(PADDING.subarray(0, padding));
    length += bytes.byteLength + padding;
  }
  const text = Buffer.from(JSON.stringify(head));
  const start = alignedStart(text.byteLength);
  const first = Buffer.alloc(start);
  first.writeUInt32LE(start - 4 + length, 0);
  first.writeUInt32LE(text.byteLength, 4);
  text.copy(first, LENGTHS);
  return [first, ...pieces];
}

function alignedStart(headLength: number): number {
  return LENGTHS + headLength + (-headLength & 7);
}

function elementBytes(data: TensorData): Uint8Array {
  if (!Array.isArray(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat(
    data.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.byteLength);
      return [length, bytes];
    }),
  );
}

/** Reads a frame that is whole in `buffer`, its length included. The tensors look into the buffer. */
function decodeFrame(buffer: Buffer): Frame {
  const headLength = buffer.readUInt32LE(4);
  const head = JSON.parse(buffer.toString("utf8", LENGTHS, LENGTHS + headLength)) as Head;
  const tensors: Tensors = Object.create(null) as Tensors;
  let at = alignedStart(headLength);
  for (const [name, datatype, shape, bytes] of head.t) {
    tensors[name] = new Tensor(datatype, shape, decodeElements(datatype, shape, buffer.subarray(at, at + bytes)));
    at += bytes + (-bytes & 7);
  }
  return { tensors, milliseconds: head.ms ?? 0, ...(head.error === undefined ? {} : { error: head.error }) };
}

function decodeElements(datatype: Datatype, shape: readonly number[], bytes: Buffer): TensorData {
  const { array } = datatypes[datatype];
  const count = elementCount(shape);
  if (array !== undefined) return new array(bytes.buffer, bytes.byteOffset, count);
  const strings: string[] = [];
  for (let at = 0; strings.length < count;) {
    const length = bytes.readUInt32LE(at);
    strings.push(bytes.toString("utf8", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return strings;
}

/** Puts the pieces that a socket delivers back together, and gives each frame when it is whole. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #lengthBytes = Buffer.alloc(0);
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.byteLength > 0) {
      if (this.#frame === undefined) {
        const start = this.#lengthBytes.byteLength === 0 ? rest : Buffer.concat([this.#lengthBytes, rest]);
        if (start.byteLength < 4) return void (this.#lengthBytes = Buffer.from(start));
        this.#lengthBytes = Buffer.alloc(0);
        const total = 4 + start.readUInt32LE(0);
        this.#frame = Buffer.from(new ArrayBuffer(total));
        this.#filled = 0;
        rest = start;
      }
      rest = this.#fill(this.#frame, rest);
    }
  }

  #fill(frame: Buffer, chunk: Buffer): Buffer {
    const copied = chunk.copy(frame, this.#filled);
    this.#filled += copied;
    if (this.#filled === frame.byteLength) {
      this.#frame = undefined;
      this.#onFrame(decodeFrame(frame));
    }
    return chunk.subarray(copied);
  }
}
