import type { SafeString } from "#templates";
import type { FormSource } from "../form-data.ts";
import { type Attributes, attributes, markup } from "../html.ts";
import { Widget, type WidgetOptions } from "./widget.ts";

class FileWidget extends Widget {
  override get needsMultipart(): boolean {
    return true;
  }

  /** A file's content cannot be put back into the page: the value is never shown. */
  override render(name: string, _value: unknown, attrs: Attributes = {}): SafeString {
    return markup`<input${attributes({ type: "file", name, ...this.attrs, ...attrs })}>`;
  }

  override valueFrom(_data: FormSource, files: FormSource, name: string): unknown {
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
  override render(name: string, value: unknown, attrs: Attributes = {}): SafeString {
    const input = super.render(name, value, attrs);
    if (!isKept(value)) return input;
    const clear = `${name}-clear`;
    const id = `${clear}_id`;
    const box = attributes({ type: "checkbox", name: clear, id, disabled: attrs["disabled"] });
    const clearing = this.isRequired ? undefined : markup`\n<input${box}>\n<label for="${id}">Clear</label>`;
    return markup`Currently: <a href="${value.url}">${value}</a>${clearing}<br>\nChange:\n${input}`;
  }

  override valueFrom(data: FormSource, files: FormSource, name: string): unknown {
    const file = super.valueFrom(data, files, name);
    if (this.isRequired || !data.has(`${name}-clear`)) return file;
    return file === undefined ? clearFile : contradictingFile;
  }

  override isOmitted(data: FormSource, files: FormSource, name: string): boolean {
    return super.isOmitted(data, files, name) && !data.has(`${name}-clear`);
  }
}

function isKept(value: unknown): value is KeptFile {
  return typeof value === "object" && value !== null && typeof (value as KeptFile).url === "string";
}

/** `<input type="file">` */
export const fileInput = (options?: WidgetOptions): Widget => new FileWidget(options);
/** A file input that links to the file already kept and can drop it. */
export const clearableFileInput = (options?: WidgetOptions): Widget => new ClearableFileWidget(options);
