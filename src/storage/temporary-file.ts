import { createReadStream } from "node:fs";
import { mkdtemp, open, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { validFileName } from "./file-names.ts";
import { contentChunks, type FileContent } from "./storage.ts";

/**
 * A file that is there for a while, for this process's user only. It is a content: a storage saves it, a message attaches it.
 *
 * ```ts
 * await using draft = await temporaryFile("draft.csv", "a,b\n");
 * await storage().save("reports/final.csv", draft);
 * ```
 */
export class TemporaryFile implements AsyncDisposable {
  readonly name: string;
  /** Where it lies until it is disposed of. */
  readonly path: string;
  readonly #folder: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.name = name;
    this.path = join(folder, name);
  }

  async size(): Promise<number> {
    return (await stat(this.path)).size;
  }

  stream(): Readable {
    return createReadStream(this.path);
  }

  async bytes(): Promise<Uint8Array> {
    return readFile(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Writes a temporary file, empty where no content is given. @throws STORAGE_BAD_NAME */
export async function temporaryFile(name: string, content: FileContent = ""): Promise<TemporaryFile> {
  const own = validFileName(name);
  const file = new TemporaryFile(await mkdtemp(join(tmpdir(), "cortado-file-")), own);
  try {
    const handle = await open(file.path, "wx", 0o600);
    await pipeline(Readable.from(await contentChunks(content), { objectMode: false }), handle.createWriteStream());
    return file;
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}
