import { gettext } from "#kernel/i18n";
import type { FormSource } from "../form-data.ts";
import type { Attributes } from "../html.ts";
import { formsErrors } from "../errors.ts";
import { InputWidget } from "./inputs.ts";
import type { WidgetContext, WidgetOptions } from "./widget.ts";

/** Options of the widgets for files. */
export interface FileWidgetOptions extends WidgetOptions {
  /** Whether several files may be chosen at once; their field is `multipleFileField`. */
  allowMultipleSelected?: boolean | undefined;
}

class FileWidget extends InputWidget {
  readonly allowMultipleSelected: boolean;

  constructor(options: FileWidgetOptions = {}, templateName = "file") {
    const { allowMultipleSelected = false, attrs = {}, ...rest } = options;
    if (!allowMultipleSelected && attrs["multiple"] !== undefined) throw formsErrors.FORMS_SEVERAL_FILES();
    super("file", { ...rest, attrs: allowMultipleSelected ? { multiple: true, ...attrs } : attrs }, templateName);
    this.allowMultipleSelected = allowMultipleSelected;
  }

  override get needsMultipart(): boolean {
    return true;
  }

  /** A file's content cannot be put back into the page: the value is never shown. */
  override formatValue(): unknown {
    return undefined;
  }

  override valueFrom(_data: FormSource, files: FormSource, name: string): unknown {
    if (this.allowMultipleSelected) return files.has(name) ? files.getAll(name) : [];
    return files.get(name) ?? undefined;
  }

  override isOmitted(_data: FormSource, files: FormSource, name: string): boolean {
    return !files.has(name);
  }

  /** A file that is already kept need not be sent again. */
  override usesRequired(initial: unknown): boolean {
    return super.usesRequired(initial) && !initial;
  }
}

/** What a form gives its file field when the box "Clear" is ticked. */
export const clearFile = false;
/** What it gives when the box is ticked and a file was sent too. */
export const contradictingFile: unique symbol = Symbol("a file and the wish to clear it");

/** A file that is kept already, as far as a widget shows it. */
interface KeptFile {
  url: string;
}

class ClearableFileWidget extends FileWidget {
  /** Whether the box was ticked in a form that is shown again. */
  private checked = false;

  constructor(options: FileWidgetOptions = {}) {
    super(options, "clearable_file_input");
  }

  override context(name: string, value: unknown, attrs: Attributes): WidgetContext {
    const isInitial = isKept(value);
    const own = { ...this.attrs, ...attrs };
    return {
      ...this.baseContext(name, undefined, own),
      type: this.type,
      value: isInitial ? value : null,
      isInitial,
      checked: this.checked,
      checkboxName: `${name}-clear`,
      checkboxId: `${name}-clear_id`,
      initialText: gettext("Currently"),
      inputText: gettext("Change"),
      clearCheckboxLabel: gettext("Clear"),
    };
  }

  override valueFrom(data: FormSource, files: FormSource, name: string): unknown {
    const file = super.valueFrom(data, files, name);
    this.checked = isTicked(data.get(`${name}-clear`));
    if (this.isRequired || !this.checked) return file;
    return file === undefined || (Array.isArray(file) && file.length === 0) ? clearFile : contradictingFile;
  }

  override isOmitted(data: FormSource, files: FormSource, name: string): boolean {
    return super.isOmitted(data, files, name) && !data.has(`${name}-clear`);
  }
}

function isTicked(value: unknown): boolean {
  return typeof value === "string" ? value !== "" && value.toLowerCase() !== "false" : Boolean(value);
}

function isKept(value: unknown): value is KeptFile {
  return typeof value === "object" && value !== null && Boolean((value as KeptFile).url);
}

/** `<input type="file">` */
export const fileInput = (options?: FileWidgetOptions): InputWidget => new FileWidget(options);
/** A file input that links to the file already kept and can drop it. */
export const clearableFileInput = (options?: FileWidgetOptions): InputWidget => new ClearableFileWidget(options);
