import { sep } from "node:path";

/** A message that strangers may read: files by their names, not by where they lie. `folders` are those that it may name. */
export function withoutPaths(message: string, folders: readonly string[] = []): string {
  let told = message;
  for (const folder of folders.filter((each) => each.length > 1))
    told = told.replaceAll(folder + sep, "").replaceAll(folder, "its folder");
  return told.replace(/(?:file:\/\/|(?<![\w/\\])(?:[A-Za-z]:)?)(?:[\\/][^\s\\/:"']+)+[\\/]/g, "");
}
