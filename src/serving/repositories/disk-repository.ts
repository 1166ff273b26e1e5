import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ModelRepository, VersionSource } from "./model-repository.ts";
import { isModelName, isVersionName } from "./names.ts";
import { isModelFile, liesIn, readNames, VersionFolders } from "./version-folders.ts";

/**
 * A folder of models: `<name>/<version>/model.onnx`, `<name>/model.onnx` as version 1, or a single `model.onnx`,
 * which is served under the folder's own name.
 */
export class DiskRepository implements ModelRepository {
  readonly #root: string;
  readonly #folders = new Map<string, VersionFolders>();
  #wasThere = false;

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws where the folder was there and is no more: its disk has gone, and not its models. */
  async list(): Promise<string[]> {
    const names = await readNames(this.#root);
    if (this.#wasThere && names.length === 0) await stat(this.#root);
    this.#wasThere ||= names.length > 0;
    if (names.some((name) => isModelFile(name))) return isModelName(basename(this.#root)) ? [basename(this.#root)] : ["model"];
    const models: string[] = [];
    for (const name of names.filter((each) => isModelName(each))) if (await this.#isModel(name)) models.push(name);
    return models;
  }

  async versions(model: string): Promise<VersionSource[]> {
    if (!isModelName(model)) return [];
    let folders = this.#folders.get(model);
    if (folders === undefined) {
      folders = new VersionFolders(await this.#folderOf(model));
      this.#folders.set(model, folders);
    }
    return folders.look();
  }

  isUnsettled(): boolean {
    return [...this.#folders.values()].some((folders) => folders.isUnsettled);
  }

  async #folderOf(model: string): Promise<string> {
    const single = (await readNames(this.#root)).some((name) => isModelFile(name)) && (await this.list()).includes(model);
    return single ? this.#root : join(this.#root, model);
  }

  async #isModel(name: string): Promise<boolean> {
    const folder = join(this.#root, name);
    if (!(await liesIn(folder, this.#root))) return false;
    return (await readNames(folder)).some((entry) => isModelFile(entry) || isVersionName(entry));
  }
}

/** The folder (or file) of one handler's `source`. */
export class SourceRepository implements ModelRepository {
  readonly #model: string;
  readonly #path: string;
  #folders: VersionFolders | undefined;

  constructor(model: string, path: string) {
    this.#model = model;
    this.#path = path;
  }

  async list(): Promise<string[]> {
    return [this.#model];
  }

  async versions(model: string): Promise<VersionSource[]> {
    if (model !== this.#model) return [];
    this.#folders ??= await this.#open();
    return this.#folders.look();
  }

  isUnsettled(): boolean {
    return this.#folders?.isUnsettled ?? false;
  }

  async #open(): Promise<VersionFolders> {
    const isFile = (await stat(this.#path).catch(() => undefined))?.isFile() ?? false;
    return new VersionFolders(isFile ? dirname(this.#path) : this.#path, { flat: true });
  }
}
