import { Readable } from "node:stream";
import { encodePath, folderUrl } from "#kernel";
import { storageErrors } from "./errors.ts";
import { alternativeName, fittingName, freeName, insideFolder, insideName } from "./file-names.ts";
import {
  type ByteRange,
  contentBytes,
  type FileContent,
  type SaveFileOptions,
  type Storage,
  type StorageListing,
} from "./storage.ts";

interface KeptFile {
  readonly bytes: Uint8Array;
  readonly created: Date;
  readonly modified: Date;
}

/**
 * Files in memory, for tests: `memory:`. They are gone with the process.
 *
 * ```ts
 * useStorages({ default: new MemoryStorage() });
 * ```
 */
export class MemoryStorage implements Storage {
  readonly #files = new Map<string, KeptFile>();
  readonly #baseUrl: string;
  readonly #allowOverwrite: boolean;

  constructor({ baseUrl = "/media/", allowOverwrite = false }: { baseUrl?: string | undefined; allowOverwrite?: boolean } = {}) {
    this.#baseUrl = folderUrl(baseUrl);
    this.#allowOverwrite = allowOverwrite;
  }

  async save(name: string, content: FileContent, options: SaveFileOptions = {}): Promise<string> {
    const { maxLength, overwrite = this.#allowOverwrite } = options;
    let inside = fittingName(insideName(name), maxLength);
    this.#refuseFolders(inside, name);
    const bytes = Uint8Array.from(await contentBytes(content));
    while (!overwrite && this.#files.has(inside)) inside = alternativeName(insideName(name), maxLength);
    const now = new Date();
    this.#files.set(inside, { bytes, modified: now, created: this.#files.get(inside)?.created ?? now });
    return inside;
  }

  async open(name: string, { start = 0, end = Number.POSITIVE_INFINITY }: ByteRange = {}): Promise<Readable> {
    return Readable.from([Buffer.from(this.#found(name).bytes.subarray(start, end + 1))], { objectMode: false });
  }

  async read(name: string): Promise<Uint8Array> {
    return Uint8Array.from(this.#found(name).bytes);
  }

  async delete(name: string): Promise<void> {
    this.#files.delete(insideName(name));
  }

  async exists(name: string): Promise<boolean> {
    return this.#files.has(insideName(name));
  }

  async listdir(folder = ""): Promise<StorageListing> {
    const inside = insideFolder(folder);
    const prefix = inside === "" ? "" : `${inside}/`;
    const below = [...this.#files.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    const directories = new Set(below.filter((name) => name.includes("/")).map((name) => name.split("/", 1)[0]!));
    return { directories: [...directories].sort(), files: below.filter((name) => !name.includes("/")).sort() };
  }

  async size(name: string): Promise<number> {
    return this.#found(name).bytes.length;
  }

  async modifiedTime(name: string): Promise<Date> {
    return this.#found(name).modified;
  }

  async createdTime(name: string): Promise<Date> {
    return this.#found(name).created;
  }

  async availableName(name: string, { maxLength }: { maxLength?: number | undefined } = {}): Promise<string> {
    return freeName(name, (one) => !this.#allowOverwrite && this.#files.has(one), maxLength);
  }

  url(name: string): string {
    return this.#baseUrl + encodePath(insideName(name));
  }

  #found(name: string): KeptFile {
    const file = this.#files.get(insideName(name));
    if (file === undefined) throw storageErrors.STORAGE_NO_FILE({ name });
    return file;
  }

  /** A file is no folder, as on a disk. */
  #refuseFolders(inside: string, name: string): void {
    const above = inside.split("/").slice(0, -1);
    if (above.some((_, i) => this.#files.has(above.slice(0, i + 1).join("/")))) throw storageErrors.STORAGE_BAD_NAME({ name });
  }
}
