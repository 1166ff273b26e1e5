import { imageKind } from "./image-kind.ts";

/** How files of a kind begin, as text in Latin 1, and where. */
const beginnings: readonly (readonly [type: string, beginning: string, at?: number])[] = [
  ["application/pdf", "%PDF-"],
  ["application/zip", "PK\x03\x04"],
  ["application/zip", "PK\x05\x06"],
  ["application/gzip", "\x1f\x8b"],
  ["application/x-7z-compressed", "7z\xbc\xaf\x27\x1c"],
  ["application/vnd.rar", "Rar!\x1a\x07"],
  ["application/x-bzip2", "BZh"],
  ["application/x-xz", "\xfd7zXZ\x00"],
  ["application/zstd", "\x28\xb5\x2f\xfd"],
  ["application/x-elf", "\x7fELF"],
  ["application/x-msdownload", "MZ"],
  ["application/x-mach-binary", "\xcf\xfa\xed\xfe"],
  ["application/x-shellscript", "#!"],
  ["application/wasm", "\0asm"],
  ["application/postscript", "%!PS"],
  ["application/x-ole-storage", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
  ["application/vnd.sqlite3", "SQLite format 3\0"],
  ["application/x-tar", "ustar", 257],
  ["audio/mpeg", "ID3"],
  ["audio/ogg", "OggS"],
  ["audio/flac", "fLaC"],
  ["audio/wav", "WAVE", 8],
  ["video/webm", "\x1a\x45\xdf\xa3"],
  ["video/mp4", "ftyp", 4],
  ["font/woff", "wOFF"],
  ["font/woff2", "wOF2"],
];

/** How many bytes `contentKind` looks at. */
export const kindBytes = 512;

/** What bytes are by how they begin, as a content type; undefined where that cannot be told, as of plain text. */
export function contentKind(bytes: Uint8Array): string | undefined {
  const image = imageKind(bytes);
  if (image !== undefined) return image === "ico" ? "image/x-icon" : `image/${image}`;
  const text = Buffer.from(bytes.subarray(0, kindBytes)).toString("latin1");
  const found = beginnings.find(([, beginning, at = 0]) => text.startsWith(beginning, at));
  return found?.[0] ?? markupKind(text);
}

/** Markup runs in a browser, whatever stands before its first sign. */
function markupKind(text: string): string | undefined {
  const start = text.replace(/^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*/, "").toLowerCase();
  if (/^(?:<!doctype\s+svg|<svg[\s>])/.test(start)) return "image/svg+xml";
  if (/^<(?:!doctype\s+html|html|head|body|script|iframe|img|style|title|meta|a|div|p|table|h1)[\s>]/.test(start))
    return "text/html";
  return undefined;
}

/** Office documents and archives of programs are zip files; the container does not say which. */
const zipped = /^application\/(?:vnd\.openxmlformats|vnd\.oasis|epub|java-archive|zip)/;

/** Whether content that begins as one kind may be of another by its name. */
export function mayBe(kind: string, named: string): boolean {
  if (kind === named || named === "application/octet-stream") return true;
  if (kind === "application/zip") return zipped.test(named);
  if (kind === "application/x-ole-storage") return /^application\/(?:msword|vnd\.ms-)/.test(named);
  return (kind === "audio/ogg" && named === "video/ogg") || (kind === "video/webm" && named === "audio/webm");
}
