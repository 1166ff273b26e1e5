import type { Readable } from "node:stream";

/** What a file is made of. */
export type FileContent =
  | string
  | Uint8Array
  | AsyncIterable<Uint8Array>
  | { bytes(): Promise<Uint8Array> }
  | { arrayBuffer(): Promise<ArrayBuffer> };

/** What `storage.save()` takes beside the content. */
export interface SaveFileOptions {
  /** The longest name, folders included, that may come back. */
  maxLength?: number | undefined;
  /** Puts the content in place of a file that has the name; without it the new file gets another name. */
  overwrite?: boolean | undefined;
  /** What the file is, `image/png`; told by its name where left out. */
  contentType?: string | undefined;
  /** Further headers with which the file is to be answered: `{ "cache-control": "no-store" }`. Folders do not keep them. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Which bytes of a file are wanted, the first and the last included. */
export interface ByteRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** What is in a folder of a storage: names, not paths. */
export interface StorageListing {
  readonly directories: string[];
  readonly files: string[];
}

/**
 * A place for files. Names have forward slashes and stay inside. Give a storage of your own in the setting `storages`.
 *
 * ```ts
 * const name = await storage().save("notes/today.txt", "coffee");
 * const bytes = await storage().read(name);
 * ```
 */
export interface Storage {
  /** Keeps a file and gives its name: another one where the name is taken. It is there whole, or not at all. @throws STORAGE_BAD_NAME */
  save(name: string, content: FileContent, options?: SaveFileOptions): Promise<string>;
  /** The content as it comes. @throws STORAGE_NO_FILE */
  open(name: string, range?: ByteRange): Promise<Readable>;
  /** The whole content. @throws STORAGE_NO_FILE */
  read(name: string): Promise<Uint8Array>;
  /** Removes a file; one that is not there is gone already. */
  delete(name: string): Promise<void>;
  exists(name: string): Promise<boolean>;
  /** What is in a folder, in the order of names; `""` is the uppermost. A folder that is not there is empty. */
  listdir(folder?: string): Promise<StorageListing>;
  /** Bytes. @throws STORAGE_NO_FILE */
  size(name: string): Promise<number>;
  /** When the content was last written. @throws STORAGE_NO_FILE */
  modifiedTime(name: string): Promise<Date>;
  /** When the file was made. @throws STORAGE_NO_FILE */
  createdTime(name: string): Promise<Date>;
  /** A name that is free at this moment: the name itself, or one like it. `save` finds one by itself. */
  availableName(name: string, options?: { maxLength?: number | undefined }): Promise<string>;
  /** The address at which browsers find a file. */
  url(name: string): string;
  /** Where the file lies on this machine; storages elsewhere have no paths. @throws STORAGE_BAD_NAME */
  path?(name: string): string;
  /** Does what must be done once before the first use; a project calls it when it opens. */
  ready?(): Promise<void>;
  close?(): Promise<void>;
}

/** The content as bytes. */
export async function contentBytes(content: FileContent): Promise<Uint8Array> {
  if (typeof content === "string") return Buffer.from(content);
  if (content instanceof Uint8Array) return content;
  if ("bytes" in content) return content.bytes();
  if ("arrayBuffer" in content) return new Uint8Array(await content.arrayBuffer());
  return Buffer.concat(await Array.fromAsync(content));
}

/** The content as it comes, where it comes in pieces; whole otherwise. */
export async function contentChunks(content: FileContent): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  if (typeof content !== "object") return [await contentBytes(content)];
  if (Symbol.asyncIterator in content) return content;
  // An uploaded file that lies in a temporary file is not read into memory.
  if ("stream" in content && typeof content.stream === "function") return content.stream() as AsyncIterable<Uint8Array>;
  return [await contentBytes(content)];
}
