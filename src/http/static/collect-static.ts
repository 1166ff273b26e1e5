import { createReadStream } from "node:fs";
import { lstat, mkdir, readFile, stat, symlink, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { ProjectSettings } from "#kernel";
import type { Storage } from "#storage";
import { compressed, compressedForms, mayGain } from "./compress-static.ts";
import { listStatic, usuallyIgnored } from "./find-static.ts";
import { StaticHasher } from "./hash-static.ts";
import { forever, writeStaticManifest } from "./static-manifest.ts";
import { staticPrefix } from "./static-settings.ts";

/** How static files are collected. */
export interface CollectOptions {
  /** Says what would be done, and does nothing. */
  dryRun?: boolean | undefined;
  /** Links files in place of copying them, where the storage is a folder. */
  link?: boolean | undefined;
  /** Empties the storage before. */
  clear?: boolean | undefined;
  /** Patterns of names or paths that are left out, besides hidden files: `*.scss`. */
  ignore?: readonly string[] | undefined;
  /** Leaves out what is hidden, too; true by default. */
  ignoreUsual?: boolean | undefined;
  /** Gives names that tell the content; true by default. */
  hash?: boolean | undefined;
  /** Is told of each file. */
  onFile?: ((action: CollectAction, path: string) => void) | undefined;
}

/** What was done with a file. */
export type CollectAction = "copied" | "linked" | "unmodified" | "shadowed" | "hashed" | "compressed" | "deleted";

/** How many files each thing was done with. */
export type CollectSummary = Record<CollectAction, number>;

/**
 * Gathers static files in a storage, ready for production: under their names, under names that tell their content, and
 * compressed beside.
 *
 * ```ts
 * const { copied } = await collectStatic(settings, storage("staticfiles"), { clear: true });
 * ```
 * @throws HTTP_MISSING_STATIC_REFERENCE, HTTP_CIRCULAR_STATIC_REFERENCE
 */
export async function collectStatic(
  settings: ProjectSettings,
  target: Storage,
  options: CollectOptions = {},
): Promise<CollectSummary> {
  const collection = new Collection(settings, target, options);
  await collection.run();
  return collection.summary;
}

class Collection {
  readonly #settings: ProjectSettings;
  readonly #target: Storage;
  readonly #options: CollectOptions;
  readonly summary: CollectSummary = { copied: 0, linked: 0, unmodified: 0, shadowed: 0, hashed: 0, compressed: 0, deleted: 0 };
  readonly #encodings: Record<string, string[]> = {};

  constructor(settings: ProjectSettings, target: Storage, options: CollectOptions) {
    this.#settings = settings;
    this.#target = target;
    this.#options = options;
  }

  async run(): Promise<void> {
    const sources = await this.#sources();
    // What is wrong in the files is said before anything is written.
    const hasher = new StaticHasher(sources, {
      staticUrl: staticPrefix(this.#settings),
      modules: this.#settings.staticFiles?.moduleImports ?? false,
    });
    if (this.#options.hash !== false) for (const path of sources.keys()) await hasher.hash(path);
    if (this.#options.clear) await this.#clear("");
    for (const [path, file] of sources) await this.#place(path, file);
    if (this.#options.hash !== false) await this.#postProcess(sources, hasher);
  }

  #tell(action: CollectAction, path: string): void {
    this.summary[action]++;
    this.#options.onFile?.(action, path);
  }

  /** The file of each path: the first that is found. */
  async #sources(): Promise<Map<string, string>> {
    const ignored = [...(this.#options.ignoreUsual === false ? [] : usuallyIgnored), ...(this.#options.ignore ?? [])];
    const sources = new Map<string, string>();
    for await (const { path, file } of listStatic(this.#settings, ignored)) {
      if (sources.has(path)) this.#tell("shadowed", path);
      else sources.set(path, file);
    }
    return sources;
  }

  async #clear(folder: string): Promise<void> {
    const { directories, files } = await this.#target.listdir(folder);
    const inside = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
    for (const name of files) {
      if (!this.#options.dryRun) await this.#target.delete(inside(name));
      this.#tell("deleted", inside(name));
    }
    for (const name of directories) await this.#clear(inside(name));
  }

  async #place(path: string, file: string): Promise<void> {
    const { link, dryRun, clear } = this.#options;
    if (!(clear && dryRun) && (await this.#isCurrent(path, file))) return this.#tell("unmodified", path);
    if (link && this.#target.path !== undefined) {
      if (!dryRun) await linkTo(this.#target.path(path), file);
      return this.#tell("linked", path);
    }
    if (!dryRun) await this.#target.save(path, createReadStream(file), { overwrite: true });
    this.#tell("copied", path);
  }

  /** Whether what is there is as new as the source, of its size, and not a link where a copy is wanted. */
  async #isCurrent(path: string, file: string): Promise<boolean> {
    if (this.#options.link || !(await this.#target.exists(path))) return false;
    const isLink = this.#target.path !== undefined && (await lstat(this.#target.path(path))).isSymbolicLink();
    if (isLink) return false;
    const source = await stat(file);
    return (await this.#target.size(path)) === source.size && (await this.#target.modifiedTime(path)) >= source.mtime;
  }

  async #postProcess(sources: ReadonlyMap<string, string>, hasher: StaticHasher): Promise<void> {
    const paths: Record<string, string> = {};
    for (const [path, file] of sources) {
      const { name, content } = await hasher.hash(path);
      paths[path] = name;
      if (!(await this.#target.exists(name))) {
        const headers = { "cache-control": forever };
        if (!this.#options.dryRun) await this.#target.save(name, content ?? createReadStream(file), { overwrite: true, headers });
        this.#tell("hashed", name);
      }
      await this.#compress(name, async () => content ?? readFile(file));
      await this.#compress(path, () => readFile(file));
    }
    if (!this.#options.dryRun) await writeStaticManifest(this.#target, { paths, encodings: this.#encodings });
  }

  /** Compressed forms are chosen by this server; storages elsewhere do not choose. */
  async #compress(name: string, read: () => Promise<Buffer>): Promise<void> {
    const { dryRun } = this.#options;
    if (this.#target.path === undefined || this.#settings.staticFiles?.compress === false || !mayGain(name)) return;
    const kept = dryRun ? undefined : await this.#keptForms(name);
    if (kept !== undefined) return void (this.#encodings[name] = kept);
    const forms = dryRun ? new Map<string, Buffer>() : await compressed(await read());
    for (const [suffix, form] of forms) {
      await this.#target.save(`${name}.${suffix}`, form, { overwrite: true });
      this.#tell("compressed", `${name}.${suffix}`);
    }
    if (forms.size > 0) this.#encodings[name] = [...forms.keys()];
  }

  /** The forms that are there already, as new as the file. */
  async #keptForms(name: string): Promise<string[] | undefined> {
    const modified = await this.#target.modifiedTime(name);
    const forms: string[] = [];
    for (const { suffix } of compressedForms) {
      const form = `${name}.${suffix}`;
      if ((await this.#target.exists(form)) && (await this.#target.modifiedTime(form)) >= modified) forms.push(suffix);
    }
    return forms.length > 0 ? forms : undefined;
  }
}

async function linkTo(path: string, file: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await unlink(path).catch(() => undefined);
  await symlink(file, path);
}
