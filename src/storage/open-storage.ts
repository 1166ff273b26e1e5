import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { storageErrors } from "./errors.ts";

declare module "#kernel" {
  interface ProjectSettings {
    /** Where files are kept: `file:var/storage`, relative to the project. */
    storage: string;
  }
}

/** A place for files. */
export interface Storage {
  /** The folder, as an absolute path. */
  readonly directory: string;
}

/**
 * The storage at an address; its folder is made where it is not there yet.
 *
 * ```ts
 * const { directory } = openStorage("file:var/storage", settings.root);
 * ```
 * @throws STORAGE_UNKNOWN_SCHEME, STORAGE_NO_FOLDER
 */
export function openStorage(url: string, root: string): Storage {
  const directory = storageDirectory(url, root);
  mkdirSync(directory, { recursive: true });
  return { directory };
}

/** The folder of a storage, without making it. @throws STORAGE_UNKNOWN_SCHEME, STORAGE_NO_FOLDER */
export function storageDirectory(url: string, root: string): string {
  if (!url.startsWith("file:") || url.startsWith("file://"))
    throw storageErrors.STORAGE_UNKNOWN_SCHEME({ url, known: ["file:"] });
  const folder = url.slice("file:".length);
  if (folder === "" || folder.includes("\0")) throw storageErrors.STORAGE_NO_FOLDER({ url });
  return resolve(root, folder);
}
