import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Services } from "#kernel";
import { storageDirectory } from "#storage";
import { registryErrors } from "../errors.ts";
import { ModelVersion } from "../models.ts";
import { modelsDirectory } from "./version-store.ts";

/** Milliseconds after which a version that is still being tried, or an upload that still comes, was left by a process that was killed. */
const LEFT_AFTER = 6 * 60 * 60_000;

/**
 * Brings to an end what processes have left that were killed while they made a version: one whose folder is in place answers,
 * and is ready; one that has no folder is refused. Files of uploads that never ended are removed.
 */
export async function settleVersions(services: Services): Promise<void> {
  const before = new Date(Date.now() - LEFT_AFTER);
  for (const row of await ModelVersion.objects.filter({ state: "pending", created: { lt: before } })) {
    const { model, version } = row;
    // The manifest is written before a folder is put in place.
    if (existsSync(join(modelsDirectory(services.settings), model, String(version), "manifest.json"))) row.state = "ready";
    else {
      const { code, message, hint } = registryErrors.REGISTRY_BAD_ARTIFACT({ model, reason: "the server ended while it came" });
      row.state = "failed";
      row.error = { code, message, hint: hint! };
    }
    await row.save();
  }
  await removeUploads(join(storageDirectory(services.settings.storage, services.settings.root), "uploads"), before);
}

async function removeUploads(folder: string, before: Date): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith("upload-"))) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && found.mtime < before) await rm(join(folder, name), { recursive: true, force: true });
  }
}
