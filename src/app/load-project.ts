import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Project } from "./define-project.ts";
import { appErrors } from "./errors.ts";

/** The nearest `cortado.config.ts` (or `.js`) in a folder or above it. */
export function findConfig(directory: string): string | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    for (const name of ["cortado.config.ts", "cortado.config.js"]) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** Imports a configuration file; undefined when its default export is not a project. @throws APP_CIRCULAR_IMPORT */
export async function loadProject(file: string): Promise<Project | undefined> {
  const { default: project } = (await import(pathToFileURL(file).href).catch(inOwnWords)) as { default?: Project };
  return Array.isArray(project?.apps) && typeof project.secretKey === "string" ? project : undefined;
}

/** JavaScript says of modules that import each other in a circle only which name was not there yet. */
function inOwnWords(error: unknown): never {
  const name = error instanceof ReferenceError && /^Cannot access '(.+)' before initialization$/.exec(error.message)?.[1];
  if (!name) throw error;
  const place = /file:\/\/\S+:\d+:\d+/.exec((error as Error).stack ?? "")?.[0];
  throw appErrors.APP_CIRCULAR_IMPORT({ name, place: place ? fileURLToPath(place) : "a module", cause: error });
}
