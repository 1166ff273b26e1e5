import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Project } from "./define-project.ts";

/** The nearest `cortado.config.ts` (or `.js`) in a folder or above it. */
export function findConfig(directory: string): string | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    for (const name of ["cortado.config.ts", "cortado.config.js"]) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** Imports a configuration file; undefined when its default export is not a project. */
export async function loadProject(file: string): Promise<Project | undefined> {
  const { default: project } = (await import(pathToFileURL(file).href)) as { default?: Project };
  return Array.isArray(project?.apps) && typeof project.secretKey === "string" ? project : undefined;
}
