/** The kinds of image that are recognised. */
export type ImageKind = "png" | "jpeg" | "gif" | "webp" | "avif" | "bmp" | "tiff" | "ico";

const beginnings: readonly (readonly [ImageKind, readonly number[]])[] = [
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["gif", [...Buffer.from("GIF87a")]],
  ["gif", [...Buffer.from("GIF89a")]],
  ["bmp", [...Buffer.from("BM")]],
  ["tiff", [0x49, 0x49, 0x2a, 0x00]],
  ["tiff", [0x4d, 0x4d, 0x00, 0x2a]],
  ["ico", [0x00, 0x00, 0x01, 0x00]],
];

/** The kind of image that bytes begin as; undefined when they are none. */
export function imageKind(bytes: Uint8Array): ImageKind | undefined {
  const simple = beginnings.find(([, beginning]) => beginning.every((byte, at) => bytes[at] === byte));
  if (simple !== undefined) return simple[0];
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return "webp";
  return text(4, 8) === "ftyp" && ["avif", "avis"].includes(text(8, 12)) ? "avif" : undefined;
}
