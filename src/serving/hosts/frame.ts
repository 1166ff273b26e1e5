import { datatypes, type Datatype, type TensorData } from "../tensors/datatypes.ts";
import { elementCount, Tensor, type Tensors } from "../tensors/tensor.ts";
import { SPILL_FROM, type SpillFile } from "./spill-file.ts";

/**
 * How it works: tensors cross to a model host as frames. A frame is its length, the length of its head, the head
 * (JSON: names, types, shapes, sizes) and the elements of each tensor, little-endian and aligned to eight bytes, so
 * that the reader looks at them where they are instead of copying. Strings are each a length and UTF-8. The elements
 * of a larger frame lie in the line's spill file, and only the head crosses the socket.
 */
export interface Frame {
  tensors: Tensors;
  /** How long the run took, in an answer. */
  milliseconds?: number;
  /** Why there are no tensors, in an answer. */
  error?: string;
  /** What is said beside the tensors, as JSON: of a body that is read where the model runs, what to do with it. */
  note?: unknown;
}

interface Head {
  t: [name: string, datatype: Datatype, shape: readonly number[], bytes: number][];
  /** How many bytes of elements lie in the spill file. */
  spilled?: number | undefined;
  ms?: number | undefined;
  error?: string | undefined;
  note?: unknown;
}

/** The two lengths before the head. */
const START = 8;
const PADDING = new Uint8Array(8);

const padded = (length: number): number => length + (-length & 7);

/** A frame, as one piece to be written. */
export function encodeFrame(frame: Frame, spill: SpillFile): Buffer {
  const head: Head = { t: [], ms: frame.milliseconds, error: frame.error, note: frame.note };
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const name in frame.tensors) {
    const { datatype, shape, data } = frame.tensors[name]!;
    const bytes = elementBytes(data);
    const size = padded(bytes.byteLength);
    head.t.push([name, datatype, shape, bytes.byteLength]);
    pieces.push(bytes);
    if (size > bytes.byteLength) pieces.push(PADDING.subarray(0, size - bytes.byteLength));
    length += size;
  }
  if (length < SPILL_FROM || !spill.write(pieces, length)) return assemble(head, pieces, length);
  head.spilled = length;
  return assemble(head, [], 0);
}

function assemble(head: Head, pieces: readonly Uint8Array[], length: number): Buffer {
  const text = JSON.stringify(head);
  const headLength = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(START + padded(headLength) + length);
  frame.writeUInt32LE(frame.byteLength - 4, 0);
  frame.writeUInt32LE(headLength, 4);
  frame.write(text, START);
  let at = START + padded(headLength);
  for (const piece of pieces) {
    frame.set(piece, at);
    at += piece.byteLength;
  }
  return frame;
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

/** Reads a frame that is whole in `buffer`, its length included. The tensors look into the buffer, or into what was spilled. */
function decodeFrame(buffer: Buffer, spill: SpillFile): Frame {
  const headLength = buffer.readUInt32LE(4);
  const head = JSON.parse(buffer.toString("utf8", START, START + headLength)) as Head;
  const body = head.spilled === undefined ? buffer.subarray(START + padded(headLength)) : spill.read(head.spilled);
  const tensors: Tensors = Object.create(null) as Tensors;
  let at = 0;
  for (const [name, datatype, shape, bytes] of head.t) {
    tensors[name] = new Tensor(datatype, shape, decodeElements(datatype, shape, body.subarray(at, at + bytes)));
    at += padded(bytes);
  }
  const { ms = 0, error, note } = head;
  return { tensors, milliseconds: ms, ...(error === undefined ? {} : { error }), ...(note === undefined ? {} : { note }) };
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
  readonly #spill: SpillFile;
  readonly #onFrame: (frame: Frame) => void;
  #lengthBytes = Buffer.alloc(0);
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(spill: SpillFile, onFrame: (frame: Frame) => void) {
    this.#spill = spill;
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.byteLength > 0) {
      if (this.#frame === undefined) {
        const start = this.#lengthBytes.byteLength === 0 ? rest : Buffer.concat([this.#lengthBytes, rest]);
        if (start.byteLength < 4) return void (this.#lengthBytes = Buffer.from(start));
        this.#lengthBytes = Buffer.alloc(0);
        // A buffer of its own, so that the elements begin where their type may begin.
        this.#frame = Buffer.from(new ArrayBuffer(4 + start.readUInt32LE(0)));
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
      this.#onFrame(decodeFrame(frame, this.#spill));
    }
    return chunk.subarray(copied);
  }
}
