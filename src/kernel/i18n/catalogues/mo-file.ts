import { charsetOf, type Message, type MessageFile, messageKey, parseHeaders } from "./message.ts";

/*
 * How it works. A .mo file is two tables of lengths and offsets, one of texts and one of translations, sorted by the bytes of the
 * text. A context stands before its text behind U+0004; the forms of a plural are parted by NUL. The hash table, which nothing
 * needs, is left out.
 */

const magic = 0x950412de;
const headerSize = 28;

interface Reader {
  word(offset: number): number;
  bytes(table: number, index: number): Uint8Array;
}

function readerOf(data: Uint8Array): Reader {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = view.byteLength >= headerSize && view.getUint32(0, true) === magic;
  if (view.byteLength < headerSize || view.getUint32(0, little) !== magic) throw new SyntaxError("it is no .mo file");
  const word = (offset: number) => {
    if (offset + 4 > view.byteLength) throw new SyntaxError("it ends too early");
    return view.getUint32(offset, little);
  };
  const bytes = (table: number, index: number) => {
    const [length, offset] = [word(table + index * 8), word(table + index * 8 + 4)];
    if (offset + length > view.byteLength) throw new SyntaxError("it ends too early");
    return data.subarray(offset, offset + length);
  };
  return { word, bytes };
}

/**
 * Reads a .mo file.
 *
 * ```ts
 * parseMo(writeMo(parsePo('msgid "Name"\nmsgstr "이름"\n'))).messages.length; // 1
 * ```
 * @throws SyntaxError
 */
export function parseMo(data: Uint8Array): MessageFile {
  const { word, bytes } = readerOf(data);
  if (word(4) >>> 16 > 1) throw new SyntaxError(`its version is ${word(4) >>> 16}, and must be 0 or 1`);
  const [count, ids, translations] = [word(8), word(12), word(16)];
  const latin = new TextDecoder("latin1");
  const file: MessageFile = { headers: new Map(), headerComments: [], messages: [] };
  let decoder = new TextDecoder();
  for (let index = 0; index < count; index++) {
    const id = bytes(ids, index);
    if (id.length === 0) decoder = new TextDecoder(charsetOf(latin.decode(bytes(translations, index))));
    const text = decoder.decode(bytes(translations, index));
    if (id.length === 0) file.headers = parseHeaders(text);
    else file.messages.push(messageOf(decoder.decode(id), text));
  }
  return file;
}

function messageOf(key: string, text: string): Message {
  const [whole, plural] = key.split("\u0000") as [string, string | undefined];
  const at = whole.indexOf("\u0004");
  return {
    context: at < 0 ? undefined : whole.slice(0, at),
    id: whole.slice(at + 1),
    plural,
    translations: plural === undefined ? [text] : text.split("\u0000"),
    flags: [], comments: [], extracted: [], references: [], previous: [], obsolete: false, line: 0,
  }; // prettier-ignore
}

/**
 * Writes a .mo file of the messages that are translated; fuzzy and obsolete ones stay out.
 *
 * ```ts
 * const bytes = writeMo(parsePo('msgid "Name"\nmsgstr "이름"\n'));
 * ```
 */
export function writeMo({ headers, messages }: MessageFile): Uint8Array {
  const header = [...headers].map(([name, value]) => `${name}: ${value}\n`).join("");
  const pairs = messages.filter(isUsable).map(({ context, id, plural, translations }) => {
    const key = messageKey(id, context);
    return plural === undefined ? [key, translations[0]!] : [`${key}\u0000${plural}`, translations.join("\u0000")];
  });
  const entries = [["", header], ...pairs]
    .map(([id, text]) => [Buffer.from(id!), Buffer.from(text!)] as const)
    .sort(([a], [b]) => Buffer.compare(a, b));
  return layOut(entries);
}

/** Whether a message's translation may be shown. */
export function isUsable({ obsolete, flags, translations }: Message): boolean {
  return !obsolete && !flags.includes("fuzzy") && translations.every((text) => text !== "");
}

function layOut(entries: readonly (readonly [Buffer, Buffer])[]): Uint8Array {
  const tableSize = entries.length * 8;
  const head = Buffer.alloc(headerSize + 2 * tableSize);
  const words = [magic, 0, entries.length, headerSize, headerSize + tableSize, 0, headerSize + 2 * tableSize];
  for (const [index, word] of words.entries()) head.writeUInt32LE(word, index * 4);
  const blobs: Buffer[] = [];
  let offset = head.length;
  for (const side of [0, 1] as const) {
    for (const [index, entry] of entries.entries()) {
      const blob = entry[side];
      const at = headerSize + side * tableSize + index * 8;
      head.writeUInt32LE(blob.length, at);
      head.writeUInt32LE(offset, at + 4);
      blobs.push(blob, Buffer.of(0));
      offset += blob.length + 1;
    }
  }
  return Buffer.concat([head, ...blobs]);
}
