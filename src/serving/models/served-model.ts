import { servingErrors } from "../errors.ts";
import type { Runtime } from "../engines/runtime.ts";
import type { Handler, PredictOptions } from "../handlers/handler.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import type { AliasChange, AliasRecord, AliasTarget } from "../aliases/alias-target.ts";
import type { VersionSource } from "../repositories/model-repository.ts";
import { newestFirst } from "../repositories/names.ts";
import type { Signature } from "../tensors/signature.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import { ModelAliases } from "../aliases/model-aliases.ts";
import type { ModelGlance, ModelInfo } from "./model-info.ts";
import { ModelVersion } from "./model-version.ts";
import { goesToCanary } from "../aliases/pick-canary.ts";
import { type Answered, ShadowComparison } from "../aliases/shadow-comparison.ts";
import { mayBeNamed, servedVersions, type VersionPolicy } from "./version-policy.ts";

/** How many versions of a model stay loaded besides those that aliases name. */
const KEPT_LOADED = 2;

interface ServedModelOptions {
  /** Who may ask, where no handler says it. */
  access: "public" | "permission";
  name: string;
  handler: Handler | undefined;
  pool: HostPool;
  budget: MemoryBudget;
  /** What runs ONNX files, where no handler names a runtime. */
  forOnnx: Runtime;
  /** Which versions are served, where no handler says it. */
  versions: VersionPolicy;
  /** False where nothing is loaded before it is asked for: by a prediction, or by `load` where `served` is false. */
  eager: boolean;
  /** False for a model that answers nothing until it is loaded explicitly. */
  served: boolean;
  /** The project's folder. */
  root: string;
  /** True while the source that its handler names cannot be looked at; the log says why, in words that are not for strangers. */
  isSourceLost: () => boolean;
  /** Takes a line that a version's processes printed. */
  log: (line: string) => void;
  /** Told what went wrong with a version that nobody asked for. */
  warn: (message: string) => void;
}

/**
 * How it works: a model is a set of versions, held against what its repositories have at every look. Requests without
 * a version go to the alias `default`: where it is pinned, to that version, else to the newest one that is ready.
 * A new version is loaded first and takes over when it is ready; the old one finishes what it has. A version whose
 * files changed is loaded anew beside the old one in the same way. What fails to load changes nothing, and is tried
 * again after a while. However many come at once, one is loaded at a time, and next is always the newest.
 */
export class ServedModel implements ModelGlance {
  readonly name: string;
  readonly handler: Handler | undefined;
  readonly #options: ServedModelOptions;
  readonly #policy: VersionPolicy;
  readonly #versions = new Map<string, ModelVersion>();
  /** Changed contents of versions, waiting to be loaded, being loaded or found not to load. */
  readonly #changed = new Map<string, ModelVersion>();
  /** Which of them are being brought in place of what is loaded. */
  readonly #replacing = new Map<string, Promise<void>>();
  readonly #aliases = new ModelAliases((version) => this.loadNamed(version));
  readonly #shadows = new Map<string, ShadowComparison>();
  #sources: readonly VersionSource[] = [];
  /** What `default` names while nothing pins it. */
  #followed: ModelVersion | undefined;
  #following: Promise<void> | undefined;
  #operation: Promise<void> = Promise.resolve();
  #served: boolean;
  #awake: boolean;

  constructor(options: ServedModelOptions) {
    this.#options = options;
    this.name = options.name;
    this.handler = options.handler;
    this.#policy = options.handler?.options.versions ?? options.versions;
    this.#served = options.served;
    this.#awake = options.eager || options.handler?.options.keep === true;
  }

  get access(): "public" | "permission" {
    return this.handler?.options.access ?? this.#options.access;
  }

  get signature(): Signature | undefined {
    return this.#defaultVersion()?.signature;
  }

