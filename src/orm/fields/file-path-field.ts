import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Choice } from "./choices.ts";
import type { TextOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";
import { TextField } from "./text-fields.ts";

/** What `filePath()` takes. */
export interface FilePathOptions extends TextOptions {
  /** The folder whose files are offered, or a function that gives it. */
  path?: string | (() => string);
  /** Only names that match are offered. */
  match?: RegExp;
  /** Whether folders inside are looked through as well. */
  recursive?: boolean;
  allowFiles?: boolean;
  allowFolders?: boolean;
}

/** The path of a file of one folder; `filePath()` makes it. */
export class FilePathField<V = string, P extends Presence = any> extends TextField<V, P> {
  constructor(options: FilePathOptions) {
    super("filePath", { maxLength: 100, ...options });
    if (options.allowFiles === false && options.allowFolders !== true)
      this.refuseOption("neither files nor folders are allowed", "Leave allowFiles out, or set allowFolders.");
  }
  /** What the folder holds at this moment: paths, and the names that people see. A missing folder holds nothing. */
  paths(): Choice<string>[] {
    const { path = ".", match, recursive = false, allowFiles = true, allowFolders = false } = this.options as FilePathOptions;
    const folder = typeof path === "function" ? path() : path;
    return entriesOf(folder, recursive)
      .filter((entry) => (entry.isDirectory() ? allowFolders : entry.isFile() && allowFiles))
      .filter((entry) => match === undefined || new RegExp(match.source, match.flags.replace(/[gy]/g, "")).test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((name) => [name, relative(folder, name)]);
  }
}

function entriesOf(folder: string, recursive: boolean) {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/**
 * The path of a file of one folder, which forms offer to choose from.
 *
 * ```ts
 * label: filePath({ path: "labels", match: /\.svg$/, recursive: true })
 * ```
 */
export function filePath<const O extends FilePathOptions>(options: O): FilePathField<FieldValue<string, O>, PresenceOf<O>> {
  return new FilePathField(options);
}
