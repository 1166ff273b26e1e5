import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isModelName, isVersionName } from "../repositories/names.ts";
import { isModelFile, MODEL_FILE } from "../repositories/version-folders.ts";

/** What lies in a served folder and is no model, each in a sentence that says what it lacks. Files are not told of. */
export function overlookedFolders(directory: string): string[] {
  const names = foldersIn(directory);
  if (holdsModel(directory)) return [];
  const numbered = names.filter((name) => isVersionName(name));
  if (names.length > 0 && numbered.length === names.length) {
    const name = basename(directory);
    return [`${directory} holds the versions of one model. Serve the folder above it: ${name} is the model then.`];
  }
  return names.filter((name) => !name.startsWith(".")).flatMap((name) => lackOf(directory, name) ?? []);
}

/** The models that lie in several served folders, each in a sentence that says which of them counts. */
export function doubledModels(directories: readonly string[]): string[] {
  const places = new Map<string, string>();
  const doubled: string[] = [];
  for (const directory of directories) {
    for (const name of foldersIn(directory)) {
      const first = places.get(name);
      if (first === undefined) places.set(name, directory);
      else if (isModelName(name)) doubled.push(`${name} lies in ${directory} too: a version that both have comes from ${first}.`);
    }
  }
  return doubled;
}

function lackOf(directory: string, name: string): string | undefined {
  const folder = join(directory, name);
  if (!isModelName(name)) return `${name} is passed over: a model's name has letters, digits, "_", "-" and "." alone.`;
  if (holdsModel(folder)) return undefined;
  const versions = foldersIn(folder).filter((each) => isVersionName(each));
  if (versions.some((version) => namesIn(join(folder, version)).length > 0)) return undefined;
  if (versions.length > 0) return `${name} is passed over: its version ${versions[0]} is empty.`;
  return `${name} is passed over: it has no version in it, such as ${name}/1/${MODEL_FILE}.`;
}

function holdsModel(folder: string): boolean {
  return namesIn(folder).some((entry) => isModelFile(entry.name));
}

function foldersIn(folder: string): string[] {
  return namesIn(folder)
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .toSorted();
}

function namesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
