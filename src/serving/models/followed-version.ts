import type { ModelAliases } from "../aliases/model-aliases.ts";
import type { ModelVersion } from "./model-version.ts";
import type { Unattended } from "./unattended.ts";
import type { VersionSet } from "./version-set.ts";

/** How many versions of a model stay loaded besides those that aliases name. */
const KEPT_LOADED = 2;

interface FollowedVersionOptions {
  versions: VersionSet;
  aliases: ModelAliases;
  unattended: Unattended;
  /** False while nothing is to be loaded before somebody asks for it. */
  mayLoad(): boolean;
}

/**
 * How it works: what `default` is pinned to is loaded first, then the newest version that loads comes to the front, then what
 * aliases name is loaded; one at a time, and next is always the newest. A new version takes over when it is ready, and the one
 * before it finishes what it has. What was asked for longest ago is let go.
 */
export class FollowedVersion {
  readonly #options: FollowedVersionOptions;
  #current: ModelVersion | undefined;
  #following: Promise<void> | undefined;

  constructor(options: FollowedVersionOptions) {
    this.#options = options;
  }

  /** The newest version that has loaded: what `default` names while nothing pins it. */
  get current(): ModelVersion | undefined {
    return this.#current;
  }

  /** While a version is being loaded in order to become the default, or since an alias names it. */
  get following(): Promise<void> | undefined {
    return this.#following;
  }

  /** Fulfilled when there is nothing left to load. */
  async settled(): Promise<void> {
    while (this.#following) await this.#following;
  }

  /** Loads what is to be loaded next, if anything is. */
  follow(): void {
    const { versions, aliases, unattended, mayLoad } = this.#options;
    if (this.#following || !mayLoad()) return;
    const newest = versions.newestFirst.find((version) => version.worthTrying);
    const pinned = this.#unloaded([aliases.get("default")?.version ?? ""]);
    const next = pinned ?? (newest === this.#current ? this.#unloaded(aliases.versions()) : newest);
    if (next === undefined) return;
    this.#following = unattended.load(next).then((loaded) => {
      this.#following = undefined;
      const isThere = mayLoad() && versions.get(next.version) === next;
      if (loaded && isThere && next === newest) this.#current = next;
      this.follow();
      this.trim();
    });
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

  /** The first of these versions that was never loaded, or failed and may be tried again. Requests for it wait for it and for no other. */
  #unloaded(names: Iterable<string>): ModelVersion | undefined {
    for (const name of names) {
      const version = this.#options.versions.get(name);
      if (version && !version.loaded && !version.answers && version.worthTrying) return version;
    }
    return undefined;
  }
}
