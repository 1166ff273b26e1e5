import { join } from "node:path";
import type { Services } from "#kernel";
import { modelsDirectory } from "#registry";
import { type Manifest, readManifest } from "#serving";

/** What a trained or uploaded version says of itself; undefined for one that lies elsewhere, or says nothing. */
export async function manifestOf(services: Services, model: string, version: string): Promise<Manifest | undefined> {
  try {
    return await readManifest(join(modelsDirectory(services.settings), model, version));
  } catch {
    return undefined;
  }
}

/** The bytes of a version's files. */
export function sizeOf(manifest: Manifest): number {
  return Object.values(manifest.files).reduce((sum, { size }) => sum + size, 0);
}
