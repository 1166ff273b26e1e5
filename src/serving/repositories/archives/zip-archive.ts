import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { type ArchiveFolder, badArchive, shownEntry } from "./archive-folder.ts";

interface ZipEntry {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  /** The kind of file that Unix would make of it. */
  kind: number;
  /** Where its local header is. */
  at: number;
}

const END = 0x06_05_4b_50;
const END64_LOCATOR = 0x07_06_4b_50;
const END64 = 0x06_06_4b_50;
const CENTRAL = 0x02_01_4b_50;
const LOCAL = 0x04_03_4b_50;
const MOST_DIRECTORY = 64 * 1024 * 1024;
const NAMELESS = 0xffff_ffff;
const [STORED, DEFLATED] = [0, 8];
const [KIND, REGULAR, FOLDER] = [0o170_000, 0o100_000, 0o040_000];

/** Takes a zip archive apart, by its directory at the end. Every offset is held against the file's size before it is followed. */
export async function extractZip(path: string, folder: ArchiveFolder): Promise<void> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const entries = await readDirectory(file, size);
    refuseOverlaps(entries);
    for (const entry of entries) {
      refuseOddities(entry);
      if (entry.name.endsWith("/") || entry.kind === FOLDER) await folder.addFolder(entry.name);
      else await folder.addFile(entry.name, contentOf(entry, { path, file, size }));
    }
  } finally {
    await file.close();
  }
}

function refuseOddities({ name, flags, method, kind }: ZipEntry): void {
  const refuse = (problem: string) => badArchive(`holds ${shownEntry(name)}, which ${problem}`);
  if (flags & 1) throw refuse("is encrypted");
  if (kind !== 0 && kind !== REGULAR && kind !== FOLDER) throw refuse("is a link or a device");
  if (method !== STORED && method !== DEFLATED) throw refuse("is packed in a way that is not known here");
}

/** Small archives that unpack to much share one packed content between many names. */
function refuseOverlaps(entries: readonly ZipEntry[]): void {
  const sorted = entries.toSorted((a, b) => a.at - b.at);
  const overlap = sorted.find((entry, i) => entry.at + entry.packed > (sorted[i + 1]?.at ?? Infinity));
  if (overlap) throw badArchive(`holds ${shownEntry(overlap.name)} over another file`);
}

async function* contentOf(
  entry: ZipEntry,
  { path, file, size }: { path: string; file: FileHandle; size: number },
): AsyncGenerator<Buffer> {
  const broken = () => badArchive(`is damaged at ${shownEntry(entry.name)}`);
  const header = await readAt(file, { at: entry.at, length: 30, size });
  if (header.readUInt32LE(0) !== LOCAL) throw broken();
  const start = entry.at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.packed > size) throw broken();
  if (entry.packed > 0) {
    const packed = createReadStream(path, { start, end: start + entry.packed - 1 });
    const chunks = entry.method === STORED ? packed : packed.pipe(createInflateRaw());
    packed.on("error", (error) => chunks.destroy(error));
    let [sum, length] = [0, 0];
    try {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        length += chunk.byteLength;
        if (length > entry.size) throw badArchive(`holds ${shownEntry(entry.name)}, which is longer than it says`);
        yield chunk;
      }
    } catch (error) {
      if (String((error as NodeJS.ErrnoException).code).startsWith("Z_")) throw broken();
      throw error;
    } finally {
      packed.destroy();
      chunks.destroy();
    }
    if (sum !== entry.crc || length !== entry.size) throw broken();
  } else if (entry.size > 0) throw broken();
}

async function readDirectory(file: FileHandle, size: number): Promise<ZipEntry[]> {
  const { at, length } = await findDirectory(file, size);
  if (length > MOST_DIRECTORY) throw badArchive("has a directory that is too long");
  const bytes = await readAt(file, { at, length, size });
  const entries: ZipEntry[] = [];
  for (let position = 0; position < length;) {
    if (position + 46 > length || bytes.readUInt32LE(position) !== CENTRAL) throw badArchive("has a damaged directory");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(position + offset)) as [
      number,
      number,
      number,
    ];
    const end = position + 46 + nameLength + extraLength + commentLength;
    if (end > length) throw badArchive("has a damaged directory");
    const extra = bytes.subarray(position + 46 + nameLength, position + 46 + nameLength + extraLength);
    const entry: ZipEntry = {
      name: bytes.toString("utf8", position + 46, position + 46 + nameLength),
      flags: bytes.readUInt16LE(position + 8),
      method: bytes.readUInt16LE(position + 10),
      crc: bytes.readUInt32LE(position + 16),
      packed: bytes.readUInt32LE(position + 20),
      size: bytes.readUInt32LE(position + 24),
      kind: (bytes.readUInt32LE(position + 38) >>> 16) & KIND,
      at: bytes.readUInt32LE(position + 42),
    };
    entries.push(withLongNumbers(entry, extra));
    position = end;
  }
  return entries;
}

/** Numbers that do not fit into four bytes stand in an extra field, in a fixed order. */
function withLongNumbers(entry: ZipEntry, extra: Buffer): ZipEntry {
  const long = { ...entry };
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    let field = extra.subarray(at + 4, at + 4 + length);
    if (id === 1) {
      for (const key of ["size", "packed", "at"] as const) {
        if (long[key] !== NAMELESS || field.byteLength < 8) continue;
        long[key] = Number(field.readBigUInt64LE(0));
        field = field.subarray(8);
      }
    }
    at += 4 + length;
  }
  return long;
}

/** The directory's place, from the record at the end of the file, which a comment may follow. */
async function findDirectory(file: FileHandle, size: number): Promise<{ at: number; length: number }> {
  const tailLength = Math.min(size, 22 + 0xffff);
  const tail = await readAt(file, { at: size - tailLength, length: tailLength, size });
  let at = tailLength - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw badArchive("is a zip file that breaks off");
  const place = { at: tail.readUInt32LE(at + 16), length: tail.readUInt32LE(at + 12) };
  const locator = at - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== END64_LOCATOR) return place;
  const record = await readAt(file, { at: Number(tail.readBigUInt64LE(locator + 8)), length: 56, size });
  if (record.readUInt32LE(0) !== END64) throw badArchive("has a damaged directory");
  return { at: Number(record.readBigUInt64LE(48)), length: Number(record.readBigUInt64LE(40)) };
}

async function readAt(file: FileHandle, { at, length, size }: { at: number; length: number; size: number }): Promise<Buffer> {
  if (at < 0 || at + length > size) throw badArchive("says of itself that it is longer than it is");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead < length) throw badArchive("breaks off");
  return buffer;
}
