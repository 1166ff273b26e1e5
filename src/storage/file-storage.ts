import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, link, mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { encodePath, folderUrl } from "#kernel";
import { storageErrors } from "./errors.ts";
import { alternativeName, fittingName, freeName, insideFolder, insideName } from "./file-names.ts";
import type { ByteRange, FileContent, SaveFileOptions, Storage, StorageListing } from "./storage.ts";
import { contentChunks } from "./storage.ts";

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isCode = (error: unknown, ...codes: string[]): boolean => codes.includes(codeOf(error) ?? "");

/** How a folder keeps files. */
export interface FileStorageOptions {
  /** The address under which browsers find the files: `/media/`. */
  baseUrl?: string | undefined;
  /** Permissions of files: `0o644`. */
  fileMode?: number | undefined;
  /** Permissions of the folders that are made: those of the process where left out. */
  directoryMode?: number | undefined;
  /** A file that is saved under a taken name takes its place, where nothing else is said. */
  allowOverwrite?: boolean | undefined;
}

/**
 * Files in a folder. A file appears under its name when it is there whole: it is written beside it and
 * linked, and a name that is taken is not overwritten unless that is asked for.
 */
export class FileStorage implements Storage {
  /** The folder, as an absolute path. */
  readonly directory: string;
  readonly #options: FileStorageOptions;
  readonly #baseUrl: string;

  constructor(directory: string, options: FileStorageOptions = {}) {
    const { baseUrl = "/media/" } = options;
    this.directory = directory;
    this.#options = options;
    this.#baseUrl = folderUrl(baseUrl);
  }

  async save(name: string, content: FileContent, options: SaveFileOptions = {}): Promise<string> {
    const { maxLength, overwrite = this.#options.allowOverwrite ?? false } = options;
    const inside = fittingName(insideName(name), maxLength);
    const folder = dirname(this.path(inside));
    await this.#explained(name, () => mkdir(folder, { recursive: true, mode: this.#options.directoryMode }));
    const part = join(folder, `.${randomUUID()}.part`);
    try {
      await this.#write(part, content);
      if (!overwrite) return await this.#place(part, inside, maxLength);
      await rename(part, this.path(inside));
      return inside;
    } catch (error) {
      throw explain(error, name);
    } finally {
      await unlink(part).catch(() => undefined);
    }
  }

  async open(name: string, range: ByteRange = {}): Promise<Readable> {
    const handle = await this.#found(name, () => open(this.path(name), "r"));
    return createReadStream("", { fd: handle, ...range });
  }

  read(name: string): Promise<Uint8Array> {
    return this.#found(name, async () => new Uint8Array(await readFile(this.path(name))));
  }

  async delete(name: string): Promise<void> {
    await unlink(this.path(name)).catch((error: unknown) => {
      if (!isCode(error, "ENOENT", "ENOTDIR")) throw error;
    });
  }

  async exists(name: string): Promise<boolean> {
    return stat(this.path(name)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  async listdir(folder = ""): Promise<StorageListing> {
    const entries = await readdir(join(this.directory, insideFolder(folder)), { withFileTypes: true }).catch((error: unknown) => {
      if (isCode(error, "ENOENT", "ENOTDIR")) return [];
      throw error;
    });
    const names = (isWanted: (entry: (typeof entries)[number]) => boolean) =>
      entries
        .filter((entry) => isWanted(entry) && !/^\..*\.part$/.test(entry.name))
        .map(({ name }) => name)
        .sort();
    return { directories: names((entry) => entry.isDirectory()), files: names((entry) => !entry.isDirectory()) };
  }

  async size(name: string): Promise<number> {
    return (await this.#stat(name)).size;
  }

  async modifiedTime(name: string): Promise<Date> {
    return (await this.#stat(name)).mtime;
  }

  async createdTime(name: string): Promise<Date> {
    return (await this.#stat(name)).birthtime;
  }

  /** When the content was last read, as far as the file system counts that. @throws STORAGE_NO_FILE */
  async accessedTime(name: string): Promise<Date> {
    return (await this.#stat(name)).atime;
  }

  async availableName(name: string, { maxLength }: { maxLength?: number | undefined } = {}): Promise<string> {
    return freeName(name, (one) => !this.#options.allowOverwrite && this.exists(one), maxLength);
  }

  url(name: string): string {
    return this.#baseUrl + encodePath(insideName(name));
  }

  /** Where a file lies. @throws STORAGE_BAD_NAME where the name leads outside */
  path(name: string): string {
    return join(this.directory, insideName(name));
  }

  async #write(part: string, content: FileContent): Promise<void> {
    const { fileMode = 0o644 } = this.#options;
    const chunks = await contentChunks(content);
    await pipeline(
      Readable.from(chunks, { objectMode: false }),
      createWriteStream(part, { flags: "wx", mode: fileMode, flush: true }),
    );
    // What the process masks is given all the same where it was asked for.
    if (this.#options.fileMode !== undefined) await chmod(part, fileMode);
  }

  /** Gives the part the name, or one that is free. */
  async #place(part: string, inside: string, maxLength: number | undefined): Promise<string> {
    for (let name = inside; ; name = alternativeName(inside, maxLength)) {
      try {
        await this.#linkOrClaim(part, this.path(name));
        return name;
      } catch (error) {
        if (!isCode(error, "EEXIST", "EISDIR")) throw error;
      }
    }
  }

  async #linkOrClaim(part: string, path: string): Promise<void> {
    try {
      await link(part, path);
    } catch (error) {
      // File systems without links: the name is claimed by an empty file first.
      if (!isCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) throw error;
      await (await open(path, "wx")).close();
      await rename(part, path);
    }
  }

  async #stat(name: string) {
    const found = await this.#found(name, () => stat(this.path(name)));
    if (!found.isFile()) throw storageErrors.STORAGE_NO_FILE({ name });
    return found;
  }

  async #found<T>(name: string, find: () => Promise<T>): Promise<T> {
    try {
      return await find();
    } catch (error) {
      if (isCode(error, "ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG")) throw storageErrors.STORAGE_NO_FILE({ name });
      throw error;
    }
  }

  async #explained(name: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      throw explain(error, name);
    }
  }
}

/** What the system's words mean here. */
function explain(error: unknown, name: string): unknown {
  if (isCode(error, "ENOSPC", "EDQUOT", "EFBIG")) return storageErrors.STORAGE_FULL({ name, cause: error });
  // A folder of the name is a file, the file of the name is a folder, or a part of it is too long.
  if (isCode(error, "ENOTDIR", "EEXIST", "EISDIR", "ENAMETOOLONG")) return storageErrors.STORAGE_BAD_NAME({ name });
  return error;
}
