import { servingErrors } from "../errors.ts";
import type { Handler, PredictOptions } from "../handlers/handler.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import type { VersionSource } from "../repositories/model-repository.ts";
import { newestFirst } from "../repositories/names.ts";
import type { ModelInfo } from "./model-info.ts";
import { ModelVersion } from "./model-version.ts";

/** How many versions of a model stay loaded besides those that aliases name. */
const KEPT_LOADED = 2;

interface ServedModelOptions {
  /** Who may ask, where no handler says it. */
  access: "public" | "permission";
  name: string;
  handler: Handler | undefined;
  pool: HostPool;
  /** Told what went wrong with a version that nobody asked for. */
  warn: (message: string) => void;
}

/**
 * How it works: a model is a set of versions, held against what its repositories have at every look. Requests without
 * a version go to the alias `default`: where it is pinned, to that version, else to the newest one that is ready.
 * A new version is loaded first and takes over when it is ready; the old one finishes what it has. A version whose
 * files changed is loaded anew beside the old one in the same way. What fails to load changes nothing.
 */
export class ServedModel {
  readonly name: string;
  readonly handler: Handler | undefined;
  readonly #options: ServedModelOptions;
  readonly #versions = new Map<string, ModelVersion>();
  /** Changed contents of versions, being loaded or found not to load. */
  readonly #changed = new Map<string, ModelVersion>();
  readonly #aliases = new Map<string, string>();
  /** What the alias store said last. */
  #wanted: Readonly<Record<string, string>> = {};
  /** What `default` names while nothing pins it. */
  #followed: ModelVersion | undefined;
  #following: Promise<void> | undefined;
  #uses = 0;

  constructor(options: ServedModelOptions) {
    this.#options = options;
    this.name = options.name;
    this.handler = options.handler;
  }

