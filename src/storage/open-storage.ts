import { join, resolve } from "node:path";
import { AddressParameters } from "#kernel";
import { S3Storage } from "./backends/s3.ts";
import { storageErrors } from "./errors.ts";
import { FileStorage, type FileStorageOptions } from "./file-storage.ts";
import { MemoryStorage } from "./memory-storage.ts";
import type { Storage } from "./storage.ts";

const schemes = ["file:", "s3:", "memory:"];
const fileParameters = ["baseUrl", "fileMode", "directoryMode", "overwrite"];

/** What is known besides a storage's address. */
export interface OpenStorageOptions {
  /** The address under which browsers find the files, where that of the storage does not say. */
  baseUrl?: string | undefined;
  /** A folder in the storage that its names begin in. */
  folder?: string | undefined;
}

/**
 * The storage at an address: `file:var/storage`, `s3://bucket/prefix?region=…` or `memory:`. A folder is made when the first file is kept.
 *
 * ```ts
 * const files = openStorage("file:var/storage", import.meta.dirname);
 * ```
 * @throws STORAGE_UNKNOWN_SCHEME, STORAGE_NO_FOLDER, STORAGE_BAD_ADDRESS
 */
export function openStorage(url: string, root: string, options: OpenStorageOptions = {}): Storage {
  if (url.startsWith("memory:")) return new MemoryStorage(options);
  if (url.startsWith("s3:")) return new S3Storage(url, options.folder);
  const { directory, ...settings } = readFileAddress(url, root);
  const folder = join(directory, options.folder ?? "");
  return new FileStorage(folder, { ...settings, baseUrl: settings.baseUrl ?? options.baseUrl });
}

/**
 * Where a project keeps what must lie on its own machine, such as versions of models: the folder of its storage,
 * `var/storage` where that is elsewhere. It is not made.
 * @throws STORAGE_UNKNOWN_SCHEME, STORAGE_NO_FOLDER
 */
export function storageDirectory(url: string, root: string): string {
  return /^(?:s3|memory):/.test(url) ? resolve(root, "var/storage") : readFileAddress(url, root).directory;
}

function readFileAddress(url: string, root: string): FileStorageOptions & { directory: string } {
  if (!url.startsWith("file:") || url.startsWith("file://")) throw storageErrors.STORAGE_UNKNOWN_SCHEME({ url, known: schemes });
  const [folder = "", query = ""] = url.slice("file:".length).split("?", 2);
  if (folder === "" || folder.includes("\0")) throw storageErrors.STORAGE_NO_FOLDER({ url });
  const refuse = (problem: string): Error => storageErrors.STORAGE_BAD_ADDRESS({ url, problem });
  const parameters = new AddressParameters(new URLSearchParams(query), fileParameters, refuse);
  const mode = (name: string): number | undefined => {
    const text = parameters.text(name);
    if (text === undefined) return undefined;
    if (!/^0?[0-7]{3}$/.test(text)) throw refuse(`\`${name}\` is "${text}", and must be permissions such as 640`);
    return Number.parseInt(text, 8);
  };
  return {
    directory: resolve(root, folder),
    baseUrl: parameters.text("baseUrl"),
    fileMode: mode("fileMode"),
    directoryMode: mode("directoryMode"),
    allowOverwrite: parameters.flag("overwrite"),
  };
}
