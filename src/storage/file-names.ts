import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import { storageErrors } from "./errors.ts";

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
    parts.includes("..") ||
    normal === "."
  )
    throw storageErrors.STORAGE_BAD_NAME({ name });
  return normal;
}

/** A file name as a person gave it, without what file systems and addresses trip over: `my photo!.png` → `my_photo.png`. */
export function validFileName(name: string): string {
  const own = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const clean = own
    .trim()
    .replaceAll(" ", "_")
    .replace(/[^\p{L}\p{N}\p{M}_.-]/gu, "");
  if (clean === "" || /^\.+$/.test(clean)) throw storageErrors.STORAGE_BAD_NAME({ name });
  return clean;
}

/** `folder/name_x7dk2q.png`, its middle shortened where the name may not be so long. */
export function alternativeName(name: string, maxLength = Number.POSITIVE_INFINITY): string {
  const mark = `_${randomBytes(5).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  return withMark(name, mark, maxLength);
}

/** The name, shortened where it is too long. */
export function fittingName(name: string, maxLength = Number.POSITIVE_INFINITY): string {
  return name.length <= maxLength ? name : withMark(name, "", maxLength);
}

function withMark(name: string, mark: string, maxLength: number): string {
  const { dir, name: stem, ext } = posix.parse(name);
  const spare = maxLength - (dir === "" ? 0 : dir.length + 1) - mark.length - ext.length;
  if (spare < 1) throw storageErrors.STORAGE_BAD_NAME({ name });
  return posix.join(dir, `${stem.slice(0, spare)}${mark}${ext}`);
}