  /** The versions' numbers, newest first. */
  get versions(): string[] {
    return [...this.#versions.keys()].sort(newestFirst);
  }

  /** Aliases with the versions they name, `default` included. */
  get aliases(): Record<string, string> {
    const aliases: Record<string, string> = Object.fromEntries(this.#aliases);
    return this.#followed ? { default: this.#followed.version, ...aliases } : aliases;
  }

  /** True when a request without a version can be answered. */
  get ready(): boolean {
    return this.#defaultVersion()?.state === "ready";
  }

  /** Takes what the repositories have now. */
  update(sources: readonly VersionSource[]): void {
    const present = new Set(sources.map((source) => source.version));
    for (const [name, version] of this.#versions) if (!present.has(name)) this.#remove(name, version);
    for (const source of sources) this.#take(source);
    this.#follow();
    this.#trim();
  }

  /** Takes what the alias store says. An alias moves when its version is ready; one that does not load leaves it where it was. */
  updateAliases(wanted: Readonly<Record<string, string>>): void {
    this.#wanted = wanted;
    for (const alias of this.#aliases.keys()) if (!Object.hasOwn(wanted, alias)) this.#aliases.delete(alias);
    for (const [alias, name] of Object.entries(wanted)) {
      if (this.#aliases.get(alias) === name) continue;
      if (!this.#aliases.has(alias)) this.#aliases.set(alias, name);
      // The store may have changed its mind while the version was being loaded.
      const move = () => void (this.#wanted[alias] === name && this.#aliases.set(alias, name));
      this.#versions
        .get(name)
        ?.load()
        .then(move, () => {});
    }
  }

  /** Points an alias at a version that is ready. */
  async pointAlias(alias: string, version: string): Promise<void> {
    await this.requireVersion(version).load();
    this.#aliases.set(alias, version);
  }

  dropAlias(alias: string): void {
    this.#aliases.delete(alias);
  }

  /** @throws SERVING_UNKNOWN_VERSION */
  requireVersion(name: string): ModelVersion {
    const version = this.#versions.get(name);
    if (version) return version;
    throw servingErrors.SERVING_UNKNOWN_VERSION({ model: this.name, given: name, known: this.versions });
  }

  /** The version that answers a request. @throws SERVING_UNKNOWN_VERSION, SERVING_UNKNOWN_ALIAS, SERVING_NOT_READY */
  async resolve(wish: PredictOptions = {}): Promise<ModelVersion> {
    const version = await this.#find(wish);
    version.lastUse = ++this.#uses;
    return version;
  }

  /** Fulfilled when no version is being loaded in order to become the default. */
  async settled(): Promise<void> {
    while (this.#following) await this.#following;
  }

  info(): ModelInfo {
    const { description, access } = this.handler?.options ?? {};
    const version = this.#defaultVersion();
    const { signature, metrics } = version?.info() ?? {};
    return {
      name: this.name,
      ...(description ? { description } : {}),
      access: access ?? this.#options.access,
      ready: this.ready,
      versions: this.versions,
      aliases: this.aliases,
      ...(signature ? { signature } : {}),
      ...(metrics ? { metrics } : {}),
      ...(this.handler ? { handler: this.handler } : {}),
      ...(version?.manifest ? { manifest: version.manifest } : {}),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#versions.values(), ...this.#changed.values()].map((version) => version.unload()));
  }

  async #find({ version, alias = "default" }: PredictOptions): Promise<ModelVersion> {
    if (version !== undefined) return this.requireVersion(version);
    if (alias !== "default") {
      const named = this.#aliases.get(alias);
      if (named !== undefined) return this.requireVersion(named);
      throw servingErrors.SERVING_UNKNOWN_ALIAS({ model: this.name, given: alias, known: Object.keys(this.aliases) });
    }
    const found = this.#defaultVersion();
    if (found) return found;
    await this.settled();
    const loaded = this.#defaultVersion();
    if (loaded) return loaded;
    const failed = this.#versions.get(this.versions[0] ?? "");
    const trainable = this.handler?.options.train !== undefined;
    throw servingErrors.SERVING_NOT_READY({ model: this.name, reason: failed?.error, trainable });
  }

  #defaultVersion(): ModelVersion | undefined {
    const pinned = this.#aliases.get("default");
    return (pinned === undefined ? undefined : this.#versions.get(pinned)) ?? this.#followed;
  }

  #remove(name: string, version: ModelVersion): void {
    this.#versions.delete(name);
    this.#changed.delete(name);
    if (this.#followed === version) this.#followed = undefined;
    void version.unload();
  }

  #take(source: VersionSource): void {
    const known = this.#versions.get(source.version);
    if (known?.source.fingerprint === source.fingerprint) return;
    const { handler, pool } = this.#options;
    if (known?.state !== "ready") {
      this.#versions.set(source.version, new ModelVersion({ model: this.name, handler, pool, source }));
      return;
    }
    if (this.#changed.get(source.version)?.source.fingerprint === source.fingerprint) return;
    const changed = new ModelVersion({ model: this.name, handler, pool, source });
    this.#changed.set(source.version, changed);
    void this.#replace(known, changed);
  }

  async #replace(old: ModelVersion, changed: ModelVersion): Promise<void> {
    if (!(await this.#tryLoad(changed))) return;
    if (this.#changed.get(changed.version) !== changed) return changed.unload();
    this.#changed.delete(changed.version);
    this.#versions.set(changed.version, changed);
    if (this.#followed === old) this.#followed = changed;
    await old.unload();
  }

  /** Brings the newest version that loads to the front, one at a time. */
  #follow(): void {
    if (this.#following) return;
    const next = this.versions.map((name) => this.#versions.get(name)!).find((version) => version.state !== "failed");
    if (next === undefined || next === this.#followed) return;
    this.#following = this.#tryLoad(next).then((loaded) => {
      this.#following = undefined;
      if (loaded && this.#versions.get(next.version) === next) this.#followed = next;
      this.#follow();
      this.#trim();
    });
  }

  async #tryLoad(version: ModelVersion): Promise<boolean> {
    try {
      await version.load();
      return true;
    } catch (error) {
      this.#options.warn((error as Error).message);
      return false;
    }
  }

  /** Lets go of the versions that were asked for longest ago. */
  #trim(): void {
    const named = new Set(Object.values(this.aliases));
    const loaded = [...this.#versions.values()].filter((version) => version.state === "ready" && !named.has(version.version));
    loaded.sort((a, b) => b.lastUse - a.lastUse);
    for (const version of loaded.slice(KEPT_LOADED)) void version.unload();
  }
}
