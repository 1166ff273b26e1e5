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
 * its own. Only then is it ready, and `default` follows it unless it is pinned. What does not load is taken away again.
 * @throws SERVING_VERSION_FAILED
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
    row.state = "ready";
    await row.save();
    await services.models.refresh();
    return row;
  } catch (error) {
    await rm(join(folder, version), { recursive: true, force: true });
    await refuse(row, error);
    await services.models.refresh();
    throw error;
  }
}

async function refuse(row: ModelVersion, error: unknown): Promise<void> {
  const { code = "REGISTRY_BAD_ARTIFACT", message, hint } = error as Partial<RunError> & Error;
  row.state = "failed";
  row.error = { code, message, hint };
  await row.save();
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
  const holding = aliasesOf(services, model, version);
  if (holding.length > 0) throw registryErrors.REGISTRY_VERSION_IN_USE({ model, version, aliases: holding });
  row.state = "removed";
  await row.save();
  await rm(join(modelsDirectory(services.settings), model, version), { recursive: true, force: true });
  await services.models.refresh();
}

/** The aliases that name a version, as their canary or shadow too. */
function aliasesOf(services: Services, model: string, version: string): string[] {
  const { aliases = {}, targets = {} } = services.models.list().find((each) => each.name === model) ?? {};
  const named = (alias: string) => [aliases[alias], targets[alias]?.canary?.version, targets[alias]?.shadow?.version];
  return Object.keys(aliases).filter((alias) => named(alias).includes(version));
}
