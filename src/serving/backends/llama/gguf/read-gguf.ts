import { closeSync, fstatSync, openSync } from "node:fs";
import { basename } from "node:path";
import { servingErrors } from "../../../errors.ts";
import { FileCursor, FileProblem } from "./file-cursor.ts";
import { type MetadataValue, readMetadata } from "./read-metadata.ts";
import { tensorTypes } from "./tensor-types.ts";

/** What the head of a GGUF file says. */
export interface GgufHead {
  /** `"llama"`, `"bert"`, … */
  architecture: string;
  /** The version of the format. */
  version: number;
  /** Bytes of the file. */
  size: number;
  metadata: ReadonlyMap<string, MetadataValue>;
  /** How many numbers its tensors have of each type. */
  numbers: Readonly<Record<string, number>>;
}

const MAGIC = "GGUF";
const VERSIONS: readonly number[] = [2, 3];
const MOST_TENSORS = 2 ** 16;
const MOST_DIMENSIONS = 4;
const DEFAULT_ALIGNMENT = 32;
const MOST_ALIGNMENT = 2 ** 16;

/**
 * Reads the head of a GGUF file, and holds every length and every place in it against the file, before native code that trusts
 * them sees it.
 * @throws SERVING_BAD_ARTIFACT
 */
export function readGguf(path: string): GgufHead {
  const file = openSync(path, "r");
  try {
    return readHead(new FileCursor(file, fstatSync(file).size));
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw servingErrors.SERVING_BAD_ARTIFACT({ file: basename(path), problem: error.message, hint: hintFor(error.message) });
  } finally {
    closeSync(file);
  }
}

const hintFor = (problem: string): string =>
  problem.includes("parts")
    ? "Join them: llama-gguf-split --merge FIRST-PART model.gguf."
    : "It was cut short or is damaged, unless it was made to do harm: fetch it again from where it comes from.";

function readHead(cursor: FileCursor): GgufHead {
  if (cursor.size < 24 || cursor.take(4).toString("latin1") !== MAGIC) throw new FileProblem("is not a GGUF file");
  const version = cursor.uint32();
  if (!VERSIONS.includes(version))
    throw new FileProblem(`is a GGUF file of version ${version}; versions ${VERSIONS.join(" and ")} are read`);
  const tensors = cursor.count("the number of tensors");
  const entries = cursor.count("the number of entries");
  if (tensors < 1 || tensors > MOST_TENSORS) throw new FileProblem(`says that it has ${tensors} tensors`);
  const metadata = readMetadata(cursor, entries);
  const architecture = metadata.get("general.architecture");
  if (typeof architecture !== "string" || architecture === "") throw new FileProblem("does not say its architecture");
  if (Number(metadata.get("split.count") ?? 1) > 1) throw new FileProblem(`is one of ${metadata.get("split.count")} parts`);
  const numbers = readTensors(cursor, tensors, alignmentOf(metadata));
  return { architecture, version, size: cursor.size, metadata, numbers };
}

function alignmentOf(metadata: ReadonlyMap<string, MetadataValue>): number {
  const alignment = metadata.get("general.alignment") ?? DEFAULT_ALIGNMENT;
  const isSound = typeof alignment === "number" && alignment >= 1 && alignment <= MOST_ALIGNMENT && Number.isInteger(Math.log2(alignment)); // oxfmt-ignore
  if (!isSound) throw new FileProblem(`says that its alignment is ${String(alignment)}`);
  return alignment as number;
}

interface Place {
  name: string;
  offset: number;
  bytes: number;
}

/** How many numbers there are of each type, where every tensor lies within the file. */
function readTensors(cursor: FileCursor, count: number, alignment: number): Record<string, number> {
  const numbers: Record<string, number> = {};
  const places: Place[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const name = cursor.text(`the name of tensor ${i}`);
    if (names.has(name)) throw new FileProblem(`has the tensor ${JSON.stringify(name)} twice`);
    names.add(name);
    const { bytes, elements, type } = readShape(cursor, JSON.stringify(name));
    numbers[type] = (numbers[type] ?? 0) + elements;
    places.push({ name, bytes, offset: cursor.count(`the place of ${JSON.stringify(name)}`) });
  }
  const room = cursor.size - Math.ceil(cursor.position / alignment) * alignment;
  for (const { name, offset, bytes } of places) {
    const tensor = `the tensor ${JSON.stringify(name)}`;
    if (offset % alignment !== 0) throw new FileProblem(`places ${tensor} at ${offset}, which is no multiple of ${alignment}`);
    if (offset + bytes > room)
      throw new FileProblem(`places ${tensor} at ${offset} with ${bytes} bytes, and has ${Math.max(0, room)} for all of them`);
  }
  return numbers;
}

/** How many numbers and bytes a tensor has, by its shape and type. */
function readShape(cursor: FileCursor, name: string): { elements: number; bytes: number; type: string } {
  const dimensions = cursor.uint32();
  if (dimensions < 1 || dimensions > MOST_DIMENSIONS) throw new FileProblem(`gives the tensor ${name} ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => cursor.count(`a size of the tensor ${name}`));
  const type = cursor.uint32();
  const block = tensorTypes[type];
  if (block === undefined) throw new FileProblem(`gives the tensor ${name} the type ${type}, which is not known`);
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements < 1 || !Number.isSafeInteger(elements) || shape[0]! % block[0] !== 0)
    throw new FileProblem(`gives the tensor ${name} the shape [${shape.join(", ")}], which its type cannot have`);
  return { elements, bytes: (elements / block[0]) * block[1], type: block[2] };
}
