import { Readable } from "node:stream";
import { type ByteRange, contentBytes, type FileContent, type Storage } from "#storage";
import { ormErrors } from "../../errors.ts";
import { imageSize, type ImageSize } from "./image-size.ts";

/** Where a file belongs: the row that has it, and how its field keeps files. */
export interface FileHome {
  readonly row: any;
  /** The property of the row. */
  readonly name: string;
  readonly label: string;
  readonly storage: Storage;
  /** The name under which a file of the row is kept, before the storage makes it free. */
  nameFor(given: string): string;
  readonly maxLength: number | undefined;
}

/** Where an image says its size: a photograph has a preview and more before it. */
const headBytes = 256 * 1024;

/**
 * A file of a row: its name in the storage, and what can be done with it. What `upload()` gave is kept when
 * the row is saved; until then it has no address.
 */
export class FieldFile {
  /** The name in the storage; of a file that is not kept yet, the name it was given. */
  name: string;
  #content: FileContent | undefined;
  #home: FileHome | undefined;

  constructor(name: string, content?: FileContent) {
    this.name = name;
    this.#content = content;
  }

  /** Whether the storage has it. */
  get isStored(): boolean {
    return this.#content === undefined;
  }
  /** The address for browsers. @throws ORM_FILE_NOT_STORED */
  get url(): string {
    if (!this.isStored || this.#home === undefined)
      throw ormErrors.ORM_FILE_NOT_STORED({ name: this.name, field: this.#home?.label ?? "no field" });
    return this.#home.storage.url(this.name);
  }
  /** Bytes. @throws STORAGE_NO_FILE */
  async size(): Promise<number> {
    return this.#content === undefined ? this.#storage.size(this.name) : (await this.bytes()).length;
  }
  /** When it was stored; of a file that is not stored yet, now. @throws STORAGE_NO_FILE */
  async modifiedTime(): Promise<Date> {
    return this.#content === undefined ? this.#storage.modifiedTime(this.name) : new Date();
  }
  /** The content as it comes, or a part of it. @throws STORAGE_NO_FILE */
  async open({ start = 0, end }: ByteRange = {}): Promise<Readable> {
    if (this.#content === undefined) return this.#storage.open(this.name, { start, end });
    return Readable.from([(await this.bytes()).subarray(start, end === undefined ? undefined : end + 1)]);
  }
  /** The whole content. @throws STORAGE_NO_FILE */
  async bytes(): Promise<Uint8Array> {
    if (this.#content === undefined) return this.#storage.read(this.name);
    return (this.#content = await contentBytes(this.#content)) as Uint8Array;
  }
  /** The size of an image; undefined where its content is none that is known. */
  async dimensions(): Promise<ImageSize | undefined> {
    const head = await this.#head();
    return (head && imageSize(head)) ?? imageSize(await this.bytes());
  }
  async width(): Promise<number | undefined> {
    return (await this.dimensions())?.width;
  }
  async height(): Promise<number | undefined> {
    return (await this.dimensions())?.height;
  }

  /** Keeps other content in place of this, and saves the row. The old file stays in the storage. */
  async save(name: string, content: FileContent, { save = true }: { save?: boolean } = {}): Promise<void> {
    const { row, name: property } = this.#homeOr("it cannot be saved");
    row[property] = new FieldFile(name, content);
    await row[property].store();
    if (save) await row.save();
  }
  /** Removes the file from the storage and from the row, and saves the row. */
  async delete({ save = true }: { save?: boolean } = {}): Promise<void> {
    const { row, name: property, storage } = this.#homeOr("it cannot be deleted");
    if (this.isStored) await storage.delete(this.name);
    row[property] = null;
    if (save) await row.save();
  }
  /** Puts the content into the storage, if it is not there. @internal */
  async store(): Promise<void> {
    if (this.#content === undefined) return;
    const home = this.#homeOr("it cannot be stored");
    this.name = await home.storage.save(home.nameFor(this.name), this.#content, { maxLength: home.maxLength });
    this.#content = undefined;
  }
  /** This file as one of a row; another row gets an object of its own. @internal */
  boundTo(home: FileHome): FieldFile {
    const file = this.#home === undefined || this.#home.row === home.row ? this : new FieldFile(this.name, this.#content);
    file.#home = home;
    return file;
  }
  toString(): string {
    return this.name;
  }
  toJSON(): string {
    return this.name;
  }

  /** The first bytes, where they can be had without the others. */
  async #head(): Promise<Uint8Array | undefined> {
    const content = this.#content as { beginning?: (length: number) => Promise<Uint8Array> } | undefined;
    if (content !== undefined) return content.beginning?.(headBytes);
    return Buffer.concat(await (await this.open({ start: 0, end: headBytes - 1 })).toArray());
  }
  get #storage(): Storage {
    return this.#homeOr("it has no storage").storage;
  }
  #homeOr(use: string): FileHome {
    if (this.#home === undefined)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `The file "${this.name}" belongs to no row, so ${use}.`,
        hint: "Assign it to a row's field first.",
      });
    return this.#home;
  }
}

/**
 * A file for a row's field, kept when the row is saved: of a form's or request's upload, a `File`, bytes or text.
 *
 * ```ts
 * const drawing = new Drawing({ picture: upload(new Uint8Array(16), "latte.png") });
 * await drawing.save();
 * const address = drawing.picture?.url;
 * ```
 */
export function upload(content: FileContent & { readonly name: string }): FieldFile;
export function upload(content: FileContent, name: string): FieldFile;
export function upload(content: FileContent, name?: string): FieldFile {
  const given = name ?? (content as { name?: unknown }).name;
  if (typeof given !== "string" || given === "")
    throw ormErrors.ORM_BAD_QUERY({ reason: "upload() was given a content without a name.", hint: 'upload(bytes, "latte.png")' });
  return new FieldFile(given, content);
}

/** Whether a value is a file as a form or a request gives it. */
export function isUploadedFile(value: unknown): value is FileContent & { readonly name: string } {
  if (typeof value !== "object" || value === null) return false;
  const file = value as { name?: unknown; bytes?: unknown; arrayBuffer?: unknown };
  return typeof file.name === "string" && (typeof file.bytes === "function" || typeof file.arrayBuffer === "function");
}
