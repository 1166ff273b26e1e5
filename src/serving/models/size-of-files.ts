import { stat } from "node:fs/promises";
import { join } from "node:path";
import { filesIn, type Manifest } from "../repositories/manifest.ts";

/** The bytes of a version's files, which is about what it occupies when it is loaded. */
export async function sizeOfFiles(directory: string, manifest: Manifest | undefined): Promise<number> {
  if (manifest) return Object.values(manifest.files).reduce((sum, { size }) => sum + size, 0);
  const sizes = await Promise.all((await filesIn(directory)).map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
