import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { servingErrors } from "../errors.ts";
import { type Manifest, readManifest } from "../repositories/manifest.ts";
import type { ModelRepository, VersionSource } from "../repositories/model-repository.ts";
import { isVersionName } from "../repositories/names.ts";
import { openSource, type OpenSourceOptions } from "../repositories/open-source.ts";
import { shownSource } from "../repositories/source-address.ts";

/** What the folders of versions begin with that are being copied; they are hidden. */
const BEGUN = ".pull-";
/** Milliseconds after which such a folder was left by a process that was killed. */
const LEFT_AFTER = 6 * 60 * 60_000;
/** Milliseconds between two looks at folders that may be half written. */
const SETTLE = 1000;

/** What is pulled, and how. */
export interface PullOptions extends OpenSourceOptions {
  /** The only version that is wanted; without it all of them. */
  version?: string | undefined;
}

/** A version that was pulled. */
export interface PulledVersion {
  model: string;
  version: string;
  /** Where its files lie now. */
  directory: string;
  /** True where the same files lay there before. */
  present: boolean;
}

/**
 * Brings the versions of a source into a folder of models, `<directory>/<model>/<version>`, each in one step when it is whole.
 *
 * ```ts
 * const pulled = await pullModels("s3://bucket/models", "models");
 * ```
 * @throws SERVING_BAD_SOURCE, SERVING_SOURCE_FAILED, SERVING_VERSION_TAKEN, and what `openSource` throws
 */
export async function pullModels(source: string, directory: string, options: PullOptions = {}): Promise<PulledVersion[]> {
  const repository = openSource(source, { ...options, poll: false });
  try {
    await repository.refresh?.();
    const problem = repository.problem?.();
    if (problem)
      throw servingErrors.SERVING_SOURCE_FAILED({
        what: "The source",
        problem: `cannot be pulled from: ${problem.replace(/\.$/, "")}`,
      });
    const models = await repository.list();
    if (options.model === undefined && models.length > 0 && models.every(isVersionName)) {
      const problem = 'holds the versions of one model, and not models: say with --model or { model: "digits" } whose they are';
      throw servingErrors.SERVING_BAD_SOURCE({ source: shownSource(source), problem });
    }
    await letSettle(repository, models);
    const pulled: PulledVersion[] = [];
    for (const model of models) {
      for (const version of await wantedOf(repository, model, options.version))
        pulled.push(await place(model, version, directory));
    }
    return pulled;
  } finally {
    await repository.close?.();
  }
}

/** A folder without a manifest is complete when a second look finds it as the first did. */
async function letSettle(repository: ModelRepository, models: readonly string[]): Promise<void> {
  await Promise.all(models.map((model) => repository.versions(model)));
  if (repository.isUnsettled?.()) await sleep(SETTLE);
}

async function wantedOf(repository: ModelRepository, model: string, wanted: string | undefined): Promise<VersionSource[]> {
  const versions = await repository.versions(model);
  const found = versions.filter(({ version }) => wanted === undefined || version === wanted);
  if (wanted === undefined || found.length > 0) return found;
  throw servingErrors.SERVING_UNKNOWN_VERSION({ model, given: wanted, known: versions.map(({ version }) => version) });
}

async function place(model: string, version: VersionSource, root: string): Promise<PulledVersion> {
  await version.fetch?.();
  const directory = resolve(root, model, version.version);
  const pulled = { model, version: version.version, directory };
  const manifest = await readManifest(version.directory);
  const there = await readManifest(directory);
  if (haveSameFiles(there, manifest)) return { ...pulled, present: true };
  await mkdir(resolve(root, model), { recursive: true });
  await removeLeft(resolve(root, model));
  const temporary = await mkdtemp(join(resolve(root, model), BEGUN));
  try {
    await cp(version.directory, temporary, { recursive: true, errorOnExist: false });
    await rename(temporary, directory);
    return { ...pulled, present: false };
  } catch (error) {
    const isTaken = ["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");
    if (!isTaken) throw error;
    // Another process that pulls the same was quicker.
    if (haveSameFiles(await readManifest(directory), manifest)) return { ...pulled, present: true };
    throw servingErrors.SERVING_VERSION_TAKEN({ model, version: version.version });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function haveSameFiles(one: Manifest | undefined, other: Manifest | undefined): boolean {
  return one !== undefined && JSON.stringify(one.files) === JSON.stringify(other?.files);
}

async function removeLeft(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => each.startsWith(BEGUN))) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > LEFT_AFTER) await rm(join(folder, name), { recursive: true, force: true });
  }
}
