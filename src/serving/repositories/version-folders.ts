import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { MANIFEST_FILE } from "./manifest.ts";
import type { VersionSource } from "./model-repository.ts";
import { isVersionName } from "./names.ts";

export const MODEL_FILE = "model.onnx";
/** The file with which a TensorFlow.js model begins; its weights lie beside it. */
export const TENSORFLOW_JS_FILE = "model.json";
/** The file of a GGUF model; where it is the only one of its kind, it may have another name. */
export const GGUF_FILE = "model.gguf";

/** True for the name of a file that is a model, or with which one begins. A path into a folder is none. */
export function isModelFile(name: string): boolean {
  return name === MODEL_FILE || name === TENSORFLOW_JS_FILE || isGgufFile(name);
}

export function isGgufFile(name: string): boolean {
  return name.endsWith(".gguf") && !name.startsWith(".") && !name.includes("/");
}

/** Lies in a folder that a push has begun to fill. Without a manifest beside it, the folder is no version, however long it stands still. */
export const UNFINISHED_FILE = ".unfinished";

/**
 * The versions in one model's folder: `<version>/…`, or the folder itself as version 1 when a model's file lies in it.
 * A folder is complete when its manifest is there; one without a manifest, when it has not changed between two looks.
 */
export class VersionFolders {
  readonly #folder: string;
  readonly #flat: boolean;
  #seen = new Map<string, string>();
  /** What a folder was when it was last complete: while it changes, it counts as that. */
  readonly #complete = new Map<string, string>();

  /** @param flat takes the folder itself for version 1 whatever lies in it, unless it has version folders. */
  constructor(folder: string, options: { flat?: boolean } = {}) {
    this.#folder = folder;
    this.#flat = options.flat ?? false;
  }

  /** The versions that are complete now. */
  async look(): Promise<VersionSource[]> {
    const seen = new Map<string, string>();
    const complete: VersionSource[] = [];
    for (const { version, directory } of await this.#candidates()) {
      const found = await filesOf(directory);
      if (found === undefined) continue;
      seen.set(directory, found.fingerprint);
      if (found.complete || this.#seen.get(directory) === found.fingerprint) this.#complete.set(directory, found.fingerprint);
      const fingerprint = this.#complete.get(directory);
      if (fingerprint !== undefined) complete.push({ version, directory, fingerprint });
    }
    this.#seen = seen;
    for (const directory of this.#complete.keys()) if (!seen.has(directory)) this.#complete.delete(directory);
    return complete;
  }

  /** True where the last look found a folder that may be half written: a second one tells. */
  get isUnsettled(): boolean {
    return [...this.#seen.keys()].some((directory) => !this.#complete.has(directory));
  }

  async #candidates(): Promise<{ version: string; directory: string }[]> {
    const names = await readNames(this.#folder);
    const versions = names.filter((name) => isVersionName(name));
    if (names.some((name) => isModelFile(name)) || (this.#flat && versions.length === 0 && names.length > 0)) {
      return [{ version: "1", directory: this.#folder }];
    }
    const inside: { version: string; directory: string }[] = [];
    for (const version of versions) {
      const directory = join(this.#folder, version);
      if (await liesIn(directory, this.#folder)) inside.push({ version, directory });
    }
    return inside;
  }
}

/** The names in a folder; none when it is not there or not a folder. */
export async function readNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** True when `path`, with its links followed, is inside `folder`. */
export async function liesIn(path: string, folder: string): Promise<boolean> {
  try {
    return (await realpath(path)).startsWith((await realpath(folder)) + sep);
  } catch {
    return false;
  }
}

/** Sizes, times and numbers of a folder's files, without hidden ones; of the manifest alone where there is one, for it is written last. */
async function filesOf(directory: string): Promise<{ fingerprint: string; complete: boolean } | undefined> {
  const names = await readNames(directory);
  const complete = names.includes(MANIFEST_FILE);
  if (!complete && names.includes(UNFINISHED_FILE)) return undefined;
  const parts: string[] = [];
  for (const name of complete ? [MANIFEST_FILE] : names.filter((each) => !each.startsWith(".")).sort()) {
    const stats = await stat(join(directory, name)).catch(() => undefined);
    if (stats?.isFile()) parts.push(`${name}:${stats.size}:${stats.mtimeMs}:${stats.ino}`);
  }
  return parts.length === 0 ? undefined : { fingerprint: parts.join("|"), complete };
}
