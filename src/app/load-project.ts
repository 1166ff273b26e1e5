import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { didYouMean } from "#kernel";
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

/** Imports a configuration file; undefined when its default export is not a project. @throws APP_CIRCULAR_IMPORT, APP_MISSING_MODULE */
export async function loadProject(file: string): Promise<Project | undefined> {
  const { default: project } = (await import(pathToFileURL(file).href).catch(inOwnWords)) as { default?: Project };
  return Array.isArray(project?.apps) && typeof project.secretKey === "string" ? project : undefined;
}

/** Says in words of ours what JavaScript and Node say of modules in theirs. */
function inOwnWords(error: unknown): never {
  throw circularImport(error) ?? missingModule(error) ?? error;
}

/** JavaScript says of modules that import each other in a circle only which name was not there yet. */
function circularImport(error: unknown): Error | undefined {
  const name = error instanceof ReferenceError && /^Cannot access '(.+)' before initialization$/.exec(error.message)?.[1];
  if (!name) return undefined;
  const place = /file:\/\/\S+:\d+:\d+/.exec((error as Error).stack ?? "")?.[0];
  return appErrors.APP_CIRCULAR_IMPORT({ name, place: place ? fileURLToPath(place) : "a module", cause: error });
}

function missingModule(error: unknown): Error | undefined {
  const { code, message = "" } = (error ?? {}) as { code?: string; message?: string };
  const [, kind, wanted, from] = /^Cannot find (module|package) '(.+?)' imported from (.+)$/.exec(message) ?? [];
  if (code !== "ERR_MODULE_NOT_FOUND" || wanted === undefined || from === undefined) return undefined;
  const hint = kind === "package" ? `Install it: npm install ${wanted}` : nearestPath(wanted);
  return appErrors.APP_MISSING_MODULE({ wanted: kind === "package" ? `"${wanted}"` : wanted, from, hint, cause: error });
}

/** What stands where the path leads astray, and is called nearly so. */
function nearestPath(path: string): string | undefined {
  let missing = path;
  while (!existsSync(dirname(missing))) missing = dirname(missing);
  return didYouMean(basename(missing), readdirSync(dirname(missing)));
}
