import { padded, padding } from "../processes/padding.ts";
import { tensorBytes } from "../tensors/bytes.ts";
import { datatypes, type Datatype, type TensorData } from "../tensors/datatypes.ts";
import { elementCount, noTensors, Tensor, type Tensors } from "../tensors/tensor.ts";
import { SPILL_FROM, type SpillFile } from "./spill-file.ts";

/**
 * How it works: tensors cross to a model host as frames. A frame is its length, the length of its head, the head
 * (JSON: names, types, shapes, sizes) and the elements of each tensor, little-endian and aligned to eight bytes, so
 * that the reader looks at them where they are instead of copying. Strings are each a length and UTF-8. The elements
 * of a larger frame lie in one of the line's spill files, and only the head crosses the socket.
 */
export interface Frame {
  tensors: Tensors;
  /** Which of the line's spill files holds its elements, where they are many. */
  lane: number;
  /** How long the run took, in an answer. */
  milliseconds?: number;
  /** Why there are no tensors, in an answer. */
  error?: string;
  /** What is said beside the tensors, as JSON: of bodies that are read where the model runs, what to do with them. */
  note?: unknown;
}

interface Head {
  t: [name: string, datatype: Datatype, shape: readonly number[], bytes: number][];
  lane: number;
  /** How many bytes of elements lie in the spill file. */
  spilled?: number | undefined;
  ms?: number | undefined;
  error?: string | undefined;
  note?: unknown;
}

/** The two lengths before the head. */
const START = 8;

/** A frame, as one piece to be written. */
export function encodeFrame(frame: Frame, spills: readonly SpillFile[]): Buffer {
  const head: Head = { t: [], lane: frame.lane, ms: frame.milliseconds, error: frame.error, note: frame.note };
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const name in frame.tensors) {
    const tensor = frame.tensors[name]!;
    const bytes = tensorBytes(tensor);
    head.t.push([name, tensor.datatype, tensor.shape, bytes.byteLength]);
    pieces.push(bytes);
    const rest = padding(bytes.byteLength);
    if (rest.byteLength > 0) pieces.push(rest);
    length += padded(bytes.byteLength);
  }
  if (length < SPILL_FROM || !spills[frame.lane]!.write(pieces, length)) return assemble(head, pieces, length);
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

/** Reads a frame that is whole in `buffer`, its length included. The tensors look into the buffer, or into what was spilled. */
export function decodeFrame(buffer: Buffer, spills: readonly SpillFile[]): Frame {
  const headLength = buffer.readUInt32LE(4);
  const head = JSON.parse(buffer.toString("utf8", START, START + headLength)) as Head;
  const { lane, spilled } = head;
  const body = spilled === undefined ? buffer.subarray(START + padded(headLength)) : spills[lane]!.read(spilled);
  const tensors = noTensors();
  let at = 0;
  for (const [name, datatype, shape, bytes] of head.t) {
    tensors[name] = new Tensor(datatype, shape, decodeElements(datatype, shape, body.subarray(at, at + bytes)));
    at += padded(bytes);
  }
  const { ms = 0, error, note } = head;
  return { tensors, lane, milliseconds: ms, ...(error === undefined ? {} : { error }), ...(note === undefined ? {} : { note }) };
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
