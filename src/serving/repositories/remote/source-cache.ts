import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { readManifest, verifyManifest, writeManifest, writeSynced } from "../manifest.ts";
import { isSafePath } from "../safe-path.ts";
import { readNames } from "../version-folders.ts";
import { withFolderLock } from "./folder-lock.ts";
import { inOwnFolder } from "./incoming-folder.ts";
import type { RemoteOrigin, VersionFile } from "./remote-origin.ts";

/** A version that a source has, or had. */
export interface KnownVersion {
  model: string;
  version: string;
  fingerprint: string;
  revision?: string | undefined;
  files: readonly VersionFile[];
  /** True where the number was given here, and not by a folder of the source. */
  numbered: boolean;
}

interface CacheState {
  format: 1;
  source: string;
  /** The last number that each model was given. */
  numbers: Record<string, number>;
  versions: KnownVersion[];
}

const mostFiles = 10_000;
/** Milliseconds after which what nobody knows any more is removed: another process may know an older state of the source. */
const LEFT_FOR = 24 * 3_600_000;

/**
 * How it works: a folder for each source holds what was known of it last (`state.json`) and the versions that were fetched,
 * `versions/<model>/<version>-<fingerprint>`, which are put there in one step when all their files have come and fit their digests.
 * What is not whole yet lies in `incoming`, in a folder of each download, with which a later attempt, also that of another process,
 * goes on.
 */
export class SourceCache {
  readonly #folder: string;
  readonly #origin: RemoteOrigin;
  readonly #maxSize: number;
  /** Versions that this process has used before: when they are asked for again, something was wrong with them. */
  readonly #used = new Set<string>();

  /** @param model the model that the source is, where it is one: another reading of the same files. */
  constructor(
    origin: RemoteOrigin,
    { folder, model = "", maxSize }: { folder: string; model?: string | undefined; maxSize: number },
  ) {
    this.#folder = join(folder, folderName(origin, model));
    this.#origin = origin;
    this.#maxSize = maxSize;
  }

