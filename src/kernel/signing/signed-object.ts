import { deflateSync, inflateSync } from "node:zlib";
import { kernelErrors } from "../errors.ts";

/** How an object is written before it is signed. */
export interface ObjectOptions {
  /** Makes the text shorter where it can be. */
  compress?: boolean | undefined;
}

/** What begins a text that was compressed: no base64url begins so. */
const compressedMark = ".";

/** A value as a text that fits into addresses and cookies. */
export function writeObject(value: unknown, { compress = false }: ObjectOptions): string {
  const data = Buffer.from(asciiJson(value));
  if (compress) {
    const packed = deflateSync(data);
    if (packed.length < data.length - 1) return compressedMark + packed.toString("base64url");
  }
  return data.toString("base64url");
}

/** The value of a text that `writeObject` made, and that was found to be signed by us. */
export function readObject(text: string): unknown {
  const isCompressed = text.startsWith(compressedMark);
  try {
    const data = Buffer.from(isCompressed ? text.slice(1) : text, "base64url");
    return JSON.parse((isCompressed ? inflateSync(data) : data).toString("utf8"));
  } catch {
    throw kernelErrors.KERNEL_BAD_SIGNATURE({ reason: "what it signs is no signed object" });
  }
}

/** JSON in which every other character is written as its number, as Python writes it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value ?? null).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
