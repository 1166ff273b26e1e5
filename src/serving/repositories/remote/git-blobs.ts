import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { servingErrors } from "../../errors.ts";
import { type GitOptions, startGit } from "./git-program.ts";
import type { Delivery, VersionFile } from "./remote-origin.ts";

const NEWLINE = 10;
const LFS = "version https://git-lfs.github.com/spec/";

/** Writes the contents of git objects as files. @throws SERVING_BAD_ARTIFACT */
export async function writeBlobs(files: readonly VersionFile[], delivery: Delivery, options: GitOptions): Promise<void> {
  const { directory, signal } = options;
  const { input, output, ended } = startGit(["cat-file", "--batch"], { directory, signal });
  input.end(files.map(({ id }) => `${id}\n`).join(""));
  const reader = new BatchReader(output);
  let left = delivery.maxSize;
  try {
    for (const file of files) {
      const size = await reader.header(file);
      left -= size;
      if (left < 0) throw bad("The version", `has more than ${delivery.maxSize} bytes`);
      // A pointer is short: looked at in one piece.
      const content = reader.content(size);
      await write(file, size < 1024 ? [Buffer.concat(await Array.fromAsync(content))] : content, delivery.directory);
    }
    await ended;
  } finally {
    output.destroy();
  }
}

async function write({ place }: VersionFile, chunks: AsyncIterable<Buffer> | Buffer[], directory: string): Promise<void> {
  const path = join(directory, place);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "w", 0o600);
  try {
    for await (const chunk of chunks) {
      if (Array.isArray(chunks) && chunk.toString("latin1", 0, LFS.length) === LFS) throw lfsPointer(place);
      await file.write(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function lfsPointer(file: string): Error {
  const hint = "Put the file itself into the repository, or serve it from s3:// or https://.";
  return servingErrors.SERVING_BAD_ARTIFACT({ file, problem: "is a pointer of Git LFS and not the file itself", hint });
}

function bad(file: string, problem: string): Error {
  return servingErrors.SERVING_BAD_ARTIFACT({ file, problem });
}

/** Takes the answers of `git cat-file --batch` to pieces: a line `<id> blob <size>`, the content, and a new line. */
class BatchReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(output: Readable) {
    this.#chunks = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async header({ place }: VersionFile): Promise<number> {
    let line = this.#rest;
    while (!line.includes(NEWLINE)) line = Buffer.concat([line, await this.#next()]);
    const end = line.indexOf(NEWLINE);
    this.#rest = line.subarray(end + 1);
    const size = /^\w+ blob (\d+)$/.exec(line.toString("latin1", 0, end))?.[1];
    if (size === undefined) throw bad(place, "is not a file of the commit");
    return Number(size);
  }

  async *content(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#rest.byteLength === 0) this.#rest = await this.#next();
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.byteLength);
      left -= chunk.byteLength;
      yield chunk;
    }
    // The line that ends a content.
    if (this.#rest.byteLength === 0) this.#rest = await this.#next();
    this.#rest = this.#rest.subarray(1);
  }

  async #next(): Promise<Buffer> {
    const { value, done } = await this.#chunks.next();
    if (done) throw new Error("git ended before it had written all");
    return value;
  }
}
