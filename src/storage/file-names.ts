import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import { storageErrors } from "./errors.ts";

/** What file systems take for one part of a name, in bytes. */
const maxPartBytes = 255;
/** Names that are devices on Windows, whatever follows their first dot. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * A name that stays inside its storage, with forward slashes.
 * @throws STORAGE_BAD_NAME where it leads outside, or names no file
 */
export function insideName(name: string): string {
  const given = name.replaceAll("\\", "/");
  const normal = posix.normalize(given);
  const parts = given.split("/");
  if (
    given === "" ||
    given.includes("\0") ||
    given.endsWith("/") ||
    posix.isAbsolute(given) ||
    /^[a-z]:/i.test(given) ||
    parts.includes("..") ||
    normal === "."
  )
    throw storageErrors.STORAGE_BAD_NAME({ name });
  return normal;
}

/** The name of a folder inside a storage, without a slash at its end; `""` is the uppermost. @throws STORAGE_BAD_NAME */
export function insideFolder(folder: string): string {
  const name = folder.replace(/\/+$/, "");
  return name === "" || name === "." ? "" : insideName(name);
}

/** A file name as a person gave it, without what file systems and addresses trip over: `my photo!.png` → `my_photo.png`. */
export function validFileName(name: string): string {
  const own = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const clean = own
    .trim()
    .replaceAll(" ", "_")
    .replace(/[^\p{L}\p{N}\p{M}_.-]/gu, "");
  if (clean === "" || /^\.+$/.test(clean)) throw storageErrors.STORAGE_BAD_NAME({ name });
  return fittingName(deviceName.test(clean) ? `_${clean}` : clean);
}

/** `folder/name_x7dk2q.png`, its middle shortened where the name may not be so long. */
export function alternativeName(name: string, maxLength = Number.POSITIVE_INFINITY): string {
  const mark = `_${randomBytes(5).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  return withMark(name, mark, maxLength);
}

/** The name where it is free, or one like it: what every storage finds in its own way of looking. */
export async function freeName(
  name: string,
  isTaken: (name: string) => boolean | Promise<boolean>,
  maxLength?: number,
): Promise<string> {
  const inside = insideName(name);
  let free = fittingName(inside, maxLength);
  while (await isTaken(free)) free = alternativeName(inside, maxLength);
  return free;
}

/** The name, shortened where it is too long for its column or for a file system. */
export function fittingName(name: string, maxLength = Number.POSITIVE_INFINITY): string {
  const isFitting = name.length <= maxLength && Buffer.byteLength(posix.basename(name)) <= maxPartBytes;
  return isFitting ? name : withMark(name, "", maxLength);
}

function withMark(name: string, mark: string, maxLength: number): string {
  const { dir, name: stem, ext } = posix.parse(name);
  const spare = maxLength - (dir === "" ? 0 : dir.length + 1) - mark.length - ext.length;
  const short = firstBytes(stem.slice(0, Math.max(spare, 0)), maxPartBytes - mark.length - Buffer.byteLength(ext));
  if (short === "") throw storageErrors.STORAGE_BAD_NAME({ name });
  return posix.join(dir, `${short}${mark}${ext}`);
}

/** As much of the text as fits, no letter cut in two. */
function firstBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text.isWellFormed() ? text : text.slice(0, -1);
  let [fitting, size] = ["", 0];
  for (const letter of text) {
    size += Buffer.byteLength(letter);
    if (size > limit) break;
    fitting += letter;
  }
  return fitting;
}
