import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";

/** What an uploaded file is made of. */
export interface UploadParts {
  name: string;
  contentType: string;
  size: number;
  /** In memory, in a file that is removed after the request, or wherever a handler of one's own put it. */
  content: Buffer | { readonly path: string } | { open(): Readable | Promise<Readable> };
  /** Why it is refused. */
  refusal?: string | undefined;
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
  /** Why the project's scan refused it: its content cannot be read then. A form shows this at its field. */
  readonly refusal: string | undefined;
  readonly #content: UploadParts["content"];

  constructor({ name, contentType, size, content, refusal }: UploadParts) {
    this.name = name;
    this.contentType = contentType;
    this.size = size;
    this.refusal = refusal;
    this.#content = content;
  }

  /** Where it lies until the request ends; undefined where it is in memory or elsewhere. */
  get temporaryPath(): string | undefined {
    return "path" in this.#content ? this.#content.path : undefined;
  }

  /** @throws HttpError 422 where it was refused */
  stream(): Readable {
    const content = this.#allowed();
    if (Buffer.isBuffer(content)) return Readable.from([content], { objectMode: false });
    return "path" in content ? createReadStream(content.path) : opened(content);
  }

  /** @throws HttpError 422 where it was refused */
  async bytes(): Promise<Buffer> {
    const content = this.#allowed();
    if (Buffer.isBuffer(content)) return content;
    return "path" in content ? readFile(content.path) : Buffer.concat(await this.stream().toArray());
  }

  /** The first bytes, such as those that tell what a file is. @throws HttpError 422 where it was refused */
  async beginning(length: number): Promise<Buffer> {
    const content = this.#allowed();
    if (Buffer.isBuffer(content)) return content.subarray(0, length);
    const source = "path" in content ? createReadStream(content.path, { end: length - 1 }) : opened(content);
    const chunks: Buffer[] = [];
    for await (const chunk of source) {
      chunks.push(chunk as Buffer);
      if (chunks.reduce((sum, { length: size }) => sum + size, 0) >= length) break;
    }
    return Buffer.concat(chunks).subarray(0, length);
  }

  /** @throws HttpError 422 where it was refused */
  async text(): Promise<string> {
    return (await this.bytes()).toString("utf8");
  }

  /** The same file, refused: its content is out of reach. */
  refused(refusal: string): UploadedFile {
    const { name, contentType, size } = this;
    return new UploadedFile({ name, contentType, size, content: Buffer.alloc(0), refusal });
  }

  #allowed(): UploadParts["content"] {
    if (this.refusal === undefined) return this.#content;
    throw HttpError.from(422, httpErrors.HTTP_UPLOAD_REFUSED({ name: this.name, refusal: this.refusal }));
  }
}

/** A stream at once, although what it comes from is still being opened. */
function opened(content: { open(): Readable | Promise<Readable> }): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* await content.open();
  }
  return Readable.from(chunks(), { objectMode: false });
}
