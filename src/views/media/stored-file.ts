import type { Readable } from "node:stream";
import { fileFrom, HttpError, type HttpResponse } from "#http";
import { storage } from "#storage";

/** A file of a row's field, or of a storage. */
export interface StoredFile {
  readonly name: string;
  size(): Promise<number>;
  modifiedTime(): Promise<Date>;
  open(range?: { readonly start?: number; readonly end?: number }): Promise<Readable>;
}

/** How a stored file is answered. */
export interface StoredFileOptions {
  /** Is to be kept under this name, or under its own (true). What could run in a browser always is. */
  download?: boolean | string | undefined;
  contentType?: string | undefined;
  /** The storage's alias, for a file that is given by its name. */
  storage?: string | undefined;
}

/** What a browser shows without running anything; all else is saved to disk. */
const shown = /\.(?:avif|bmp|gif|ico|jpe?g|png|tiff?|webp|mp3|mp4|ogg|wav|webm|pdf)$/i;

/**
 * Answers with a file of a storage, streamed, so that nothing in it runs in the site's name: what is no picture, sound,
 * film or PDF is saved, not opened. Ask before who may see it.
 *
 * ```ts
 * export async function receipt(request: HttpRequest, { name }: { name: string }) {
 *   if (!request.session.has("customer")) throw new HttpError(403, "Log in first.");
 *   return storedFile(`receipts/${name}`, { download: true });
 * }
 * ```
 * @throws HttpError 404 where there is no such file
 */
export async function storedFile(
  given: StoredFile | string | null | undefined,
  options: StoredFileOptions = {},
): Promise<HttpResponse> {
  if (given === null || given === undefined) throw noSuchFile();
  const found = typeof given === "string" ? fileOf(given, options.storage) : given;
  try {
    const { name } = found;
    const [size, modified] = [await found.size(), await found.modifiedTime()];
    const download = options.download || !shown.test(name);
    const response = fileFrom({ name, size, modified, open: (range) => found.open(range) }, { ...options, download });
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("content-security-policy", "default-src 'none'; sandbox");
    return response;
  } catch (error) {
    if (["STORAGE_NO_FILE", "STORAGE_BAD_NAME"].includes((error as { code?: string }).code ?? "")) throw noSuchFile();
    throw error;
  }
}

function fileOf(name: string, alias: string | undefined): StoredFile {
  const kept = storage(alias);
  return {
    name,
    size: () => kept.size(name),
    modifiedTime: () => kept.modifiedTime(name),
    open: (range) => kept.open(name, range),
  };
}

function noSuchFile(): HttpError {
  return new HttpError(404, "There is no such file.");
}
