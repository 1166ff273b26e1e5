import { encodePath, type ProjectSettings } from "#kernel";
import { type FileStorage, storage } from "#storage";
import { staticFolders } from "./find-static.ts";
import type { StaticFiles } from "./serve-static.ts";
import { parted, readStaticManifest, type StaticManifest } from "./static-manifest.ts";
import { staticPrefix } from "./static-settings.ts";

let manifest: StaticManifest | undefined;
let prefix = "/static/";
let isStrict = true;

/**
 * Finds static files from here on as a project's settings say. Where what was collected counts (not in debug, and where
 * `collectstatic` ran), addresses are of hashed names; everywhere else they are plain, and lead to the sources.
 */
export async function useStaticFiles(settings: ProjectSettings): Promise<void> {
  prefix = staticPrefix(settings);
  isStrict = settings.staticFiles?.strict ?? true;
  manifest = settings.debug || settings.mode === "test" ? undefined : await readStaticManifest(storage("staticfiles"));
}

/** What a project's server serves: what was collected where that counts and lies here, otherwise the sources. */
export function projectStatic(settings: ProjectSettings): StaticFiles {
  const directory = manifest === undefined ? undefined : (storage("staticfiles") as Partial<FileStorage>).directory;
  if (directory === undefined) return { prefix: staticPrefix(settings), directories: staticFolders(settings) };
  return { prefix: staticPrefix(settings), directories: [directory], collected: manifest };
}

/**
 * The address of a static file, as `{% static %}` gives it: `staticUrl("shop/logo.png")`.
 * @throws HTTP_NO_STATIC_FILE where it was not collected
 */
export function staticUrl(path: string): string {
  if (manifest === undefined) return prefix + escaped(path);
  const [plain, rest] = parted(manifest.hashedName(path, { strict: isStrict }));
  return plain === "" || plain.endsWith("/") ? prefix + escaped(plain) + rest : storage("staticfiles").url(plain) + rest;
}

function escaped(path: string): string {
  const [name, rest] = parted(path);
  return encodePath(name) + rest;
}
