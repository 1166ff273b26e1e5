import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { isSafePath } from "../safe-path.ts";

export interface ArchiveLimits {
  /** Bytes of all files together. */
  maxSize: number;
  maxFiles: number;
}

/** Something about an archive that is not taken. */
export function badArchive(problem: string): Error {
  const hint = "An archive of a model holds ordinary files and folders, and nothing that leads out of it.";
  return servingErrors.SERVING_BAD_ARTIFACT({ file: "The archive", problem, hint });
}

/** An entry's name as it may be shown. */
export const shownEntry = (name: string): string => JSON.stringify(name.slice(0, 100));

/** The folder into which an archive is taken apart: every name stays in it, each once, and there are not too many or too much. */
export class ArchiveFolder {
  readonly #directory: string;
  readonly #limits: ArchiveLimits;
  #files = 0;
  #size = 0;

  constructor(directory: string, limits: ArchiveLimits) {
    this.#directory = directory;
    this.#limits = limits;
  }

  async addFolder(name: string): Promise<void> {
    await this.#makeFolder(this.#pathOf(name), name);
  }

  /** Writes a file with no rights but to be read by us. */
  async addFile(name: string, chunks: AsyncIterable<Buffer>): Promise<void> {
    const path = this.#pathOf(name);
    await this.#makeFolder(dirname(path), name);
    // "wx" refuses what is there already, a link included.
    const file = await open(path, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST" || error.code === "EISDIR") throw badArchive(`holds ${shownEntry(name)} twice`);
      throw error;
    });
    try {
      for await (const chunk of chunks) {
        this.#size += chunk.byteLength;
        if (this.#size > this.#limits.maxSize) throw badArchive(`holds more than ${this.#limits.maxSize} bytes`);
        await file.write(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  #pathOf(name: string): string {
    if (++this.#files > this.#limits.maxFiles) throw badArchive(`holds more than ${this.#limits.maxFiles} files`);
    const path = name.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
    if (path === "" || path === ".") return this.#directory;
    if (!isSafePath(path)) throw badArchive(`holds ${shownEntry(name)}, which is not a name that stays inside`);
    return join(this.#directory, path);
  }

  async #makeFolder(path: string, name: string): Promise<void> {
    await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST" || error.code === "ENOTDIR")
        throw badArchive(`holds ${shownEntry(name)} as a file and as a folder`);
      throw error;
    });
  }
}
