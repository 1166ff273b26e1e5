import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, rename, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { servingErrors } from "../errors.ts";
import type { Signature } from "../tensors/signature.ts";

/** What a version folder says of itself. Written last: a folder that has it is complete. */
export interface Manifest {
  format: 1;
  model: string;
  version: string;
  /** ISO 8601. */
  created: string;
  files: Record<string, { sha256: string; size: number }>;
  signature?: Signature;
  /** The commit of a source that has revisions. */
  revision?: string;
  dataset?: { rows: number; digest: string; query?: string; key?: string };
  metrics?: Record<string, number>;
  run?: string;
  /** What the classes of an output are called. */
  labels?: readonly string[];
  /** What a tabular model's inputs are. */
  columns?: readonly Record<string, unknown>[];
}

export const MANIFEST_FILE = "manifest.json";

/** What `writeManifest` is told; digests and time are its own. */
export type ManifestContent = Omit<Manifest, "format" | "created" | "files">;

/**
 * Completes a version folder: digests every file in it, and in the folders in it, and writes `manifest.json`, so that it is
 * there whole or not at all. Their names are paths: `tokenizer/vocab.txt`.
 *
 * ```ts
 * await writeManifest("var/storage/models/drink-price/3", { model: "drink-price", version: "3", metrics: { r2: 0.91 } });
 * ```
 */
export async function writeManifest(directory: string, content: ManifestContent): Promise<Manifest> {
  const files: Manifest["files"] = {};
  for (const name of await filesIn(directory)) {
    const path = join(directory, name);
    files[name] = { sha256: await digest(path), size: (await stat(path)).size };
    await sync(path);
  }
  const manifest = manifestOf(files, content);
  const temporary = join(directory, `${MANIFEST_FILE}.${process.pid}`);
  await writeSynced(temporary, manifestText(manifest));
  await rename(temporary, join(directory, MANIFEST_FILE));
  await sync(directory);
  return manifest;
}

/** The manifest, as of now, of files whose digests are known. */
export function manifestOf(files: Manifest["files"], content: ManifestContent): Manifest {
  return { format: 1, created: new Date().toISOString(), files, ...content };
}

/** A manifest as its file holds it. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What Python makes of modules by itself, and makes anew when it likes. */
const MADE_ANEW = /(^|\/)__pycache__\//;

/** Whether the file of that path below a version's folder is one of the version's own. */
export function isVersionFile(name: string): boolean {
  return !name.startsWith(MANIFEST_FILE) && !MADE_ANEW.test(name);
}

/** The paths of a version's files below its folder, with slashes and in their order, without its manifest. */
export async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) => relative(directory, join(parentPath, name)).replaceAll("\\", "/"));
  return names.filter(isVersionFile).sort();
}

/** The manifest of a version folder, or undefined when it has none. @throws SERVING_BAD_MANIFEST */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  const file = join(directory, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format === 1 && isFileList(manifest.files)) return manifest;
  } catch {
    throw servingErrors.SERVING_BAD_MANIFEST({ file, problem: "is not JSON" });
  }
  throw servingErrors.SERVING_BAD_MANIFEST({ file, problem: "is not a manifest of format 1" });
}

function isFileList(files: unknown): boolean {
  if (typeof files !== "object" || files === null || Array.isArray(files)) return false;
  return Object.values(files).every((file: unknown) => {
    const { sha256, size } = (file ?? {}) as Record<string, unknown>;
    return typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) && Number.isSafeInteger(size) && (size as number) >= 0;
  });
}

/** Holds every file against the manifest's digests. @throws SERVING_BAD_MANIFEST */
export async function verifyManifest(directory: string, manifest: Manifest): Promise<void> {
  const file = join(directory, MANIFEST_FILE);
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    if (/[\\\0]/.test(name) || name.split("/").some((part) => /^\.{0,2}$/.test(part)))
      throw servingErrors.SERVING_BAD_MANIFEST({ file, problem: `lists "${name}", which does not stay in its folder` });
    const found = await digest(join(directory, name)).catch(() => undefined);
    if (found === undefined) throw servingErrors.SERVING_BAD_MANIFEST({ file, problem: `lists ${name}, which is not there` });
    if (found !== sha256)
      throw servingErrors.SERVING_BAD_MANIFEST({ file, problem: `has another digest for ${name} than the file` });
  }
}

async function digest(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Writes a file that is on the disk when the promise is fulfilled. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
