import { createHash } from "node:crypto";
import { mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { servingErrors } from "../errors.ts";
import { isSourceAddress } from "../repositories/source-address.ts";

/** Where a served folder's aliases are kept: no model can have this name. */
const ALIASES_FILE = ".aliases.json";

/** What `serve` was told to serve. */
export interface ServedPlaces {
  directories: string[];
  /** Addresses of folders of models that lie elsewhere. */
  repositories: string[];
  /** The file in which aliases are kept. */
  aliases: string;
  /** The folder in which downloads are kept. */
  cache: string;
}

/**
 * Sorts places into folders and addresses. Aliases lie in the first folder; where there is none, with the downloads.
 * @throws SERVING_NO_DIRECTORY
 */
export function servedPlaces(places: readonly string[], cache = defaultModelCache()): ServedPlaces {
  const repositories = places.filter((place) => isSourceAddress(place));
  const folders = places.filter((place) => !isSourceAddress(place));
  const directories = [...new Set(folders.map((place) => resolve(place)))];
  for (const directory of directories) refuseOther(directory);
  return {
    directories,
    repositories,
    cache,
    aliases: directories[0] ? join(directories[0], ALIASES_FILE) : aliasesOf(repositories, cache),
  };
}

function refuseOther(directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw servingErrors.SERVING_NO_DIRECTORY({ directory, isFile: found !== undefined });
}

function aliasesOf(repositories: readonly string[], cache: string): string {
  const folder = resolve(cache, "aliases");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = createHash("sha256").update(repositories.join("\n")).digest("hex").slice(0, 24);
  return join(folder, `${name}.json`);
}

/** The folder of this user in which models that come from elsewhere are kept, where no project has one of its own. */
export function defaultModelCache(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "cortado", "models");
}
