import type { VersionSource } from "../repositories/model-repository.ts";
import { newestFirst } from "../repositories/names.ts";
import type { ModelVersion } from "./model-version.ts";
import type { Unattended } from "./unattended.ts";
import { mayBeNamed, servedVersions, type VersionPolicy } from "./version-policy.ts";

interface VersionSetOptions {
  /** Which versions are served of those that there are. */
  policy: VersionPolicy;
  unattended: Unattended;
  make(source: VersionSource): ModelVersion;
  /** Told of a version that is not there any more, and of the one in its place, if there is one at once. */
  onGone(version: ModelVersion, successor: ModelVersion | undefined): void;
}

/**
 * How it works: a model's versions are held against what its repositories have, at every look. A version whose files have
 * changed is loaded anew beside the old one, which answers until the new one is ready; what fails to load changes nothing.
 */
export class VersionSet {
  readonly #options: VersionSetOptions;
  readonly #versions = new Map<string, ModelVersion>();
  /** Changed contents of versions, waiting to be loaded, being loaded or found not to load. */
  readonly #changed = new Map<string, ModelVersion>();
  /** Which of them are being brought in place of what is loaded. */
  readonly #replacing = new Map<string, Promise<void>>();
  #sources: readonly VersionSource[] = [];

  constructor(options: VersionSetOptions) {
    this.#options = options;
  }

  /** The versions' numbers, newest first. */
  get names(): string[] {
    return [...this.#versions.keys()].sort(newestFirst);
  }

  /** The versions, newest first. */
  get newestFirst(): ModelVersion[] {
    return this.names.map((name) => this.#versions.get(name)!);
  }

  /** The versions in no order, made of nothing new. */
  all(): Iterable<ModelVersion> {
    return this.#versions.values();
  }

  get(name: string): ModelVersion | undefined {
    return this.#versions.get(name);
  }

  /** A version that an alias may name: it brings back one that is there and not served by itself. */
  bring(name: string): ModelVersion | undefined {
    const known = this.#versions.get(name);
    if (known) return known;
    const source = mayBeNamed(this.#options.policy) ? this.#sources.find((each) => each.version === name) : undefined;
    if (source) this.#take(source);
    return this.#versions.get(name);
  }

  /** The version that has a sequence open: it goes on where it began, though a newer version answers what begins now. */
  holderOf(sequence: string): ModelVersion | undefined {
    let [holder, latest] = [undefined as ModelVersion | undefined, -1];
    for (const version of this.#versions.values()) {
      const used = version.engine?.sequenceUsed?.(sequence) ?? -1;
      if (used > latest) [holder, latest] = [version, used];
    }
    return holder;
  }

  /** Takes what the repositories have now. `named` are the versions that aliases name. */
  update(sources: readonly VersionSource[], named: ReadonlySet<string>): void {
    this.#sources = sources;
    const served = servedVersions(sources, this.#options.policy, named);
    const present = new Set(served.map((source) => source.version));
    for (const [name, version] of this.#versions) if (!present.has(name)) this.#remove(name, version);
    for (const source of served) this.#take(source);
  }

  /** Fulfilled when no changed files are being brought in place. */
  async settled(): Promise<void> {
    while (this.#replacing.size > 0) await Promise.all(this.#replacing.values());
  }

  /** Fulfilled when what was in flight has been answered. */
  async unload(): Promise<void> {
    await Promise.all([...this.#versions.values(), ...this.#changed.values()].map((version) => version.unload()));
  }

  /** Lets them go for good; a load that goes on is waited for so many milliseconds. */
  async retire(patience: number): Promise<void> {
    await Promise.all([...this.#versions.values(), ...this.#changed.values()].map((version) => version.retire(patience)));
  }

  #remove(name: string, version: ModelVersion): void {
    this.#versions.delete(name);
    const changed = this.#changed.get(name);
    if (changed) this.#options.unattended.letGo(changed.retire());
    this.#changed.delete(name);
    this.#leave(version, undefined);
  }

  #take(source: VersionSource): void {
    const { version: name, fingerprint } = source;
    const known = this.#versions.get(name);
    if (known?.source.fingerprint === fingerprint) return void this.#changed.delete(name);
    if (known?.state !== "ready") {
      if (known) this.#leave(known, undefined);
      this.#versions.set(name, this.#options.make(source));
      return;
    }
    if (this.#changed.get(name)?.source.fingerprint === fingerprint) return;
    this.#changed.set(name, this.#options.make(source));
    this.#replace(name);
  }

  /** Brings a version's changed files in place of those that are loaded: always the latest, however often they change meanwhile. */
  #replace(name: string): void {
    if (this.#replacing.has(name)) return;
    const replacing = this.#replaceNow(name).finally(() => this.#replacing.delete(name));
    this.#replacing.set(name, replacing);
  }

  async #replaceNow(name: string): Promise<void> {
    const { unattended } = this.#options;
    for (let changed = this.#changed.get(name); changed?.state === "unloaded"; changed = this.#changed.get(name)) {
      const loaded = await unattended.load(changed);
      const old = this.#versions.get(name);
      if (this.#changed.get(name) !== changed || old === undefined) {
        unattended.letGo(changed.retire());
      } else if (loaded) {
        this.#changed.delete(name);
        this.#versions.set(name, changed);
        this.#leave(old, changed);
      }
    }
  }

  #leave(version: ModelVersion, successor: ModelVersion | undefined): void {
    this.#options.onGone(version, successor);
    this.#options.unattended.letGo(version.retire());
  }
}
