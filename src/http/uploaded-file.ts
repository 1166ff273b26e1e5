import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";

interface UploadParts {
  name: string;
  contentType: string;
  size: number;
  /** In memory, or in a temporary file that is removed after the request. */
  content: Buffer | { readonly path: string };
}

/**
 * A file that came with a form. What a client says of it (name, type) is a claim.
 *
 * ```ts
 * const { files } = await request.form();
 * const photo = files.get("photo");
 * if (photo) await writeFile("var/photo.jpg", photo.stream());
 * ```
 */
export class UploadedFile {
  /** Its name without folders, as the client gave it. */
  readonly name: string;
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  readonly #content: UploadParts["content"];

  constructor({ name, contentType, size, content }: UploadParts) {
    this.name = name;
    this.contentType = contentType;
    this.size = size;
    this.#content = content;
  }

  /** Where it lies until the request ends; undefined where it is in memory. */
  get temporaryPath(): string | undefined {
    return Buffer.isBuffer(this.#content) ? undefined : this.#content.path;
  }

  stream(): Readable {
    return Buffer.isBuffer(this.#content) ? Readable.from([this.#content]) : createReadStream(this.#content.path);
  }

  async bytes(): Promise<Buffer> {
    return Buffer.isBuffer(this.#content) ? this.#content : readFile(this.#content.path);
  }

  async text(): Promise<string> {
    return (await this.bytes()).toString("utf8");
  }
}
