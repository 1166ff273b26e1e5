import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, open, readFile, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { storageErrors } from "./errors.ts";
import { alternativeName, fittingName, insideName } from "./file-names.ts";
import { contentBytes, type FileContent, type SaveFileOptions, type Storage } from "./storage.ts";

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

/**
 * Files in a folder. A file appears under its name when it is there whole: it is written beside it and
 * linked, and a name that is taken is never overwritten.
 */
export class FileStorage implements Storage {
  /** The folder, as an absolute path. */
  readonly directory: string;
  readonly #baseUrl: string;

  constructor(directory: string, baseUrl = "/media/") {
    this.directory = directory;
    this.#baseUrl = baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`;
  }

  async save(name: string, content: FileContent, { maxLength }: SaveFileOptions = {}): Promise<string> {
    let inside = fittingName(insideName(name), maxLength);
    const folder = dirname(this.path(inside));
    await mkdir(folder, { recursive: true });
    const part = join(folder, `.${randomUUID()}.part`);
    try {
      await pipeline(await readableOf(content), createWriteStream(part, { flags: "wx", mode: 0o644 }));
      for (;;) {
        try {
          await link(part, this.path(inside));
          return inside;
        } catch (error) {
          if (!isCode(error, "EEXIST")) throw error;
          inside = alternativeName(insideName(name), maxLength);
        }
      }
    } finally {
      await unlink(part).catch(() => undefined);
    }
  }

  async open(name: string): Promise<Readable> {
    const handle = await this.#found(name, () => open(this.path(name), "r"));
    return createReadStream("", { fd: handle });
  }

  read(name: string): Promise<Uint8Array> {
    return this.#found(name, async () => new Uint8Array(await readFile(this.path(name))));
  }

  async delete(name: string): Promise<void> {
    await unlink(this.path(name)).catch((error: unknown) => {
      if (!isCode(error, "ENOENT")) throw error;
    });
  }

  async exists(name: string): Promise<boolean> {
    return stat(this.path(name)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  async size(name: string): Promise<number> {
    return (await this.#found(name, () => stat(this.path(name)))).size;
  }

  url(name: string): string {
    return this.#baseUrl + insideName(name).split("/").map(encodeURIComponent).join("/");
  }

  /** Where a file lies. @throws STORAGE_BAD_NAME where the name leads outside */
  path(name: string): string {
    return join(this.directory, insideName(name));
  }

  async #found<T>(name: string, find: () => Promise<T>): Promise<T> {
    try {
      return await find();
    } catch (error) {
      if (isCode(error, "ENOENT")) throw storageErrors.STORAGE_NO_FILE({ name });
      throw error;
    }
  }
}

async function readableOf(content: FileContent): Promise<Readable> {
  if (typeof content === "object" && Symbol.asyncIterator in content) return Readable.from(content);
  return Readable.from([await contentBytes(content)]);
}
