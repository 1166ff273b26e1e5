import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Project } from "./define-project.ts";
import { inOwnWords } from "./module-errors.ts";

/** The nearest `cortado.config.ts` (or `.js`) in a folder or above it. */
export function findConfig(directory: string): string | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    for (const name of ["cortado.config.ts", "cortado.config.js"]) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Imports a configuration file; undefined when its default export is not a project.
 * @throws APP_CIRCULAR_IMPORT, APP_MISSING_MODULE, APP_MISSING_EXPORT, APP_BAD_SYNTAX
 */
export async function loadProject(file: string): Promise<Project | undefined> {
  const module: unknown = await import(pathToFileURL(file).href).catch(async (error) => {
    throw await inOwnWords(error, file);
  });
  const { default: project } = module as { default?: Project };
  return Array.isArray(project?.apps) && typeof project.secretKey === "string" ? project : undefined;
}
