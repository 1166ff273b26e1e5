import type { Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, extname } from "node:path";
import { Readable } from "node:stream";
import { answerConditionally } from "./conditional.ts";
import { contentDisposition } from "./content-disposition.ts";
import { HttpError } from "./http-error.ts";
import type { HttpRequest } from "./request.ts";
import { HttpResponse } from "./response.ts";

export interface FileOptions {
  contentType?: string | undefined;
  /** Is to be kept under this name, or under its own (true). */
  download?: boolean | string | undefined;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webm": "video/webm",
  ".webp": "image/webp",
  ".zip": "application/zip",
};

/** A file, or the part of it that the request asks for. */
class FileResponse extends HttpResponse {
  readonly #path: string;
  readonly #size: number;

  constructor(path: string, handle: FileHandle, { size, mtime }: Stats) {
    super(handle.createReadStream(), {
      headers: {
        "content-length": String(size),
        "last-modified": mtime.toUTCString(),
        etag: `"${mtime.getTime().toString(36)}-${size.toString(36)}"`,
        "accept-ranges": "bytes",
      },
    });
    this.#path = path;
    this.#size = size;
  }

  override async forRequest(request: HttpRequest): Promise<HttpResponse> {
    if (request.method !== "GET" && request.method !== "HEAD") return this;
    const settled = answerConditionally(request, this);
    if (settled !== this) {
      this.#drop();
      return settled;
    }
    const range = this.#isCurrent(request.headers["if-range"]) ? readRange(request.headers.range, this.#size) : undefined;
    if (range === undefined) return this;
    this.#drop();
    if (range === "none")
      return new HttpResponse(null, {
        status: 416,
        headers: { "content-range": `bytes */${this.#size}`, "accept-ranges": "bytes" },
      });
    return this.#part(range);
  }

  async #part({ start, end }: ByteRange): Promise<HttpResponse> {
    this.body = (await open(this.#path)).createReadStream({ start, end });
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
export async function file(path: string, { contentType, download }: FileOptions = {}): Promise<HttpResponse> {
  const handle = await open(path).catch(() => undefined);
  const found = await handle?.stat();
  if (handle === undefined || !found!.isFile()) {
    await handle?.close();
    throw new HttpError(404, "There is no such file.");
  }
  const response = new FileResponse(path, handle, found!);
  response.setHeader("content-type", contentType ?? contentTypes[extname(path).toLowerCase()] ?? "application/octet-stream");
  if (download)
    response.setHeader("content-disposition", contentDisposition(typeof download === "string" ? download : basename(path)));
  return response;
}
