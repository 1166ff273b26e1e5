import { existsSync, globSync } from "node:fs";
import { extname, isAbsolute, join, resolve } from "node:path";
import type { App } from "#kernel";
import { compressions, splitCompression } from "./compression.ts";
import { serializationErrors } from "./errors.ts";
import { formatOfExtension, knownExtensions } from "./formats.ts";

/** Where fixtures are looked for. */
export interface FixturePlaces {
  readonly apps: readonly App[];
  /** What relative paths start at. */
  readonly root: string;
  /** Folders beside those of the apps. */
  readonly folders?: readonly string[] | undefined;
}

/**
 * The files that a name stands for: a path, or a file in the folder `fixtures/` of apps, with or without its ending.
 * @throws SERIALIZATION_NO_FIXTURE
 */
export function findFixtures(name: string, places: FixturePlaces): string[] {
  const folders = isAbsolute(name) ? [""] : fixtureFolders(places);
  const found = folders.flatMap((folder) =>
    candidates(folder === "" ? name : join(folder, name)).filter((file) => existsSync(file)),
  );
  if (found.length > 0) return [...new Set(found)];
  throw serializationErrors.SERIALIZATION_NO_FIXTURE({ name, looked: folders.map((folder) => join(folder, name)) });
}

function fixtureFolders({ apps, root, folders = [] }: FixturePlaces): string[] {
  const own = apps.flatMap(({ directory }) => (directory === undefined ? [] : [join(directory, "fixtures")]));
  return [...own.filter((folder) => existsSync(folder)), ...folders.map((folder) => resolve(root, folder)), root];
}

/** The file as it is named, or with every ending that is known. */
function candidates(path: string): string[] {
  const { file } = splitCompression(path);
  if (formatOfExtension(extname(file).slice(1)) !== undefined) {
    return file === path ? [path, ...compressions.map((ending) => `${path}.${ending}`)] : [path];
  }
  return globSync(`${path}.{${knownExtensions().join()}}{,.{${compressions.join()}}}`);
}
