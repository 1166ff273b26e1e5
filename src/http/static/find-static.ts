import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, matchesGlob, resolve } from "node:path";
import type { ProjectSettings } from "#kernel";
import "./static-settings.ts"; // declares the setting `staticDirectories`

/** A folder of static files, and what stands before the names of them all. */
export interface StaticFolder {
  /** With a slash at its end; `""` where nothing does. */
  readonly prefix: string;
  readonly directory: string;
}

/** A static file where it was written. */
export interface StaticSource {
  /** As `{% static %}` names it: `shop/logo.png`. */
  readonly path: string;
  readonly file: string;
}

/** What is never collected: hidden files, and what editors leave. */
export const usuallyIgnored: readonly string[] = [".*", "*~", "CVS"];

/** The folders of a project's static files: its own `static` first, then those of the setting, then those of its apps. */
export function staticFolders(settings: ProjectSettings): StaticFolder[] {
  const { root, apps } = settings;
  const named = (settings.staticDirectories ?? []).map((given): StaticFolder => {
    const [prefix, directory] = typeof given === "string" ? ["", given] : given;
    return { prefix: prefix === "" ? "" : `${prefix.replaceAll(/^\/+|\/+$/g, "")}/`, directory: resolve(root, directory) };
  });
  const ofApps = apps.flatMap((app) => app.staticFiles ?? (app.directory === undefined ? [] : join(app.directory, "static")));
  const plain = (directory: string): StaticFolder => ({ prefix: "", directory });
  const all = [plain(join(root, "static")), ...named, ...ofApps.map(plain)];
  const isFirst = ({ prefix, directory }: StaticFolder, at: number) =>
    all.findIndex((one) => one.prefix === prefix && one.directory === directory) === at;
  return all.filter((folder, at) => isFirst(folder, at) && existsSync(folder.directory));
}

/** Where a static file lies, in the order in which folders are looked into: the first is the one that is served. */
export function findStatic(settings: ProjectSettings, path: string): string[] {
  const parts = path.split("/");
  if (parts.includes("..") || path.includes("\0")) return [];
  return staticFolders(settings)
    .filter(({ prefix }) => path.startsWith(prefix))
    .map(({ prefix, directory }) => join(directory, path.slice(prefix.length)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
}

/** Every static file, in the order of folders and names; a path that several folders have comes several times. */
export async function* listStatic(settings: ProjectSettings, ignored = usuallyIgnored): AsyncGenerator<StaticSource> {
  for (const { prefix, directory } of staticFolders(settings)) yield* filesBelow(directory, prefix, ignored);
}

async function* filesBelow(directory: string, prefix: string, ignored: readonly string[]): AsyncGenerator<StaticSource> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [path, file] = [prefix + entry.name, join(directory, entry.name)];
    if (ignored.some((pattern) => matchesGlob(path, pattern) || matchesGlob(basename(path), pattern))) continue;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statSync(file, { throwIfNoEntry: false })?.isDirectory());
    if (isFolder) yield* filesBelow(file, `${path}/`, ignored);
    else if (statSync(file, { throwIfNoEntry: false })?.isFile()) yield { path, file };
  }
}
