import { gettext } from "#kernel/i18n";
import { posix } from "node:path";
import { storage as currentStorage, type Storage, validFileName } from "#storage";
import type { AnyRow } from "../../model/rows/row.ts";
import { type Converter, Field } from "../field.ts";
import type { FieldOptions } from "../field-options.ts";
import type { Presence, PresenceOf } from "../field-typing.ts";
import { FieldFile, type FileHome, isUploadedFile } from "./field-file.ts";
import { fileFields } from "./store-uploads.ts";

/** What `file()` takes. */
export interface FileOptions extends FieldOptions {
  /**
   * The folder in the storage, with `%Y`, `%m`, `%d`, `%H`, `%M` and `%S` for the present (UTC), or a function of
   * the row and the file's name that gives the name to keep it under.
   */
  uploadTo?: string | ((row: any, name: string) => string);
  /** Where files are kept: a storage, a function that gives it, or its alias. */
  storage?: Storage | (() => Storage) | string;
  /** The longest name, folders included. */
  maxLength?: number;
}

/** What `image()` takes. */
export interface ImageOptions extends FileOptions {
  /** The fields that keep the image's size. */
  widthField?: string;
  heightField?: string;
}

const filesOf = Symbol("cortado.files");

/** A file in a storage, of which the column keeps the name; `file()` makes it. */
export class FileField<V = FieldFile, P extends Presence = any> extends Field<V, P> {
  readonly kind: "file" | "image";

  constructor(kind: "file" | "image", options: FileOptions) {
    super({ ...options, maxLength: options.maxLength ?? 100 } as FieldOptions);
    this.kind = kind;
    if (options.primaryKey) this.refuseOption("a file cannot be a primary key");
  }
  /** A row without a file has NULL. */
  override get null(): boolean {
    return this.options.null ?? this.blank;
  }
  override get takes(): string {
    return "a file that is stored, or upload(…) on a row that is saved";
  }
  override columnType(): string {
    return `varchar(${this.maxLength})`;
  }
  override writer(): Converter {
    return (value) => {
      const file = this.parse(value);
      if (!file.isStored) throw new TypeError("the file is not stored");
      return file.name;
    };
  }
  override comparer(): Converter {
    return (value) => String(value);
  }
  override reader(): Converter {
    return (name: string) => (name === "" ? null : new FieldFile(name));
  }
  override parse(value: unknown): FieldFile {
    if (value instanceof FieldFile) return value;
    if (isUploadedFile(value)) return new FieldFile(value.name, value);
    if (typeof value === "string" && value !== "") return new FieldFile(value);
    throw this.invalid("invalid", {}, gettext("No file was submitted."));
  }
  override toJson(value: unknown): unknown {
    return value instanceof FieldFile ? value.name : (value ?? null);
  }
  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { kind, options } = super.deconstruct();
    return { kind, options: this.null ? { ...options, null: true } : options };
  }

  /** Rows get a property that takes files of any kind, and gives them bound to the row. */
  override decorate(prototype: object, name: string): void {
    const parse = (value: unknown) => this.parse(value);
    const home = (row: object) => this.homeOf(row, name);
    const above = (prototype as { [fileFields]?: readonly FileField[] })[fileFields] ?? [];
    const own = Object.assign(Object.create(Object.getPrototypeOf(this)) as this, this, { name });
    Object.defineProperty(prototype, fileFields, {
      configurable: true,
      value: [...above.filter((field) => field.name !== name), own],
    });
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: { [filesOf]?: Record<string, FieldFile | null> }) {
        return this[filesOf]?.[name] ?? null;
      },
      set(this: { [filesOf]?: Record<string, FieldFile | null> }, value: unknown) {
        const file = value === null || value === undefined || value === "" ? null : parse(value).boundTo(home(this));
        (this[filesOf] ??= {})[name] = file;
      },
    });
  }

  /** Stores what was uploaded for the row. @internal */
  async beforeWrite(row: AnyRow): Promise<void> {
    await (row[this.name] as FieldFile | null)?.store();
  }

  private homeOf(row: object, name: string): FileHome {
    const { options } = this;
    const label = () => `${row.constructor.name}.${name}`;
    return {
      row,
      name,
      maxLength: this.maxLength,
      nameFor: (given) => uploadName(options.uploadTo, row, given),
      get label() {
        return label();
      },
      get storage() {
        return storageOf(options.storage);
      },
    };
  }
}

function storageOf(given: FileOptions["storage"]): Storage {
  if (typeof given === "object") return given;
  return typeof given === "function" ? given() : currentStorage(given);
}

/** The name under which a file is to be kept. What a person called it does not lead anywhere. */
function uploadName(uploadTo: FileOptions["uploadTo"], row: object, given: string): string {
  if (typeof uploadTo !== "function") return posix.join(dated(uploadTo ?? ""), validFileName(given));
  const chosen = uploadTo(row, given).replaceAll("\\", "/");
  const { dir, base } = posix.parse(chosen);
  return `${dir === "" ? "" : `${dir}/`}${validFileName(base)}`;
}

function dated(folder: string): string {
  const [date, time] = new Date().toISOString().split("T") as [string, string];
  const [year, month, day] = date.split("-") as [string, string, string];
  const parts: Record<string, string> = {
    Y: year,
    m: month,
    d: day,
    y: year.slice(2),
    H: time.slice(0, 2),
    M: time.slice(3, 5),
    S: time.slice(6, 8),
    "%": "%",
  };
  return folder.replaceAll(/%(.)/g, (whole, code: string) => parts[code] ?? whole);
}

/** A file that is an image; `image()` makes it. */
export class ImageField<V = FieldFile, P extends Presence = any> extends FileField<V, P> {
  constructor(options: ImageOptions) {
    super("image", options);
  }
  /** Also writes the image's size into the fields that keep it. */
  override async beforeWrite(row: AnyRow): Promise<void> {
    const { widthField, heightField } = this.options as ImageOptions;
    const file = row[this.name] as FieldFile | null;
    const isNew = file !== null && !file.isStored;
    if ((widthField ?? heightField) !== undefined && (isNew || file === null)) {
      const size = await file?.dimensions();
      if (widthField !== undefined) row[widthField] = size?.width ?? null;
      if (heightField !== undefined) row[heightField] = size?.height ?? null;
    }
    await super.beforeWrite(row);
  }
}

/** A file, or null where a row may be without one. */
type FileValue<O> = O extends { null: true } | { blank: true } ? FieldFile | null : FieldFile;

/**
 * A file in the project's storage; the column keeps its name.
 *
 * ```ts
 * receipt: file({ uploadTo: "receipts/%Y/%m", blank: true })
 * ```
 */
export function file<const O extends FileOptions = FileOptions>(options?: O): FileField<FileValue<O>, PresenceOf<O>> {
  return new FileField("file", options ?? {});
}

/**
 * A file that is an image; two fields may keep its size.
 *
 * ```ts
 * photo: image({ uploadTo: "photos", widthField: "photoWidth", heightField: "photoHeight" })
 * ```
 */
export function image<const O extends ImageOptions = ImageOptions>(options?: O): ImageField<FileValue<O>, PresenceOf<O>> {
  return new ImageField(options ?? {});
}
