import { type ArchiveFolder, badArchive, shownEntry } from "./archive-folder.ts";

const BLOCK = 512;
/** The most bytes of a header that tells of the next one. */
const MOST_HEADER = 1024 * 1024;

interface TarHeader {
  name: string;
  size: number;
  kind: string;
}

/** Takes a tar archive apart as it comes. Only files and folders are taken; links, devices and sparse files are refused. */
export async function extractTar(chunks: AsyncIterable<Buffer>, folder: ArchiveFolder): Promise<void> {
  const blocks = new BlockReader(chunks);
  let next: Partial<Pick<TarHeader, "name" | "size">> = {};
  for (let header = await readHeader(blocks); header !== undefined; header = await readHeader(blocks)) {
    const { kind, name, size } = { ...header, ...(isAboutNext(header) ? {} : next) };
    if (kind === "L") next = { ...next, name: (await blocks.text(size)).replace(/\0+$/, "") };
    else if (kind === "x") next = { ...next, ...paxFields(await blocks.bytes(size)) };
    else if (kind === "g") await blocks.bytes(size);
    else {
      if (kind === "5") await folder.addFolder(name);
      else if (kind === "0") await folder.addFile(name, blocks.content(size));
      else throw badArchive(`holds ${shownEntry(name)}, which is a link, a device or something else that is no file`);
      next = {};
    }
  }
}

const isAboutNext = ({ kind }: TarHeader): boolean => kind === "L" || kind === "x" || kind === "g";

async function readHeader(blocks: BlockReader): Promise<TarHeader | undefined> {
  const block = await blocks.block();
  if (block === undefined || block.every((byte) => byte === 0)) return undefined;
  const text = (start: number, length: number): string => {
    const field = block.subarray(start, start + length);
    const end = field.indexOf(0);
    return field.toString("utf8", 0, end < 0 ? length : end);
  };
  if (checksum(block) !== Number.parseInt(text(148, 8), 8)) throw badArchive("is damaged: a header's sum is wrong");
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  const name = prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  const kind = text(156, 1) || "0";
  return { name, size: numberOf(block.subarray(124, 136)), kind: kind === "0" && name.endsWith("/") ? "5" : kind };
}

/** The sum of a header's bytes, its own field counted as spaces. */
function checksum(block: Buffer): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

/** Octal digits; large ones are bytes behind a set bit. */
function numberOf(field: Buffer): number {
  const size =
    field[0]! & 0x80
      ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0)
      : Number.parseInt(field.toString("latin1").replace(/[\0 ]+/g, "") || "0", 8);
  if (!Number.isSafeInteger(size) || size < 0) throw badArchive("is damaged: a size is no number");
  return size;
}

/** `<length> path=…\n`, again and again. */
function paxFields(bytes: Buffer): Partial<Pick<TarHeader, "name" | "size">> {
  const fields: Partial<Pick<TarHeader, "name" | "size">> = {};
  for (let at = 0; at < bytes.byteLength;) {
    const space = bytes.indexOf(32, at);
    const length = Number(bytes.toString("latin1", at, space));
    if (space < 0 || !(length > space - at)) throw badArchive("is damaged: a header of names cannot be read");
    const line = bytes.toString("utf8", space + 1, at + length - 1);
    const [key, value] = [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)];
    if (key === "path") fields.name = value;
    if (key === "size") fields.size = Number(value);
    if (key.startsWith("GNU.sparse.")) throw badArchive("holds a sparse file");
    at += length;
  }
  if (fields.size !== undefined && !Number.isSafeInteger(fields.size)) throw badArchive("is damaged: a size is no number");
  return fields;
}

/** A stream, read in blocks of 512 bytes. */
class BlockReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async block(): Promise<Buffer | undefined> {
    while (this.#rest.byteLength < BLOCK) {
      const { value, done } = await this.#chunks.next();
      if (done && this.#rest.byteLength === 0) return undefined;
      if (done) throw badArchive("breaks off");
      this.#rest = Buffer.concat([this.#rest, value]);
    }
    const block = this.#rest.subarray(0, BLOCK);
    this.#rest = this.#rest.subarray(BLOCK);
    return block;
  }

  async *content(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#rest.byteLength === 0) {
        const { value, done } = await this.#chunks.next();
        if (done) throw badArchive("breaks off");
        this.#rest = value;
      }
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.byteLength);
      left -= chunk.byteLength;
      if (chunk.byteLength > 0) yield chunk;
    }
    const filler = (BLOCK - (size % BLOCK)) % BLOCK;
    await this.#skip(filler);
  }

  async bytes(size: number): Promise<Buffer> {
    if (size > MOST_HEADER) throw badArchive("has a header that is too long");
    return Buffer.concat(await Array.fromAsync(this.content(size)));
  }

  async text(size: number): Promise<string> {
    return (await this.bytes(size)).toString("utf8");
  }

  async #skip(length: number): Promise<void> {
    while (this.#rest.byteLength < length) {
      const { value, done } = await this.#chunks.next();
      if (done) throw badArchive("breaks off");
      this.#rest = Buffer.concat([this.#rest, value]);
    }
    this.#rest = this.#rest.subarray(length);
  }
}
