import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline, type Readable, Transform } from "node:stream";
import { pipeline as piped } from "node:stream/promises";
import type { MultipartFile } from "@fastify/multipart";
import { makeOwnedFolder } from "#kernel";
import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";
import type { HttpRequest } from "../request.ts";
import { formTooLarge } from "./form-body.ts";
import { ofProject } from "./project-failure.ts";
import { UploadedFile } from "./uploaded-file.ts";
import type { ArrivingFile, Uploads } from "./upload-settings.ts";

/** Keeps the files of one form while its request lasts: in memory, in temporary files, or where the project says. */
export class FileKeeper {
  readonly #uploads: Uploads;
  readonly #request: HttpRequest;
  #folder: string | undefined;
  #files = 0;
  #total = 0;

  constructor(uploads: Uploads, request: HttpRequest) {
    this.#uploads = uploads;
    this.#request = request;
  }

  /** @throws HttpError 413, 507 */
  async keep(part: MultipartFile): Promise<UploadedFile> {
    const name = cleanName(part.filename ?? "");
    const arriving = { field: part.fieldname, name, contentType: part.mimetype, stream: this.#counted(part, name) };
    const own = await ofProject(() => this.#uploads.receive?.(arriving, this.#request));
    // What a handler left unread must be read away, or the rest of the form never comes.
    if (own !== undefined) arriving.stream.resume();
    const upload = own ?? (await this.#keepHere(arriving));
    if ((part.file as Readable & { truncated?: boolean }).truncated)
      throw formTooLarge("a file that is too large", this.#uploads.maxFileSize);
    return upload;
  }

  /** Removes the temporary files. */
  async clean(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  /** The file as it comes; all files of the form are counted, and whoever wants to know is told. */
  #counted({ file, fieldname: field }: MultipartFile, name: string): Readable {
    const { maxTotalSize, progress } = this.#uploads;
    const total = Number(this.#request.headers["content-length"]) || undefined;
    let received = 0;
    const counter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        received += chunk.length;
        this.#total += chunk.length;
        if (this.#total > maxTotalSize) return done(formTooLarge("files that are too large together", maxTotalSize));
        progress?.({ field, name, received, total }, this.#request);
        done(null, chunk);
      },
    });
    // Whoever reads the counter is told how it went.
    pipeline(file, counter, () => undefined);
    return counter;
  }

  async #keepHere({ name, contentType, stream }: ArrivingFile): Promise<UploadedFile> {
    const chunks: Buffer[] = [];
    let size = 0;
    // The iterator is not closed when the loop is left, so that the rest of the stream can go on into a file.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > this.#uploads.memoryThreshold) return this.#spill({ name, contentType, stream }, chunks);
    }
    return new UploadedFile({ name, contentType, size, content: Buffer.concat(chunks) });
  }

  async #spill({ name, contentType, stream }: Omit<ArrivingFile, "field">, chunks: readonly Buffer[]): Promise<UploadedFile> {
    let size = 0;
    async function* counted(): AsyncGenerator<Buffer> {
      for (const chunk of chunks) {
        size += chunk.length;
        yield chunk;
      }
      for await (const chunk of stream) {
        size += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    }
    try {
      this.#folder ??= makeOwnedFolder(this.#uploads.temporaryFolder ?? tmpdir(), "cortado-upload");
      const path = join(this.#folder, String(this.#files++));
      await piped(counted, createWriteStream(path, { flags: "wx", mode: 0o600 }));
      return new UploadedFile({ name, contentType, size, content: { path } });
    } catch (error) {
      const isFull = ["ENOSPC", "EDQUOT", "EFBIG"].includes((error as NodeJS.ErrnoException).code ?? "");
      throw isFull ? HttpError.from(507, httpErrors.HTTP_NO_ROOM_FOR_UPLOAD(), { connection: "close" }) : error;
    }
  }
}

/** The last part of a name, whatever the client's system separates folders with, without control characters. */
function cleanName(filename: string): string {
  const name = basename(filename.replaceAll("\\", "/"));
  return name
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .slice(-255)
    .toWellFormed();
}
