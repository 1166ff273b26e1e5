import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { CortadoError } from "#kernel";
import { FileStorage, S3Storage, type Storage } from "#storage";
import { servingErrors } from "../errors.ts";
import { isVersionFile, type Manifest, MANIFEST_FILE, manifestOf, manifestText } from "../repositories/manifest.ts";
import { isModelName, isVersionName, newestFirst } from "../repositories/names.ts";
import { MODEL_FILE, UNFINISHED_FILE } from "../repositories/version-folders.ts";
import { isSourceAddress, parseSource, shownSource } from "../repositories/source-address.ts";

export interface PushOptions {
  /** The number of the new version. Default: one more than the newest. A server gives it itself. */
  version?: string | undefined;
  /** What a server is told: a token with the scope `manage`. */
  token?: string | undefined;
}

/** A version that was pushed. */
export interface PushedVersion {
  model: string;
  version: string;
}

/**
 * Makes a version of a folder's files, or of one file, where others serve it from: below a model's own prefix in S3 or folder,
 * or at a Cortado server's `/api/models/<name>`. The manifest with the digests comes last, so that no half of it is ever served.
 *
 * ```ts
 * await pushVersion("trained", "s3://bucket/models/digits");
 * ```
 * @throws SERVING_BAD_SOURCE, SERVING_BAD_ARTIFACT, SERVING_VERSION_TAKEN, SERVING_SOURCE_FAILED
 */
export async function pushVersion(place: string, destination: string, options: PushOptions = {}): Promise<PushedVersion> {
  if (/^https?:/.test(destination)) return pushToServer(await filesAt(place), destination, options);
  const { storage, model } = openDestination(destination);
  try {
    return await pushToStorage(await filesAt(place), { storage, model, version: options.version });
  } finally {
    await storage.close?.();
  }
}

function openDestination(destination: string): { storage: Storage; model: string } {
  const address = isSourceAddress(destination) ? parseSource(destination, "push") : undefined;
  const refuse = (problem: string) => servingErrors.SERVING_BAD_SOURCE({ source: shownSource(destination), problem });
  if (address !== undefined && address.kind !== "s3" && address.kind !== "file")
    throw refuse("is not one that can be pushed to: a folder, s3://bucket/models/NAME or https://host/api/models/NAME can");
  const model = address?.kind === "s3" ? (address.path.at(-1) ?? "") : basename(resolve(address?.path ?? destination));
  if (!isModelName(model)) throw refuse("does not end in the name of a model");
  if (address?.kind === "s3") return { storage: new S3Storage(destination), model };
  return { storage: new FileStorage(resolve(address?.path ?? destination)), model };
}

async function pushToStorage(
  files: readonly PushedFile[],
  { storage, model, version: wanted }: { storage: Storage; model: string; version: string | undefined },
): Promise<PushedVersion> {
  const taken = (await storage.listdir()).directories.filter((name) => isVersionName(name)).sort(newestFirst);
  const version = wanted ?? String(Number(taken[0] ?? 0) + 1);
  if (!isVersionName(version))
    throw servingErrors.SERVING_BAD_SOURCE({ source: version, problem: "is not a version: a version is a number" });
  if (taken.includes(version)) throw servingErrors.SERVING_VERSION_TAKEN({ model, version });
  const save = async (name: string, content: Readable) => {
    const kept = await storage.save(`${version}/${name}`, content);
    if (kept === `${version}/${name}`) return;
    await storage.delete(kept);
    throw servingErrors.SERVING_VERSION_TAKEN({ model, version });
  };
  await save(UNFINISHED_FILE, textStream("A push is under way, or did not end.\n"));
  const manifest = manifestOf(await saveFiles(files, save), { model, version });
  await save(MANIFEST_FILE, textStream(manifestText(manifest)));
  await storage.delete(`${version}/${UNFINISHED_FILE}`);
  return { model, version };
}

const textStream = (text: string) => Readable.from([Buffer.from(text)]);

/** Saves files, and answers the digests of what was sent: of none that changed meanwhile. @throws SERVING_BAD_ARTIFACT */
async function saveFiles(
  files: readonly PushedFile[],
  save: (name: string, content: Readable) => Promise<void>,
): Promise<Manifest["files"]> {
  const digests: Manifest["files"] = {};
  const before = await Promise.all(files.map(stamp));
  for (const { path, name } of files) {
    const hash = createHash("sha256");
    let size = 0;
    const sent = async function* () {
      for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    await save(name, Readable.from(sent(), { objectMode: false }));
    digests[name] = { sha256: hash.digest("hex"), size };
  }
  const after = await Promise.all(files.map(stamp));
  const changed = files.find((_, i) => after[i] !== before[i]);
  if (changed === undefined) return digests;
  const hint = "What was sent of it is never served. Push again when the files are whole.";
  throw servingErrors.SERVING_BAD_ARTIFACT({ file: changed.path, problem: "changed while it was pushed", hint });
}

/** What of a file is another when it was written anew; nothing where it is gone. */
async function stamp({ path }: PushedFile): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}

/** A file that is pushed, and its name in the version. */
interface PushedFile {
  path: string;
  name: string;
}

/** The files below a folder, or the only one. @throws SERVING_BAD_ARTIFACT */
async function filesAt(place: string): Promise<PushedFile[]> {
  const found = await stat(place).catch(() => undefined);
  if (found?.isFile()) return [{ path: place, name: place.endsWith(".onnx") ? MODEL_FILE : basename(place) }];
  const refuse = (problem: string) => servingErrors.SERVING_BAD_ARTIFACT({ file: place, problem });
  if (!found?.isDirectory()) throw refuse("is neither a folder nor a file");
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    // Caches of models are folders of links.
    const led = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (led === undefined) throw refuse(`has a link that leads nowhere: ${entry.name}`);
    if (led.isFile()) paths.push(path);
  }
  const files = paths.map((path) => ({ path, name: relative(place, path).replaceAll("\\", "/") }));
  const pushed = files.filter(({ name }) => isVersionFile(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (pushed.length === 0) throw refuse("has no files");
  return pushed;
}

async function pushToServer(
  files: readonly PushedFile[],
  destination: string,
  { version, token }: PushOptions,
): Promise<PushedVersion> {
  if (version !== undefined)
    throw servingErrors.SERVING_BAD_SOURCE({
      source: destination,
      problem: "is a server, which gives versions their numbers itself",
    });
  const form = new FormData();
  for (const { path, name } of files) form.append("artifact", await openAsBlob(path), name);
  const address = `${destination.replace(/\/+$/, "")}/versions`;
  const failed = (problem: string, cause?: unknown) =>
    servingErrors.SERVING_SOURCE_FAILED({ what: "The server", problem, hint: "Nothing was changed there.", cause });
  try {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(address, { method: "POST", body: form, headers, redirect: "error" });
    const body = (await response.json().catch(() => ({}))) as Partial<PushedVersion> & { error?: { message?: string } };
    if (!response.ok)
      throw failed(`answered ${response.status}${body.error?.message ? `: ${body.error.message.replace(/\.$/, "")}` : ""}`);
    return { model: body.model ?? basename(destination), version: String(body.version) };
  } catch (error) {
    throw error instanceof CortadoError ? error : failed("is not reached", error);
  }
}
