import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Choice } from "../choices.ts";
import { ChoiceField, type ChoiceFieldOptions } from "./choice-fields.ts";
import type { Field } from "./field.ts";

export interface FilePathFieldOptions extends Omit<ChoiceFieldOptions, "choices"> {
  /** The folder whose files are on offer. */
  path: string;
  /** Only names in which this is found. */
  match?: RegExp | string | undefined;
  /** Whether folders inside are gone through too. */
  recursive?: boolean | undefined;
  allowFiles?: boolean | undefined;
  allowFolders?: boolean | undefined;
}

/** The files and folders that may be chosen, as they are now. */
function pathsIn(options: FilePathFieldOptions, folder: string = options.path): Choice[] {
  const { match = "", recursive = false, allowFiles = true, allowFolders = false } = options;
  const pattern = typeof match === "string" ? new RegExp(match, "u") : match;
  const entries = readdirSync(folder, { withFileTypes: true });
  const chosen = entries
    .filter((entry) => (entry.isDirectory() ? allowFolders : allowFiles) && entry.name.search(pattern) >= 0)
    .map((entry) => join(folder, entry.name));
  const inside = recursive ? entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name)) : [];
  const own = chosen.sort().map((path): Choice => [path, relative(options.path, path)]);
  return [...own, ...inside.sort().flatMap((path) => pathsIn(options, path))];
}

/**
 * The path of a file in a folder of the server, chosen from a list that is read whenever a form asks.
 *
 * ```ts
 * filePathField({ path: "recipes", match: /\.md$/, recursive: true });
 * ```
 */
export function filePathField(options: FilePathFieldOptions): Field<string> {
  const { path, match, recursive, allowFiles, allowFolders, ...rest } = options;
  const own = { path, match, recursive, allowFiles, allowFolders };
  const nothing: Choice[] = rest.required === false ? [["", "---------"]] : [];
  return new ChoiceField<string>({ ...rest, choices: () => [...nothing, ...pathsIn(own)] });
}