  /** The versions' numbers, newest first. */
  get versions(): string[] {
    return [...this.#versions.keys()].sort(newestFirst);
  }

  /** Aliases with the versions they name, `default` included. */
  get aliases(): Record<string, string> {
    const aliases = Object.fromEntries(this.#aliases.entries().map(([alias, { version }]) => [alias, version]));
    return this.#followed ? { default: this.#followed.version, ...aliases } : aliases;
  }

  /** False for a model that is to be loaded explicitly, and is not. */
  get served(): boolean {
    return this.#served;
  }

  /** True when a request without a version can be answered: at once, or after a load that has succeeded before or is not tried yet. */
  get ready(): boolean {
    if (!this.#served) return false;
    const version = this.#defaultVersion();
    if (version) return version.answers || (!this.#awake && version.state !== "failed");
    return !this.#awake && this.versions.some((name) => this.#versions.get(name)!.state !== "failed");
  }

  /** Takes what the repositories have now. */
  update(sources: readonly VersionSource[]): void {
    this.#sources = sources;
    const served = servedVersions(sources, this.#policy, this.#aliases.versions());
    const present = new Set(served.map((source) => source.version));
    for (const [name, version] of this.#versions) if (!present.has(name)) this.#remove(name, version);
    for (const source of served) this.#take(source);
    this.#follow();
    this.#trim();
  }

  /** Takes what the alias store says. An alias moves when its version is ready; one that does not load leaves it where it was. */
  updateAliases(wanted: Readonly<Record<string, AliasRecord>>): void {
    this.#aliases.update(wanted);
  }

  alias(alias: string): AliasRecord | undefined {
    return this.#aliases.get(alias);
  }

  keepAlias(alias: string, record: AliasRecord): void {
    this.#aliases.keep(alias, record);
  }

  dropAlias(alias: string): void {
    this.#aliases.drop(alias);
    this.#follow();
  }

  /** What an alias would name. @throws SERVING_UNKNOWN_VERSION, SERVING_NOT_READY */
  targetOf(alias: string, { version, canary, shadow }: AliasChange): AliasTarget {
    const named = version ?? this.aliases[alias];
    if (named === undefined) throw this.#notReady();
    return { version: named, ...(canary ? { canary } : {}), ...(shadow ? { shadow } : {}) };
  }

  /** Where an alias was before: without its canary if it has one, else at the version it named earlier. */
  findEarlier(alias: string): AliasRecord | undefined {
    const record = this.#aliases.get(alias);
    if (record?.canary) return withoutCanary(record);
    const current = record?.version ?? this.aliases[alias];
    const { history = [] } = record ?? {};
    const at = history.findLastIndex((name) => name !== current && this.#mayAnswer(name));
    if (at >= 0) return { version: history[at]!, history: history.slice(0, at) };
    const older = this.versions.find((name) => current !== undefined && newestFirst(current, name) < 0 && this.#mayAnswer(name));
    return older === undefined ? undefined : { version: older, history };
  }

  /** @throws SERVING_UNKNOWN_VERSION */
  requireVersion(name: string): ModelVersion {
    const version = this.#versions.get(name);
    if (version) return version;
    throw servingErrors.SERVING_UNKNOWN_VERSION({ model: this.name, given: name, known: this.versions });
  }

  /** Loads a version that an alias is to name. @throws SERVING_UNKNOWN_VERSION, SERVING_VERSION_FAILED */
  loadNamed(name: string): Promise<void> {
    return (this.#named(name) ?? this.requireVersion(name)).load();
  }

  /** The version that answers a request, where that is known at once. @throws SERVING_UNKNOWN_VERSION, SERVING_UNKNOWN_ALIAS, SERVING_NOT_LOADED */
  find(wish: PredictOptions): ModelVersion | undefined {
    if (!this.#served) throw servingErrors.SERVING_NOT_LOADED({ model: this.name });
    const { version, alias = "default", sequence } = wish;
    const holder = sequence && !sequence.start && this.#holderOf(sequence.id);
    if (holder && (version === undefined || version === holder.version)) return holder.touch();
    if (version !== undefined) {
      const found = this.#versions.get(version);
      // Beside an alias it is what the alias chose before; it may be gone since, and then the alias chooses anew.
      if (found || wish.alias === undefined) return (found ?? this.requireVersion(version)).touch();
    }
    const record = this.#aliases.get(alias);
    if (record === undefined && alias !== "default")
      throw servingErrors.SERVING_UNKNOWN_ALIAS({ model: this.name, given: alias, known: Object.keys(this.aliases) });
    this.#wake();
    const canary = record?.canary && goesToCanary(record.canary, wish.headers) && this.#versions.get(record.canary.version);
    if (canary && canary.state !== "failed") return canary.touch();
    return (alias === "default" ? this.#defaultVersion() : this.requireVersion(record!.version))?.touch();
  }

  /** The version that answers a request. @throws as `find`, SERVING_NOT_READY */
  async resolve(wish: PredictOptions = {}): Promise<ModelVersion> {
    let found = this.find(wish);
    // The first version that loads answers; newer ones may come without end.
    while (found === undefined && this.#following) {
      await this.#following;
      found = this.find(wish);
    }
    if (found) return found;
    throw this.#notReady();
  }

  /** True when some alias has a shadow. */
  get hasShadow(): boolean {
    return this.#aliases.hasShadow;
  }

  /** Has the shadow of the alias that was asked answer it too, if it has one. */
  shadow(answered: Answered): void {
    const { version, alias, sequence } = answered.options;
    // A body that was answered unread cannot be asked again.
    if (Array.isArray(answered.inputs) && answered.inputs.length < answered.outputs.length) return;
    // A certain version was wanted, or a step of a sequence, which has its meaning only within the sequence.
    if ((version !== undefined && alias === undefined) || sequence !== undefined) return;
    const name = alias ?? "default";
    const rule = this.#aliases.get(name)?.shadow;
    const shadow = rule && this.#versions.get(rule.version);
    if (!shadow) return;
    let comparison = this.#shadows.get(name);
    if (comparison?.isOf !== shadow) this.#shadows.set(name, (comparison = new ShadowComparison(shadow)));
    comparison.compare(rule, answered);
  }

  /** Loads a version, or what `default` names. One that failed is tried again at once. @throws SERVING_NOT_READY, SERVING_VERSION_FAILED */
  load(version?: string): Promise<void> {
    return this.#inTurn(() => this.#load(version));
  }

  async #load(version: string | undefined): Promise<void> {
    this.#served = true;
    this.#awake = true;
    if (version !== undefined) return this.requireVersion(version).load({ again: true });
    for (const name of this.versions) this.#versions.get(name)!.forgive();
    this.#follow();
    await this.settled();
    await this.#changesSettled();
    const newest = this.#versions.get(this.versions[0] ?? "");
    if (newest?.state === "failed") await newest.load();
    const named = this.#defaultVersion();
    if (named === undefined) throw this.#notReady();
    await named.load({ again: true });
  }

  /** Loads a version to see that it does, whether or not the model is served. @throws SERVING_UNKNOWN_VERSION, SERVING_VERSION_FAILED */
  async tryVersion(name: string): Promise<void> {
    const version = this.requireVersion(name);
    await version.load({ trial: true });
    if (!this.#served) await version.unload();
  }

  /** Lets a version go, or all: then nothing is answered until the model is loaded again. Fulfilled when what was in flight is answered. */
  unload(version?: string): Promise<void> {
    return this.#inTurn(() => this.#unload(version));
  }

  async #unload(version: string | undefined): Promise<void> {
    if (version !== undefined) return this.requireVersion(version).unload();
    this.#served = false;
    await this.settled();
    this.#followed = undefined;
    await Promise.all([...this.#versions.values(), ...this.#changed.values()].map((each) => each.unload()));
  }

  /** Fulfilled when no version is being loaded in order to become the default. */
  async settled(): Promise<void> {
    while (this.#following) await this.#following;
  }

  info(): ModelInfo {
    const { description } = this.handler?.options ?? {};
    const version = this.#defaultVersion();
    const { signature } = this;
    const metrics = version?.manifest?.metrics;
    return {
      name: this.name,
      ...(description ? { description } : {}),
      access: this.access,
      ready: this.ready,
      served: this.#served,
      versions: this.versions,
      policy: this.#policy,
      aliases: this.aliases,
      targets: Object.fromEntries(this.#aliases.entries()),
      shadows: Object.fromEntries([...this.#shadows].map(([alias, { statistics }]) => [alias, { ...statistics }])),
      ...(signature ? { signature } : {}),
      ...(metrics ? { metrics } : {}),
      ...(this.handler ? { handler: this.handler } : {}),
      ...(version?.manifest ? { manifest: version.manifest } : {}),
    };
  }

  async close(): Promise<void> {
    this.#served = false;
    await Promise.all([...this.#versions.values(), ...this.#changed.values()].map((version) => version.retire()));
  }

  #defaultVersion(): ModelVersion | undefined {
    const pinned = this.#aliases.get("default");
    return (pinned === undefined ? undefined : this.#versions.get(pinned.version)) ?? this.#followed;
  }

  /** The version that has a sequence open: it goes on where it began, though a newer version answers what begins now. */
  #holderOf(id: string): ModelVersion | undefined {
    let [holder, latest] = [undefined as ModelVersion | undefined, -1];
    for (const version of this.#versions.values()) {
      const used = version.engine?.sequenceUsed?.(id) ?? -1;
      if (used > latest) [holder, latest] = [version, used];
    }
    return holder;
  }

  #mayAnswer(name: string): boolean {
    const version = this.#named(name);
    return version !== undefined && version.state !== "failed";
  }

  #notReady(): Error {
    const reason = this.#versions.get(this.versions[0] ?? "")?.error;
    const trainable = this.handler?.options.train !== undefined;
    const isSourceLost = this.#options.isSourceLost();
    return servingErrors.SERVING_NOT_READY({ model: this.name, reason, trainable, isSourceLost });
  }

  /** A version that an alias may name: it brings back one that is there and not served by itself. */
  #named(name: string): ModelVersion | undefined {
    const known = this.#versions.get(name);
    if (known) return known;
    const source = mayBeNamed(this.#policy) ? this.#sources.find((each) => each.version === name) : undefined;
    if (source) this.#take(source);
    return this.#versions.get(name);
  }

  /** Loading and unloading come from several callers at once; each is done before the next begins. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#operation.then(work);
    this.#operation = done.catch(() => {});
    return done;
  }

  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#follow();
  }

  #remove(name: string, version: ModelVersion): void {
    this.#versions.delete(name);
    const changed = this.#changed.get(name);
    if (changed) this.#letGo(changed.retire());
    this.#changed.delete(name);
    if (this.#followed === version) this.#followed = undefined;
    this.#letGo(version.retire());
  }

  #take(source: VersionSource): void {
    const known = this.#versions.get(source.version);
    if (known?.source.fingerprint === source.fingerprint) return void this.#changed.delete(source.version);
    if (known?.state !== "ready") {
      if (known) this.#letGo(known.retire());
      if (this.#followed === known) this.#followed = undefined;
      this.#versions.set(source.version, this.#makeVersion(source));
      return;
    }
    if (this.#changed.get(source.version)?.source.fingerprint === source.fingerprint) return;
    this.#changed.set(source.version, this.#makeVersion(source));
    this.#replace(source.version);
  }

  #makeVersion(source: VersionSource): ModelVersion {
    const demandServed = () => {
      if (!this.#served) throw servingErrors.SERVING_NOT_LOADED({ model: this.name });
    };
    const beside = () => this.#defaultVersion();
    return new ModelVersion({ ...this.#options, model: this.name, source, beside, demandServed });
  }

  /** Brings a version's changed files in place of those that are loaded: always the latest, however often they change meanwhile. */
  #replace(name: string): void {
    if (this.#replacing.has(name)) return;
    const replacing = this.#replaceNow(name).finally(() => this.#replacing.delete(name));
    this.#replacing.set(name, replacing);
  }

  async #replaceNow(name: string): Promise<void> {
    for (let changed = this.#changed.get(name); changed?.state === "unloaded"; changed = this.#changed.get(name)) {
      const loaded = await this.#tryLoad(changed);
      const old = this.#versions.get(name);
      if (this.#changed.get(name) !== changed || old === undefined) {
        this.#letGo(changed.retire());
      } else if (loaded) {
        this.#changed.delete(name);
        this.#versions.set(name, changed);
        if (this.#followed === old) this.#followed = changed;
        this.#letGo(old.retire());
      }
    }
  }

  async #changesSettled(): Promise<void> {
    while (this.#replacing.size > 0) await Promise.all(this.#replacing.values());
  }

  /** Nobody waits for what a version still has to answer before it is let go. */
  #letGo(going: Promise<void>): void {
    going.catch((error: Error) => this.#options.warn(`A version of ${this.name} could not be let go: ${error.message}`));
  }

  /** Loads what `default` is pinned to, brings the newest version that loads to the front, and loads what aliases name; one at a time. */
  #follow(): void {
    if (this.#following || !this.#served || !this.#awake) return;
    const newest = this.versions.map((name) => this.#versions.get(name)!).find((version) => version.worthTrying);
    const pinned = this.#unloaded([this.#aliases.get("default")?.version ?? ""]);
    const next = pinned ?? (newest === this.#followed ? this.#unloaded(this.#aliases.versions()) : newest);
    if (next === undefined) return;
    this.#following = this.#tryLoad(next).then((loaded) => {
      this.#following = undefined;
      const isThere = this.#served && this.#versions.get(next.version) === next;
      if (loaded && isThere && next === newest) this.#followed = next;
      this.#follow();
      this.#trim();
    });
  }

  /** The first of these versions that was never loaded, or failed and may be tried again. Requests for it wait for it and for no other. */
  #unloaded(names: Iterable<string>): ModelVersion | undefined {
    for (const name of names) {
      const version = this.#versions.get(name);
      if (version && !version.loaded && !version.answers && version.worthTrying) return version;
    }
    return undefined;
  }

  async #tryLoad(version: ModelVersion): Promise<boolean> {
    try {
      await version.load();
      return true;
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { hint?: string } };
      this.#options.warn(cause?.hint ? `${message} ${cause.hint}` : message);
      return false;
    }
  }

  /** Lets go of the versions that were asked for longest ago. */
  #trim(): void {
    const named = this.#aliases.versions();
    const spare = (version: ModelVersion) => version !== this.#followed && !named.has(version.version);
    const loaded = [...this.#versions.values()].filter((version) => version.loaded && spare(version));
    loaded.sort((a, b) => b.lastUse - a.lastUse);
    for (const version of loaded.slice(KEPT_LOADED)) this.#letGo(version.unload());
  }
}

function withoutCanary({ canary: _canary, ...record }: AliasRecord): AliasRecord {
  return record;
}
