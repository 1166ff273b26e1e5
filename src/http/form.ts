import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Multipart } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { httpErrors } from "./errors.ts";
import { HttpError } from "./http-error.ts";
import { MultiDict } from "./multi-dict.ts";
import type { HttpSettings } from "./settings.ts";
import { UploadedFile } from "./uploaded-file.ts";

/** What a form sent. */
export interface FormBody {
  readonly data: MultiDict;
  readonly files: MultiDict<UploadedFile>;
}

type Uploads = HttpSettings["uploads"];

export function emptyForm(): FormBody {
  return { data: new MultiDict(), files: new MultiDict() };
}

function tooLarge(what: string, limit: number): HttpError {
  return HttpError.from(413, httpErrors.HTTP_FORM_TOO_LARGE({ what, limit }), { connection: "close" });
}

/** Reads an urlencoded form. @throws HttpError 413 beyond the limit of fields */
export function parseUrlencoded(body: Buffer, { maxFields }: Uploads): FormBody {
  const text = body.toString("utf8");
  let fields = 1;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) {
    if (++fields > maxFields) throw tooLarge("too many fields", maxFields);
  }
  return { data: new MultiDict(new URLSearchParams(text)), files: new MultiDict() };
}

/** What the errors of the multipart parser mean here. */
function explain(error: unknown, uploads: Uploads): unknown {
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case "FST_PARTS_LIMIT":
    case "FST_FIELDS_LIMIT":
      return tooLarge("too many fields", uploads.maxFields);
    case "FST_FILES_LIMIT":
      return tooLarge("too many files", uploads.maxFiles);
    case "FST_REQ_FILE_TOO_LARGE":
      return tooLarge("a file that is too large", uploads.maxFileSize);
    case "FST_PROTO_VIOLATION":
      return badForm("a field has a name that is never allowed");
  }
  if (error instanceof HttpError || (code !== undefined && !code.startsWith("FST_"))) return error;
  return badForm(message);
}

function badForm(problem: string): HttpError {
  return HttpError.from(400, httpErrors.HTTP_BAD_FORM({ problem }));
}

/** Reads a multipart form: fields and small files into memory, larger files into temporary ones. */
export class MultipartReader {
  readonly #uploads: Uploads;
  #folder: string | undefined;
  #files = 0;

  constructor(uploads: Uploads) {
    this.#uploads = uploads;
  }

  /** @throws HttpError 400 or 413 */
  async read(request: FastifyRequest): Promise<FormBody> {
    const form = emptyForm();
    const { maxFields, maxFieldSize, maxFiles, maxFileSize } = this.#uploads;
    const limits = {
      fields: maxFields,
      fieldSize: maxFieldSize,
      files: maxFiles,
      fileSize: maxFileSize,
      parts: maxFields + maxFiles,
    };
    try {
      for await (const part of request.parts({ limits: { ...limits, headerPairs: 100, fieldNameSize: 200 } }))
        await this.#add(form, part);
    } catch (error) {
      throw explain(error, this.#uploads);
    }
    return form;
  }

  /** Removes the temporary files. */
  async clean(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  async #add(form: FormBody, part: Multipart): Promise<void> {
    if (part.type === "file") {
      const upload = await this.#keep(part.filename ?? "", part.mimetype, part.file);
      // A file field that was left empty comes as a file without name and content.
      if (part.filename || upload.size > 0) form.files.append(part.fieldname, upload);
      return;
    }
    if (part.valueTruncated) throw tooLarge(`a field "${part.fieldname}" that is too large`, this.#uploads.maxFieldSize);
    form.data.append(part.fieldname, String(part.value));
  }

  async #keep(filename: string, contentType: string, source: Readable): Promise<UploadedFile> {
    const about = { name: cleanName(filename), contentType };
    const chunks: Buffer[] = [];
    let size = 0;
    // The iterator is not closed when the loop is left, so that the rest of the stream can go on into a file.
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > this.#uploads.memoryThreshold) return this.#spill(about, chunks, source);
    }
    this.#refuseTruncated(source);
    return new UploadedFile({ ...about, size, content: Buffer.concat(chunks) });
  }

  async #spill(about: { name: string; contentType: string }, chunks: readonly Buffer[], source: Readable): Promise<UploadedFile> {
    this.#folder ??= await mkdtemp(join(tmpdir(), "cortado-upload-"));
    const path = join(this.#folder, String(this.#files++));
    let size = 0;
    async function* all(): AsyncGenerator<Buffer> {
      yield* chunks;
      yield* source;
    }
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const chunk of all()) {
        size += chunk.length;
        yield chunk;
      }
    }
    await pipeline(counted, createWriteStream(path, { flags: "wx", mode: 0o600 }));
    this.#refuseTruncated(source);
    return new UploadedFile({ ...about, size, content: { path } });
  }

  #refuseTruncated(source: Readable & { truncated?: boolean }): void {
    if (source.truncated) throw tooLarge("a file that is too large", this.#uploads.maxFileSize);
  }
}

/** The last part of a name, whatever the client's system separates folders with, without control characters. */
function cleanName(filename: string): string {
  const name = basename(filename.replaceAll("\\", "/"));
  // oxlint-disable-next-line no-control-regex -- control characters are what must go
  return name.replace(/[\x00-\x1f\x7f]/g, "").slice(-255);
}
