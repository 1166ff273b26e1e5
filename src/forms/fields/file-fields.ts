import { gettextLazy, ngettext } from "#kernel/i18n";
import { validateImageFileExtension, ValidationError } from "#validation";
import type { Attributes } from "../html.ts";
import { clearableFileInput, clearFile, contradictingFile, fileInput } from "../widgets/file-widgets.ts";
import type { Widget } from "../widgets/widget.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";
import { kindBytes } from "./content-kind.ts";
import { beginningOf, checkFileRules, type FileRules } from "./file-rules.ts";
import { checkImageRules, type ImageRules } from "./image-rules.ts";
import { imageKind } from "./image-kind.ts";

/** A file as it was sent; a request's uploaded files are such. */
export interface SubmittedFile {
  /** The name that the sender gave it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The whole content. */
  bytes(): Promise<Uint8Array>;
  /** The first bytes alone. */
  beginning?(length: number): Promise<Uint8Array>;
  /** Why the project's scan refused it. */
  readonly refusal?: string | undefined;
}

export interface FileFieldOptions extends FieldOptions, FileRules {
  /** The longest name accepted. */
  maxLength?: number | null | undefined;
  /** Whether a file without content is accepted. */
  allowEmptyFile?: boolean | undefined;
}

/** What `imageField()` takes. */
export interface ImageFieldOptions extends FileFieldOptions, ImageRules {}

const messages = {
  invalid: gettextLazy("No file was submitted. Check the encoding type on the form."),
  missing: gettextLazy("No file was submitted."),
  empty: gettextLazy("The submitted file is empty."),
  contradiction: gettextLazy("Please either submit a file or check the clear checkbox, not both."),
  invalid_image: gettextLazy("Upload a valid image. The file you uploaded was either not an image or a corrupted image."),
};

class FileField<T> extends Field<T> {
  readonly maxLength: number | null;
  readonly allowEmptyFile: boolean;
  readonly rules: FileRules;

  constructor({ maxSize, accept, ...options }: FileFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? clearableFileInput }, messages);
    this.rules = { maxSize, accept };
    if (accept !== undefined) this.constrainWidget();
    this.maxLength = options.maxLength ?? null;
    this.allowEmptyFile = options.allowEmptyFile ?? false;
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (!isSubmittedFile(raw) || raw.name === "") throw this.refusal("invalid");
    if (this.maxLength !== null && raw.name.length > this.maxLength) throw this.tooLong(this.maxLength, raw.name.length);
    if (raw.refusal !== undefined) throw new ValidationError(raw.refusal, { code: "refused" });
    if (raw.size === 0 && !this.allowEmptyFile) throw this.refusal("empty");
    return raw;
  }

  private tooLong(max: number, length: number): ValidationError {
    const params = { max, length };
    if (this.errorMessages["max_length"] !== undefined) return this.refusal("max_length", params);
    const message = ngettext(
      "Ensure this filename has at most %(max)d character (it has %(length)d).",
      "Ensure this filename has at most %(max)d characters (it has %(length)d).",
      max,
    );
    return new ValidationError(message, { code: "max_length", params });
  }

  /** `false` clears the file that is kept; nothing sent leaves it as it is. */
  override async clean(raw: unknown, initial?: unknown): Promise<T> {
    if (raw === contradictingFile) throw this.refusal("contradiction");
    if (raw === clearFile && !this.required) return clearFile as T;
    const given = raw === clearFile ? null : raw;
    if (isEmpty(given) && !isEmpty(initial)) return initial as T;
    const file = await super.clean(given);
    if (isSubmittedFile(file)) await checkFileRules(file, this.rules);
    return file;
  }

  override widgetAttributes(widget: Widget): Attributes {
    // Asked for once by the field itself, before it has its rules.
    const accept = (this.rules as FileRules | undefined)?.accept?.join(",");
    return accept !== undefined && widget.needsMultipart && widget.attrs["accept"] === undefined ? { accept } : {};
  }

  override boundValue(_submitted: unknown, initial: unknown): unknown {
    return initial;
  }

  override hasChanged(_initial: unknown, submitted: unknown): boolean {
    return !this.disabled && submitted !== null && submitted !== undefined;
  }
}

function isSubmittedFile(value: unknown): value is SubmittedFile {
  const file = value as Partial<SubmittedFile>;
  return typeof value === "object" && value !== null && typeof file.name === "string" && typeof file.size === "number";
}

class ImageField<T> extends FileField<T> {
  readonly imageRules: ImageRules;

  constructor(options: ImageFieldOptions = {}) {
    const { minWidth, minHeight, maxWidth, maxHeight, ...rest } = options;
    super(rest);
    this.imageRules = { minWidth, minHeight, maxWidth, maxHeight };
    this.validators = [validateImageFileExtension, ...this.validators];
    this.constrainWidget();
  }

  /** Looks at the content: a name ending in `.png` says nothing. */
  override async clean(raw: unknown, initial?: unknown): Promise<T> {
    const file = await super.clean(raw, initial);
    if (!isSubmittedFile(file) || (file as unknown) === initial) return file;
    if (imageKind(await beginningOf(file, kindBytes)) === undefined) throw this.refusal("invalid_image");
    await checkImageRules(file, this.imageRules);
    return file;
  }

  override widgetAttributes(widget: Widget): Attributes {
    const isFree = widget.needsMultipart && widget.attrs["accept"] === undefined;
    return isFree ? { accept: "image/*", ...super.widgetAttributes(widget) } : {};
  }
}

/** A file. Not required and cleared, it cleans to `false`; not required and absent, to null. */
export function fileField<const O extends FileFieldOptions>(options?: O): Field<Cleaned<SubmittedFile, null | false, O>> {
  return new FileField(options);
}

/** An image, recognised by its content: PNG, JPEG, GIF, WebP, AVIF, BMP, TIFF or icon. SVG is refused, for it can carry scripts. */
export function imageField<const O extends ImageFieldOptions>(options?: O): Field<Cleaned<SubmittedFile, null | false, O>> {
  return new ImageField(options);
}

class MultipleFileField<T> extends Field<T> {
  private readonly one: FileField<SubmittedFile>;

  constructor(options: FileFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? (() => fileInput({ allowMultipleSelected: true })) }, messages);
    this.one = new FileField({ ...options, widget: undefined, validators: [] });
  }

  override async clean(raw: unknown): Promise<T> {
    const given = (Array.isArray(raw) ? (raw as unknown[]) : [raw]).filter((file) => !isEmpty(file));
    if (this.required && given.length === 0) throw this.refusal("required");
    const files: SubmittedFile[] = [];
    const refused: ValidationError[] = [];
    for (const file of given) {
      try {
        const accepted = await this.one.clean(file);
        this.runValidators(accepted);
        files.push(accepted);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        refused.push(error);
      }
    }
    if (refused.length > 0) throw new ValidationError(refused);
    return files as T;
  }

  override boundValue(_submitted: unknown, initial: unknown): unknown {
    return initial;
  }

  override hasChanged(_initial: unknown, submitted: unknown): boolean {
    return !this.disabled && Array.isArray(submitted) && submitted.length > 0;
  }
}

/** Several files, chosen at once. `validators` are asked about each of them. */
export function multipleFileField(options?: FileFieldOptions): Field<SubmittedFile[]> {
  return new MultipleFileField(options);
}
