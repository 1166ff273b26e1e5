import type { ModelAliases } from "../aliases/model-aliases.ts";
import { newestFirst } from "../repositories/names.ts";
import type { ModelVersion } from "./model-version.ts";
import type { Unattended } from "./unattended.ts";
import type { VersionSet } from "./version-set.ts";

/** How many versions of a model stay loaded besides those that aliases name. */
const KEPT_LOADED = 2;
/** Milliseconds after which a newer version does not wait for one that is still being loaded: a handler's own code may never end. */
const PATIENCE = 5000;
/** How many loads that were overtaken may go on beside the next. */
const MOST_OVERTAKEN = 2;

interface FollowedVersionOptions {
  versions: VersionSet;
  aliases: ModelAliases;
  unattended: Unattended;
  /** False while nothing is to be loaded before somebody asks for it. */
  mayLoad(): boolean;
}

/** A load that goes on, and who waits for the end of it, or for another that overtakes it. */
interface Load {
  version: ModelVersion;
  since: number;
  over: PromiseWithResolvers<void>;
}

/**
 * How it works: what `default` is pinned to is loaded first, then the newest version that loads comes to the front, then what
 * aliases name is loaded; one at a time, and next is always the newest, which overtakes one that takes long. A new version takes
 * over when it is ready, and the one before it finishes what it has. What was asked for longest ago is let go.
 */
export class FollowedVersion {
  readonly #options: FollowedVersionOptions;
  #current: ModelVersion | undefined;
  #following: Load | undefined;
  readonly #overtaken = new Set<ModelVersion>();

  constructor(options: FollowedVersionOptions) {
    this.#options = options;
  }

  /** The newest version that has loaded: what `default` names while nothing pins it. */
  get current(): ModelVersion | undefined {
    return this.#current;
  }

  /** While a version is being loaded in order to become the default, or since an alias names it. */
  get following(): Promise<void> | undefined {
    return this.#following?.over.promise;
  }

  /** Fulfilled when there is nothing left to load but what was overtaken. */
  async settled(): Promise<void> {
    while (this.#following) await this.following;
  }

  /** Loads what is to be loaded next, if anything is. */
  follow(): void {
    const { versions, aliases, mayLoad } = this.#options;
    if (!mayLoad()) return;
    this.#overtake();
    if (this.#following) return;
    const newest = versions.newestFirst.find((version) => this.#mayBeNext(version));
    const pinned = this.#unloaded([aliases.get("default")?.version ?? ""]);
    const next = pinned ?? (newest === this.#current ? this.#unloaded(aliases.versions()) : newest);
    if (next !== undefined) void this.#load(next, next === newest);
  }

  /** Follows no version until one is loaded again. */
  forget(): void {
    this.#current = undefined;
  }

  /** Another version, or none, stands in the place of one that is gone. */
  replace(gone: ModelVersion, successor: ModelVersion | undefined): void {
    if (this.#current === gone) this.#current = successor;
  }

  /** Lets go of the versions that were asked for longest ago. */
  trim(): void {
    const { versions, aliases, unattended } = this.#options;
    const named = aliases.versions();
    const isSpare = (version: ModelVersion) => version !== this.#current && !named.has(version.version);
    const loaded = [...versions.all()].filter((version) => version.loaded && isSpare(version));
    loaded.sort((a, b) => b.lastUse - a.lastUse);
    for (const version of loaded.slice(KEPT_LOADED)) unattended.letGo(version.unload());
  }

  async #load(version: ModelVersion, isNewest: boolean): Promise<void> {
    const { versions, unattended, mayLoad } = this.#options;
    const load: Load = { version, since: performance.now(), over: Promise.withResolvers() };
    this.#following = load;
    const loaded = await unattended.load(version);
    this.#overtaken.delete(version);
    if (this.#following === load) this.#following = undefined;
    const isThere = mayLoad() && versions.get(version.version) === version;
    const isNewer = this.#current === undefined || newestFirst(version.version, this.#current.version) <= 0;
    if (loaded && isThere && isNewest && isNewer) this.#current = version;
    this.follow();
    this.trim();
    load.over.resolve();
  }

  /** Lets a newer version be next though one is still being loaded, after a while. */
  #overtake(): void {
    const load = this.#following;
    if (load === undefined || this.#overtaken.size === MOST_OVERTAKEN || performance.now() - load.since < PATIENCE) return;
    const newest = this.#options.versions.newestFirst.find((version) => version.worthTrying);
    if (newest === undefined || newest === load.version || newest === this.#current || this.#overtaken.has(newest)) return;
    this.#overtaken.add(load.version);
    this.#following = undefined;
    load.over.resolve();
  }

  #mayBeNext(version: ModelVersion): boolean {
    return version.worthTrying && !this.#overtaken.has(version);
  }

  /** The first of these versions that was never loaded, or failed and may be tried again. Requests for it wait for it and for no other. */
  #unloaded(names: Iterable<string>): ModelVersion | undefined {
    for (const name of names) {
      const version = this.#options.versions.get(name);
      if (version && !version.loaded && !version.answers && this.#mayBeNext(version)) return version;
    }
    return undefined;
  }
}
