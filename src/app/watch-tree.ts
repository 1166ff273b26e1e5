import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { join, relative } from "node:path";

export interface TreeWatcher {
  close(): void;
}

/**
 * Tells of every file that changes below a folder, by its path from there; what `isIgnored` names is not looked into.
 * Each folder is watched by itself: Node's own recursive watch loses, on Linux, a file that was replaced by another,
 * which is how many editors save and how git switches branches.
 */
export function watchTree(
  root: string,
  { isIgnored, onChange }: { isIgnored: (file: string) => boolean; onChange: (file: string) => void },
): TreeWatcher {
  const watchers = new Map<string, FSWatcher>();

  const add = (folder: string, onFile?: (file: string) => void) => {
    const watcher = watch(folder, (event, name) => name !== null && noticed(join(folder, name), event));
    watcher.on("error", () => remove(folder));
    watchers.set(folder, watcher);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (isIgnored(relative(root, path))) continue;
      if (entry.isDirectory()) addIfThere(path, onFile);
      else onFile?.(relative(root, path));
    }
  };
  /** A folder may be gone, or be a file by now, before it is looked at. */
  const addIfThere = (folder: string, onFile?: (file: string) => void) => {
    try {
      add(folder, onFile);
    } catch (error) {
      remove(folder);
      if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code!)) throw error;
    }
  };
  const remove = (folder: string) => {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(join(folder, "/"))) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  const noticed = (path: string, event: string) => {
    const file = relative(root, path);
    if (isIgnored(file)) return;
    onChange(file);
    if (event !== "rename") return;
    remove(path);
    if (isFolder(path)) addIfThere(path, onChange);
  };

  add(root);
  return { close: () => remove(root) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
