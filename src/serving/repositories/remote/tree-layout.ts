import { createHash } from "node:crypto";
import { MANIFEST_FILE } from "../manifest.ts";
import { isModelName, isVersionName } from "../names.ts";
import { isModelFile, UNFINISHED_FILE } from "../version-folders.ts";
import type { RemoteOrigin, RemoteTree, VersionFile } from "./remote-origin.ts";

/** A version as it lies in a tree of files. */
export interface FoundVersion {
  model: string;
  /** Undefined for files that lie in no version folder: each content of theirs gets the next number. */
  version: string | undefined;
  files: VersionFile[];
  /** Changes when a file does. */
  fingerprint: string;
  revision: string | undefined;
  /** False where it may be half written. */
  whole: boolean;
}

/**
 * The versions in what a source has, by the rules of folders on a disk: `<name>/<version>/…`, `<name>/model.onnx`, or a single
 * model. With a model's name, the tree is that model's own folder.
 */
export function versionsIn(tree: RemoteTree, origin: RemoteOrigin, model: string | undefined): FoundVersion[] {
  const files = tree.files.map((file) => ({ ...file, place: file.place ?? file.path }));
  if (origin.layout === "one")
    return files.length === 0 ? [] : [found({ model: model ?? origin.name, version: undefined }, files, tree)];
  if (model !== undefined) return modelVersions(model, files, { tree, takesAll: true });
  if (files.some((file) => isModelFile(file.place))) return [found({ model: origin.name, version: undefined }, files, tree)];
  return [...below(files)].flatMap(([name, own]) =>
    isModelName(name) ? modelVersions(name, own, { tree, takesAll: false }) : [],
  );
}

/** @param takesAll takes the folder itself for a version whatever lies in it, unless it has version folders. */
function modelVersions(
  model: string,
  files: VersionFile[],
  { tree, takesAll }: { tree: RemoteTree; takesAll: boolean },
): FoundVersion[] {
  const versions = [...below(files)].filter(([name, own]) => isVersionName(name) && !isUnfinished(own));
  const isFlat = files.some((file) => isModelFile(file.place)) || (takesAll && versions.length === 0 && files.length > 0);
  if (isFlat) return [found({ model, version: undefined }, files, tree)];
  return versions.map(([version, own]) => found({ model, version }, own, tree));
}

function found(name: Pick<FoundVersion, "model" | "version">, files: VersionFile[], tree: RemoteTree): FoundVersion {
  const hash = createHash("sha256");
  const sorted = files.filter(({ place }) => place !== UNFINISHED_FILE).sort((a, b) => (a.place < b.place ? -1 : 1));
  for (const { place, size, id } of sorted) hash.update(JSON.stringify([place, size, id]));
  const whole = tree.atomic || files.some((file) => file.place === MANIFEST_FILE);
  return { ...name, files: sorted, fingerprint: hash.digest("hex").slice(0, 32), revision: tree.revision, whole };
}

/** True for what a push has begun to write, and did not end. */
function isUnfinished(files: readonly VersionFile[]): boolean {
  const has = (name: string) => files.some(({ place }) => place === name);
  return has(UNFINISHED_FILE) && !has(MANIFEST_FILE);
}

/** The files of each folder, with their places in it. */
function below(files: readonly VersionFile[]): Map<string, VersionFile[]> {
  const folders = new Map<string, VersionFile[]>();
  for (const file of files) {
    const slash = file.place.indexOf("/");
    if (slash < 0) continue;
    const name = file.place.slice(0, slash);
    const inside = { ...file, place: file.place.slice(slash + 1) };
    const known = folders.get(name);
    if (known) known.push(inside);
    else folders.set(name, [inside]);
  }
  return folders;
}