  directoryOf({ model, version, fingerprint }: KnownVersion): string {
    return join(this.#folder, "versions", model, `${version}-${fingerprint}`);
  }

  /** What was known of the source last. */
  async read(): Promise<CacheState> {
    const empty: CacheState = { format: 1, source: this.#origin.shown, numbers: {}, versions: [] };
    try {
      const state = JSON.parse(await readFile(join(this.#folder, "state.json"), "utf8")) as CacheState;
      return state.format === 1 ? state : empty;
    } catch {
      return empty;
    }
  }

  /** Changes what is known, one process at a time. */
  async update(change: (state: CacheState) => Promise<void>): Promise<CacheState> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return withFolderLock(join(this.#folder, "state.lock"), async (demandHeld) => {
      const state = await this.read();
      const before = JSON.stringify(state);
      await change(state);
      if (JSON.stringify(state) !== before) {
        const temporary = join(this.#folder, `state.json.${process.pid}`);
        await writeSynced(temporary, JSON.stringify(state, null, 2));
        await demandHeld();
        await rename(temporary, join(this.#folder, "state.json"));
      }
      return state;
    });
  }

  async has(version: KnownVersion): Promise<boolean> {
    return (await stat(this.directoryOf(version)).catch(() => undefined)) !== undefined;
  }

  /** Brings a version's files, where they are not here. @throws SERVING_SOURCE_FAILED, SERVING_BAD_ARTIFACT, SERVING_BAD_MANIFEST */
  async bring(version: KnownVersion, signal: AbortSignal): Promise<void> {
    const directory = this.directoryOf(version);
    if (await this.#isSound(version, directory)) return;
    this.#refuseUnsafe(version);
    const incoming = join(this.#folder, "incoming", `${version.model}-${version.version}-${version.fingerprint}`);
    await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
    await withFolderLock(
      `${incoming}.lock`,
      async (demandHeld) => {
        if (await this.has(version)) return;
        await inOwnFolder(incoming, async (own) => {
          // What fails since another took over is begun anew.
          await this.#fetch(version, own, signal).catch((error) => demandHeld().then(() => Promise.reject(error)));
          await demandHeld();
          await mkdir(dirname(directory), { recursive: true });
          await rename(own, directory);
        });
        await rm(incoming, { recursive: true, force: true });
      },
      signal,
    );
  }

  /** Removes what earlier processes left: versions that the source has no more, and downloads that nobody went on with. */
  async removeLeftOvers(known: readonly KnownVersion[]): Promise<void> {
    const kept = new Set(known.map((version) => this.directoryOf(version)));
    const models = await readNames(join(this.#folder, "versions"));
    const folders = [...models.map((model) => join(this.#folder, "versions", model)), join(this.#folder, "incoming")];
    for (const folder of folders) {
      for (const name of await readNames(folder)) {
        const path = join(folder, name);
        const changed = (await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity;
        if (!kept.has(path) && Date.now() - changed > LEFT_FOR) await rm(path, { recursive: true, force: true });
      }
    }
  }

  /** Removes the files of a version that is gone. */
  async remove(directory: string): Promise<void> {
    this.#used.delete(directory);
    await rm(directory, { recursive: true, force: true });
  }

  /** Whether the version is here. One that is asked for a second time is held against its digests, and removed when it is damaged. */
  async #isSound(version: KnownVersion, directory: string): Promise<boolean> {
    if (!(await this.has(version))) return false;
    const isFirstUse = !this.#used.has(directory);
    this.#used.add(directory);
    if (isFirstUse) return true;
    try {
      const manifest = await readManifest(directory);
      if (manifest) await verifyManifest(directory, manifest);
      return true;
    } catch {
      await rm(directory, { recursive: true, force: true });
      return false;
    }
  }

  async #fetch(version: KnownVersion, directory: string, signal: AbortSignal): Promise<void> {
    const { model, revision, files } = version;
    try {
      await this.#origin.fetch(files, { directory, revision, maxSize: this.#maxSize, signal });
      const manifest = await readManifest(directory);
      if (manifest) await verifyManifest(directory, manifest);
      else await writeManifest(directory, { model, version: version.version, ...(revision ? { revision } : {}) });
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      // What broke off is gone on with later; what is wrong, or does not fit on the disk, is not kept.
      if (code !== "SERVING_SOURCE_FAILED" && !signal.aborted) await rm(directory, { recursive: true, force: true });
      if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
      const hint = "Free some space, or let serving.sources.cache lie elsewhere.";
      throw servingErrors.SERVING_SOURCE_FAILED({ what: "The cache of models", problem: "has no room left", hint, cause: error });
    }
  }

  #refuseUnsafe({ files }: KnownVersion): void {
    const refuse = (file: string, problem: string) => servingErrors.SERVING_BAD_ARTIFACT({ file, problem });
    const size = files.reduce((sum, file) => sum + Math.max(0, file.size), 0);
    if (size > this.#maxSize) throw refuse("The version", `has ${size} bytes, and may have ${this.#maxSize}`);
    if (files.length > mostFiles) throw refuse("The version", `has ${files.length} files, and may have ${mostFiles}`);
    const shown = ({ place }: VersionFile) => JSON.stringify(place.slice(0, 100));
    const unsafe = files.find((file) => !isSafePath(file.place));
    if (unsafe) throw refuse(shown(unsafe), "is not a name that stays in the version's folder");
    // Not every file system tells small letters from large ones.
    const names = new Set<string>();
    const twin = files.find(({ place }) => names.size === names.add(place.normalize("NFC").toLowerCase()).size);
    if (twin) throw refuse(shown(twin), "is the same name as another one, but for small and large letters");
  }
}

/** Readable, and not the same for two sources. */
function folderName({ shown, identity }: RemoteOrigin, model: string): string {
  const readable = shown.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 60);
  return `${readable}-${createHash("sha256").update(`${identity} ${model}`).digest("hex").slice(0, 12)}`;
}
