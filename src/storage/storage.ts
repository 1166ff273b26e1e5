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
}

/** A place for files. Names have forward slashes and stay inside. */
export interface Storage {
  /** Keeps a file and gives its name: another one where the name is taken. @throws STORAGE_BAD_NAME */
  save(name: string, content: FileContent, options?: SaveFileOptions): Promise<string>;
  /** @throws STORAGE_NO_FILE */
  open(name: string): Promise<Readable>;
  /** The whole content. @throws STORAGE_NO_FILE */
  read(name: string): Promise<Uint8Array>;
  /** Removes a file; one that is not there is gone already. */
  delete(name: string): Promise<void>;
  exists(name: string): Promise<boolean>;
  /** Bytes. @throws STORAGE_NO_FILE */
  size(name: string): Promise<number>;
  /** The address at which browsers find a file. */
  url(name: string): string;
}

/** The content as bytes. */
export async function contentBytes(content: FileContent): Promise<Uint8Array> {
  if (typeof content === "string") return Buffer.from(content);
  if (content instanceof Uint8Array) return content;
  if ("bytes" in content) return content.bytes();
  if ("arrayBuffer" in content) return new Uint8Array(await content.arrayBuffer());
  return Buffer.concat(await Array.fromAsync(content));
}
