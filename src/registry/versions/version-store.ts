import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProjectSettings, Services } from "#kernel";
import { transaction } from "#orm";
import { type ManifestContent, writeManifest } from "#serving";
import { storageDirectory } from "#storage";
import { registryErrors } from "../errors.ts";
import { ModelVersion, type RunError } from "../models.ts";

/** The folder in which a project's versions lie: `<storage>/models`. */
export function modelsDirectory(settings: ProjectSettings): string {
  return join(storageDirectory(settings.storage, settings.root), "models");
}

/** Files that are to become a version. */
export interface NewVersion {
  model: string;
  /** The finished files; the folder is moved. */
  directory: string;
  /** `run 7`, `upload by admin`. */
  origin: string;
  manifest?: Omit<ManifestContent, "model" | "version">;
}

/**
 * Makes a version of finished files: a number that was never used, a manifest written last, and a trial in a model host of
 * its own. Only then is it ready, and `default` follows it unless it is pinned. What does not load is taken away again, and so
 * is what was removed while it was tried. @throws SERVING_VERSION_FAILED, REGISTRY_BAD_ARTIFACT
 */
export async function publishVersion(services: Services, files: NewVersion): Promise<ModelVersion> {
  const row = await allocateVersion(services, files);
  const version = String(row.version);
  const folder = join(modelsDirectory(services.settings), files.model);
  try {
    await writeManifest(files.directory, { ...files.manifest, model: files.model, version });
    await mkdir(folder, { recursive: true });
    await rename(files.directory, join(folder, version));
    await services.models.tryVersion(files.model, version);
    await settle(row, { state: "ready" });
    await services.models.refresh();
    return row;
  } catch (error) {
    await rm(join(folder, version), { recursive: true, force: true });
    // What is removed already needs no mark.
    await settle(row, { state: "failed", error: toldOf(error) }).catch(() => {});
    await services.models.refresh();
    throw error;
  }
}

/** Ends the trial of a version, unless it was removed meanwhile. @throws REGISTRY_BAD_ARTIFACT */
async function settle(row: ModelVersion, end: Pick<ModelVersion, "state"> & Partial<Pick<ModelVersion, "error">>): Promise<void> {
  const { id, model, version } = row;
  if ((await ModelVersion.objects.filter({ id, state: "pending" }).update(end)) === 0) {
    const reason = `version ${version} was removed while it was tried`;
    throw registryErrors.REGISTRY_BAD_ARTIFACT({
      model,
      reason,
      hint: "Upload or train it again, where it was not meant to go.",
    });
  }
  Object.assign(row, end);
}

function toldOf(error: unknown): RunError {
  const { code = "REGISTRY_BAD_ARTIFACT", message, hint } = error as Partial<RunError> & Error;
  return { code, message, hint };
}

/** One more than any number that the model ever had; two at once cannot get the same, for the table refuses it. */
async function allocateVersion(services: Services, files: NewVersion): Promise<ModelVersion> {
  const { model, origin, manifest } = files;
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction(async () => {
        const last = await ModelVersion.objects.filter({ model }).orderBy("-version").first();
        const version = Math.max(last?.version ?? 0, ...servedVersions(services, model)) + 1;
        return ModelVersion.objects.create({ model, version, origin, metrics: manifest?.metrics ?? null });
      });
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Versions that lie in a folder of the project's own, which the database does not know. */
function servedVersions(services: Services, model: string): number[] {
  const known = services.models.list().find((each) => each.name === model);
  return (known?.versions ?? []).map(Number);
}

/**
 * Removes a version; its number is not used again.
 * @throws REGISTRY_UNKNOWN_VERSION, REGISTRY_VERSION_IN_SOURCE, REGISTRY_VERSION_IN_USE
 */
export async function removeVersion(services: Services, model: string, version: string): Promise<void> {
  const rows = await ModelVersion.objects.filter({ model }).exclude({ state: "removed" });
  const row = rows.find((each) => String(each.version) === version);
  if (!row) {
    if (servedVersions(services, model).includes(Number(version)))
      throw registryErrors.REGISTRY_VERSION_IN_SOURCE({ model, version });
    const known = rows.filter(({ state }) => state === "ready").map((each) => String(each.version));
    throw registryErrors.REGISTRY_UNKNOWN_VERSION({ model, version, known });
  }
  const holders = holdersOf(services, model, version);
  if (holders.length > 0) throw registryErrors.REGISTRY_VERSION_IN_USE({ model, version, holders });
  row.state = "removed";
  await row.save();
  await rm(join(modelsDirectory(services.settings), model, version), { recursive: true, force: true });
  await services.models.refresh();
}

/** What names a version: aliases, their canaries and their shadows. */
function holdersOf(services: Services, model: string, version: string): string[] {
  const { aliases = {}, targets = {} } = services.models.list().find((each) => each.name === model) ?? {};
  const parts = Object.entries(targets).flatMap(([alias, { canary, shadow }]) => [
    ...(canary?.version === version ? [`the canary of ${alias}`] : []),
    ...(shadow?.version === version ? [`the shadow of ${alias}`] : []),
  ]);
  return [...Object.keys(aliases).filter((alias) => aliases[alias] === version), ...parts];
}
