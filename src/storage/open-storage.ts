import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { storageErrors } from "./errors.ts";
import { FileStorage } from "./file-storage.ts";

declare module "#kernel" {
  interface ProjectSettings {
    /** Where files are kept: `file:var/storage`, relative to the project. */
    storage: string;
    /** The address under which uploads are found: `/media/`. Give the project a view for it, where they are public. */
    mediaUrl?: string | undefined;
  }
}

/**
 * The storage at an address; its folder is made where it is not there yet.
 *
 * ```ts
 * const { directory } = openStorage("file:var/storage", settings.root);
 * ```
 * @throws STORAGE_UNKNOWN_SCHEME, STORAGE_NO_FOLDER
 */
export function openStorage(url: string, root: string): FileStorage {
  const directory = storageDirectory(url, root);
  mkdirSync(directory, { recursive: true });
  return new FileStorage(directory);
}

/**
 * Where a project's uploads lie: `media` in its storage, beside the versions of models.
 * @throws STORAGE_UNKNOWN_SCHEME, STORAGE_NO_FOLDER
 */
export function mediaStorage(url: string, root: string, mediaUrl?: string): FileStorage {
  return new FileStorage(join(storageDirectory(url, root), "media"), mediaUrl);
}

/** The folder of a storage, without making it. @throws STORAGE_UNKNOWN_SCHEME, STORAGE_NO_FOLDER */
export function storageDirectory(url: string, root: string): string {
  if (!url.startsWith("file:") || url.startsWith("file://"))
    throw storageErrors.STORAGE_UNKNOWN_SCHEME({ url, known: ["file:"] });
  const folder = url.slice("file:".length);
  if (folder === "" || folder.includes("\0")) throw storageErrors.STORAGE_NO_FOLDER({ url });
  return resolve(root, folder);
}
