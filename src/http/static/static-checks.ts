import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CortadoError, ProjectSettings } from "#kernel";
import { type FileStorage, openStorages } from "#storage";
import { httpErrors } from "../errors.ts";
import { staticFolders } from "./find-static.ts";
import { manifestName } from "./static-manifest.ts";

/** What is wrong with the settings about static files. */
export function findStaticProblems(settings: ProjectSettings): CortadoError[] {
  const named = (settings.staticDirectories ?? []).map((given) =>
    resolve(settings.root, typeof given === "string" ? given : given[1]),
  );
  const missing = named.filter((directory) => !existsSync(directory));
  const target = (settings.storage as string | undefined) === undefined ? undefined : targetOf(settings);
  const isSource = staticFolders(settings).some(({ directory }) => directory === target);
  return [
    ...missing.map((directory) => httpErrors.HTTP_CHECK_NO_STATIC_FOLDER({ directory })),
    ...(isSource ? [httpErrors.HTTP_CHECK_STATIC_TARGET({ directory: target! })] : []),
  ];
}

/** What production lacks: files that were not collected are served from their sources, under plain names. */
export function findUncollected(settings: ProjectSettings): CortadoError[] {
  if ((settings.storage as string | undefined) === undefined) return [];
  const directory = targetOf(settings);
  const isCollected = directory === undefined || existsSync(join(directory, manifestName));
  return isCollected ? [] : [httpErrors.HTTP_CHECK_NOT_COLLECTED({ directory })];
}

function targetOf(settings: ProjectSettings): string | undefined {
  return (openStorages(settings)["staticfiles"] as Partial<FileStorage>).directory;
}
