import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  name: string;
  content?: string | Uint8Array;
  /** The kind and rights that Unix gives it. */
  mode?: number;
  encrypted?: boolean;
  stored?: boolean;
  /** What the headers say of it, where they lie. */
  crc?: number;
  size?: number;
  at?: number;
}

/** A zip archive of these entries, also of ones that no program would write. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const bytes = Buffer.from((entry.content ?? "") as Uint8Array);
    const packed = entry.stored ? bytes : deflateRawSync(bytes);
    const name = Buffer.from(entry.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.encrypted ? 1 : 0, 2);
    fields.writeUInt16LE(entry.stored ? 0 : 8, 4);
    fields.writeUInt32LE(entry.crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(packed.byteLength, 14);
    fields.writeUInt32LE(entry.size ?? bytes.byteLength, 18);
    fields.writeUInt16LE(name.byteLength, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
    rest.writeUInt32LE(entry.at ?? at, 10);
    central.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), fields, rest, name);
    locals.push(local);
    at += local.byteLength;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}
