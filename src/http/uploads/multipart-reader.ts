import type { Multipart, MultipartFile } from "@fastify/multipart";
import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";
import type { HttpRequest } from "../request.ts";
import { emptyForm, type FormBody, formTooLarge } from "./form-body.ts";
import { FileKeeper } from "./file-keeper.ts";
import { ofProject, ProjectFailure } from "./project-failure.ts";
import type { UploadedFile } from "./uploaded-file.ts";
import type { Uploads } from "./upload-settings.ts";

/** How long the name of a field may be, in bytes. */
const maxNameSize = 200;

/** Reads a multipart form: fields and small files into memory, larger files into temporary ones. */
export class MultipartReader {
  readonly #uploads: Uploads;
  readonly #request: HttpRequest;
  readonly #keeper: FileKeeper;
  #reading: Promise<FormBody> | undefined;
  #fieldBytes = 0;

  constructor(uploads: Uploads, request: HttpRequest) {
    this.#uploads = uploads;
    this.#request = request;
    this.#keeper = new FileKeeper(uploads, request);
  }

  /** @throws HttpError 400, 413 or 507 */
  read(): Promise<FormBody> {
    return (this.#reading ??= this.#read());
  }

  /** Removes the temporary files, also where the client went away while they were written. */
  async clean(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    await this.#keeper.clean();
  }

  async #read(): Promise<FormBody> {
    const form = emptyForm();
    const { maxFields, maxFieldSize, maxFiles, maxFileSize } = this.#uploads;
    const limits = {
      fields: maxFields,
      fieldSize: maxFieldSize,
      files: maxFiles,
      fileSize: maxFileSize,
      parts: maxFields + maxFiles,
      headerPairs: 100,
      fieldNameSize: maxNameSize,
    };
    try {
      for await (const part of this.#request.fastify.parts({ limits })) await this.#add(form, part);
    } catch (error) {
      throw explain(error, this.#uploads);
    }
    return form;
  }

  async #add(form: FormBody, part: Multipart): Promise<void> {
    // A part without a name belongs to no field.
    if (typeof part.fieldname !== "string") return part.type === "file" ? void part.file.resume() : undefined;
    if (Buffer.byteLength(part.fieldname) >= maxNameSize) throw badForm(`a field's name has more than ${maxNameSize - 1} bytes`);
    if (part.type === "file") return this.#addFile(form, part);
    if (part.valueTruncated) throw formTooLarge(`a field "${part.fieldname}" that is too large`, this.#uploads.maxFieldSize);
    const value = typeof part.value === "string" ? part.value : JSON.stringify(part.value);
    this.#fieldBytes += value.length;
    if (this.#fieldBytes > this.#uploads.maxBody) throw formTooLarge("fields that are too large together", this.#uploads.maxBody);
    form.data.append(part.fieldname, value);
  }

  async #addFile(form: FormBody, part: MultipartFile): Promise<void> {
    const upload = await this.#keeper.keep(part);
    // A file field that was left empty comes as a file without name and content.
    if (part.filename || upload.size > 0) form.files.append(part.fieldname, await this.#scanned(part.fieldname, upload));
  }

  async #scanned(field: string, upload: UploadedFile): Promise<UploadedFile> {
    const refusal = await ofProject(() => this.#uploads.scan?.(upload, { field, request: this.#request }));
    return refusal ? upload.refused(refusal) : upload;
  }
}

/** What the errors of the multipart parser mean here. */
function explain(error: unknown, uploads: Uploads): unknown {
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case "FST_PARTS_LIMIT":
    case "FST_FIELDS_LIMIT":
      return formTooLarge("too many fields", uploads.maxFields);
    case "FST_FILES_LIMIT":
      return formTooLarge("too many files", uploads.maxFiles);
    case "FST_REQ_FILE_TOO_LARGE":
      return formTooLarge("a file that is too large", uploads.maxFileSize);
    case "FST_PROTO_VIOLATION":
      return badForm("a field has a name that is never allowed");
    case "ERR_STREAM_PREMATURE_CLOSE":
    case "ECONNRESET":
      return badForm("it breaks off");
  }
  if (error instanceof ProjectFailure) return error.cause;
  if (error instanceof HttpError || (code !== undefined && !code.startsWith("FST_"))) return error;
  return badForm(message);
}

function badForm(problem: string): HttpError {
  return HttpError.from(400, httpErrors.HTTP_BAD_FORM({ problem }));
}
