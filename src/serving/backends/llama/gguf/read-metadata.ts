import { type FileCursor, FileProblem } from "./file-cursor.ts";

/** A value of a file's metadata; lists are passed over. */
export type MetadataValue = string | number | bigint | boolean | undefined;

const STRING = 8;
const LIST = 9;
/** The most entries, and the most elements of a list. */
const MOST_ENTRIES = 2 ** 16;
const MOST_ELEMENTS = 2 ** 24;

/** Bytes of the types of one size, by their numbers, and how they are read. */
const scalars: Readonly<Record<number, { size: number; read: (bytes: Buffer) => MetadataValue }>> = {
  0: { size: 1, read: (bytes) => bytes.readUInt8() },
  1: { size: 1, read: (bytes) => bytes.readInt8() },
  2: { size: 2, read: (bytes) => bytes.readUInt16LE() },
  3: { size: 2, read: (bytes) => bytes.readInt16LE() },
  4: { size: 4, read: (bytes) => bytes.readUInt32LE() },
  5: { size: 4, read: (bytes) => bytes.readInt32LE() },
  6: { size: 4, read: (bytes) => bytes.readFloatLE() },
  7: { size: 1, read: (bytes) => bytes[0] === 1 },
  10: { size: 8, read: (bytes) => bytes.readBigUInt64LE() },
  11: { size: 8, read: (bytes) => bytes.readBigInt64LE() },
  12: { size: 8, read: (bytes) => bytes.readDoubleLE() },
};

/** Reads what a file says of its model: so many names with values. @throws FileProblem */
export function readMetadata(cursor: FileCursor, entries: number): Map<string, MetadataValue> {
  if (entries > MOST_ENTRIES) throw new FileProblem(`says that it has ${entries} entries of metadata`);
  const metadata = new Map<string, MetadataValue>();
  for (let i = 0; i < entries; i++) {
    const key = cursor.text(`the name of entry ${i}`);
    if (metadata.has(key)) throw new FileProblem(`says ${JSON.stringify(key)} twice`);
    metadata.set(key, readValue(cursor, JSON.stringify(key)));
  }
  return metadata;
}

function readValue(cursor: FileCursor, key: string): MetadataValue {
  const type = cursor.uint32();
  if (type === STRING) return cursor.text(key);
  if (type === LIST) return passList(cursor, key);
  const scalar = scalars[type];
  if (scalar === undefined) throw new FileProblem(`gives ${key} the type ${type}, which there is not`);
  return scalar.read(cursor.take(scalar.size));
}

function passList(cursor: FileCursor, key: string): undefined {
  const type = cursor.uint32();
  const length = cursor.count(`the length of ${key}`);
  const size = type === STRING ? 8 : scalars[type]?.size;
  if (size === undefined) throw new FileProblem(`gives ${key} elements of the type ${type}, which there is not`);
  if (length > MOST_ELEMENTS || length * size > cursor.left)
    throw new FileProblem(`says that ${key} has ${length} elements, which it cannot hold`);
  if (type !== STRING) return cursor.pass(length * size) as undefined;
  for (let i = 0; i < length; i++) cursor.text(`element ${i} of ${key}`);
  return undefined;
}
