export interface TarEntry {
  name: string;
  content?: string | Uint8Array;
  /** `"0"` a file, `"1"` a hard link, `"2"` a link, `"5"` a folder, … */
  kind?: string;
  target?: string;
  mode?: number;
  /** What the header says of the size, where it lies. */
  size?: number;
}

/** A tar archive of these entries, also of ones that no program would write. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, content = "", kind = "0", target = "", mode = 0o644, size } of entries) {
    const bytes = Buffer.from(content as Uint8Array);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
    header.write("0000000\0".repeat(2), 108);
    header.write(`${(size ?? bytes.byteLength).toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write(" ".repeat(8), 148);
    header.write(kind, 156);
    header.write(target, 157, 100);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    blocks.push(header, bytes, Buffer.alloc((512 - (bytes.byteLength % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
