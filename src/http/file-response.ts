import { open } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { contentTypeHeader } from "#kernel";
import { answerConditionally } from "./conditional.ts";
import { contentDisposition } from "./content-disposition.ts";
import { HttpError } from "./http-error.ts";
import type { HttpRequest } from "./request.ts";
import { HttpResponse } from "./response.ts";

/** How a file is sent. */
export interface FileOptions {
  contentType?: string | undefined;
  /** Is to be kept under this name, or under its own (true). */
  download?: boolean | string | undefined;
}

/** A file wherever it lies: here, in a storage, or made for the occasion. */
export interface FileSource {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly modified?: Date | undefined;
  /** The content, or a part of it, the first and the last byte included. */
  open(range?: { readonly start: number; readonly end: number }): Readable | Promise<Readable>;
}

/** A file, or the part of it that the request asks for. */
class FileResponse extends HttpResponse {
  readonly #source: FileSource;
  readonly #size: number;

  constructor(source: FileSource) {
    super(null, { headers: { "content-length": String(source.size), "accept-ranges": "bytes" } });
    this.#source = source;
    this.#size = source.size;
    const { modified } = source;
    if (modified === undefined) return;
    this.setHeader("last-modified", modified.toUTCString());
    this.setHeader("etag", `"${modified.getTime().toString(36)}-${source.size.toString(36)}"`);
  }

  override async forRequest(request: HttpRequest): Promise<HttpResponse> {
    if (request.method !== "GET" && request.method !== "HEAD") return this.#whole(request);
    const settled = answerConditionally(request, this);
    if (settled !== this) {
      this.#drop();
      return settled;
    }
    const range = this.#isCurrent(request.headers["if-range"]) ? readRange(request.headers.range, this.#size) : undefined;
    if (range === undefined) return this.#whole(request);
    this.#drop();
    if (range === "none")
      return new HttpResponse(null, {
        status: 416,
        headers: { "content-range": `bytes */${this.#size}`, "accept-ranges": "bytes" },
      });
    return this.#part(range);
  }

  async #whole({ method }: HttpRequest): Promise<HttpResponse> {
    if (method !== "HEAD") this.body ??= await this.#source.open();
    return this;
  }

  async #part({ start, end }: ByteRange): Promise<HttpResponse> {
    this.body = await this.#source.open({ start, end });
    this.status = 206;
    this.setHeader("content-range", `bytes ${start}-${end}/${this.#size}`);
    return this.setHeader("content-length", String(end - start + 1));
  }

  /** Whether the part that the client has is of the file as it is: `If-Range`. */
  #isCurrent(condition: string | string[] | undefined): boolean {
    return condition === undefined || condition === this.headers["etag"] || condition === this.headers["last-modified"];
  }

  #drop(): void {
    if (this.body instanceof Readable) this.body.destroy();
    this.body = null;
  }
}

interface ByteRange {
  start: number;
  /** The last byte of it. */
  end: number;
}

/** The one range that is asked for; `none` where the file has no such bytes, undefined where the whole file is to be sent. */
function readRange(header: string | undefined, size: number): ByteRange | "none" | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return undefined;
  const [first, last] = [found[1]!, found[2]!].map((text) => (text === "" ? undefined : Number(text)));
  if (first === undefined) return last === 0 || size === 0 ? "none" : { start: Math.max(0, size - last!), end: size - 1 };
  if (last !== undefined && last < first) return undefined;
  return first >= size ? "none" : { start: first, end: Math.min(last ?? size - 1, size - 1) };
}

/**
 * Answers with a file of the server, streamed; with a part of it where the client asks for one, and with 304 where it has the
 * file already. The path must not come from a client unchecked.
 *
 * ```ts
 * return file("var/reports/2026.pdf", { download: "report.pdf" });
 * ```
 * @throws HttpError 404 where there is no such file.
 */
export async function file(path: string, options: FileOptions = {}): Promise<HttpResponse> {
  const handle = await open(path).catch(() => undefined);
  const found = await handle?.stat();
  if (handle === undefined || !found!.isFile()) {
    await handle?.close();
    throw new HttpError(404, "There is no such file.");
  }
  const part = async (range?: { start: number; end: number }) => (await open(path)).createReadStream(range);
  const response = fileFrom({ name: basename(path), size: found!.size, modified: found!.mtime, open: part }, options);
  response.body = handle.createReadStream();
  return response;
}

/**
 * Answers with a file from elsewhere, as `file` does with one of the server. It is opened when it is sent.
 *
 * ```ts
 * import { Readable } from "node:stream";
 * const csv = Buffer.from("name,price\n");
 * return fileFrom({ name: "menu.csv", size: csv.length, open: () => Readable.from([csv]) }, { download: true });
 * ```
 */
export function fileFrom(source: FileSource, { contentType, download }: FileOptions = {}): HttpResponse {
  const response = new FileResponse(source);
  response.setHeader("content-type", contentType ?? contentTypeHeader(source.name));
  if (download)
    response.setHeader(
      "content-disposition",
      contentDisposition(typeof download === "string" ? download : basename(source.name)),
    );
  return response;
}
