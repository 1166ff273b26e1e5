import { AliasShadows } from "../aliases/alias-shadows.ts";
import type { AliasChange, AliasRecord, AliasTarget } from "../aliases/alias-target.ts";
import { earlierTarget } from "../aliases/earlier-target.ts";
import { ModelAliases } from "../aliases/model-aliases.ts";
import { goesToCanary } from "../aliases/pick-canary.ts";
import type { Answered } from "../aliases/shadow-comparison.ts";
import type { Limits } from "../engines/limits.ts";
import type { Runtime } from "../engines/runtime.ts";
import { servingErrors } from "../errors.ts";
import type { Handler, PredictOptions } from "../handlers/handler.ts";
import { listedTasks } from "../engines/task.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import type { VersionSource } from "../repositories/model-repository.ts";
import { newestFirst } from "../repositories/names.ts";
import type { Signature } from "../tensors/signature.ts";
import { FollowedVersion } from "./followed-version.ts";
import type { IdleWatch } from "./idle-watch.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { ModelGlance, ModelInfo } from "./model-info.ts";
import { ModelVersion } from "./model-version.ts";
import { runtimeOfHandler } from "./runtime-of.ts";
import { Unattended } from "./unattended.ts";
import type { VersionPolicy } from "./version-policy.ts";
import { VersionSet } from "./version-set.ts";
import { waitForLoad } from "./wait-for-load.ts";

/** Milliseconds that a server which closes waits for what is being loaded. */
const PATIENCE = 5000;

interface ServedModelOptions {
  /** Who may ask, where no handler says it. */
  access: "public" | "permission";
  name: string;
  handler: Handler | undefined;
  limits: Limits;
  pool: HostPool;
  budget: MemoryBudget;
  idleWatch: IdleWatch;
  /** Seconds without a request after which a version is let go, where its handler does not say it. */
  idle: number | undefined;
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
  /** True while the server ends: what does not load then is nobody's concern. */
  isStopping: () => boolean;
  /** Told what went wrong with a version that nobody asked for. */
  warn: (message: string) => void;
}

/**
 * How it works: a model is a set of versions (`VersionSet`). A request without a version goes to the alias `default`: where
 * that is pinned, to that version, else to the newest one that is ready (`FollowedVersion`). Loading and unloading that
 * somebody asked for happens in turn; everything else goes on beside it.
 */
export class ServedModel implements ModelGlance {
  readonly name: string;
  readonly handler: Handler | undefined;
  readonly limits: Limits;
  readonly #options: ServedModelOptions;
  readonly #policy: VersionPolicy;
  readonly #aliases = new ModelAliases((version) => this.loadNamed(version));
  readonly #shadows: AliasShadows;
  readonly #versions: VersionSet;
  readonly #followed: FollowedVersion;
  #operation: Promise<void> = Promise.resolve();
  #served: boolean;
  /** False until somebody asks for a model that is not loaded before. */
  #awake: boolean;

  constructor(options: ServedModelOptions) {
    this.#options = options;
    this.name = options.name;
    this.handler = options.handler;
    this.limits = options.limits;
    this.#served = options.served;
    this.#awake = options.eager || options.handler?.options.keep === true;
    this.#policy = options.handler?.options.versions ?? options.versions;
    const unattended = new Unattended(options);
    const versions = (this.#versions = new VersionSet({
      policy: this.#policy,
      unattended,
      make: (source) => this.#makeVersion(source),
      onGone: (version, successor) => this.#followed.replace(version, successor),
    }));
    const aliases = this.#aliases;
    this.#shadows = new AliasShadows({ aliases, version: (name) => versions.get(name) });
    this.#followed = new FollowedVersion({ versions, aliases, unattended, mayLoad: () => this.#served && this.#awake });
  }

  get access(): "public" | "permission" {
    return this.handler?.options.access ?? this.#options.access;
  }

  get signature(): Signature | undefined {
    return this.#defaultVersion()?.signature;
  }

  /** The versions' numbers, newest first. */
  get versions(): string[] {
    return this.#versions.names;
  }

  /** Aliases with the versions they name, `default` included. */
  get aliases(): Record<string, string> {
    const aliases = Object.fromEntries(this.#aliases.entries().map(([alias, { version }]) => [alias, version]));
    const followed = this.#followed.current;
    return followed ? { default: followed.version, ...aliases } : aliases;
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
    return !this.#awake && this.#versions.newestFirst.some(({ state }) => state !== "failed");
  }

  /** The whole seconds after which a full queue of its versions is likely to have room. */
  get retryAfter(): number {
    return Math.max(1, ...[...this.#versions.all()].map((version) => version.engine?.retryAfter ?? 1));
  }

  /** What goes on with its versions: loads, and answers. */
  get unfinished(): string[] {
    return [...this.#versions.all()].flatMap(({ unfinished }) => unfinished ?? []);
  }

  /** True when some alias has a shadow. */
  get hasShadow(): boolean {
    return this.#aliases.hasShadow;
  }

  /** Takes what the repositories have now. */
  update(sources: readonly VersionSource[]): void {
    this.#versions.update(sources, this.#aliases.versions());
    this.#followed.follow();
    this.#followed.trim();
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
    this.#followed.follow();
  }

  /** The version that an alias names. */
  namedBy(alias: string): string | undefined {
    const pinned = this.#aliases.get(alias)?.version;
    return alias === "default" ? (pinned ?? this.#followed.current?.version) : pinned;
  }

  /** What an alias would name. @throws SERVING_UNKNOWN_ALIAS, SERVING_NOT_READY */
  targetOf(alias: string, { version, canary, shadow }: AliasChange): AliasTarget {
    const named = version ?? this.namedBy(alias);
    if (named === undefined) throw alias === "default" ? this.#notReady() : this.#unknownAlias(alias);
    return { version: named, ...(canary ? { canary } : {}), ...(shadow ? { shadow } : {}) };
  }

  /** Where an alias was before; undefined where there is no way back. */
  findEarlier(alias: string): AliasRecord | undefined {
    const record = this.#aliases.get(alias);
    const mayAnswer = (name: string) => (this.#versions.bring(name)?.state ?? "failed") !== "failed";
    return earlierTarget({ record, current: this.namedBy(alias), versions: this.versions, mayAnswer });
  }

  /** @throws SERVING_UNKNOWN_VERSION */
  requireVersion(name: string): ModelVersion {
    const version = this.#versions.get(name);
    if (version) return version;
    throw servingErrors.SERVING_UNKNOWN_VERSION({ model: this.name, given: name, known: this.versions });
  }

  /** The version that answers a request, where that is known at once. @throws SERVING_UNKNOWN_VERSION, SERVING_UNKNOWN_ALIAS, SERVING_NOT_LOADED */
  find(wish: PredictOptions): ModelVersion | undefined {
    if (!this.#served) throw servingErrors.SERVING_NOT_LOADED({ model: this.name });
    const { version, alias, sequence } = wish;
    const holder = sequence && !sequence.start && this.#versions.holderOf(sequence.id);
    if (holder && (version === undefined || version === holder.version)) return holder.touch();
    if (version !== undefined) {
      const found = this.#versions.get(version);
      // Beside an alias it is what the alias chose before; it may be gone since, and then the alias chooses anew.
      if (found || alias === undefined) return (found ?? this.requireVersion(version)).touch();
    }
    return this.#findNamed(alias ?? "default", wish)?.touch();
  }

  /** The version that answers a request. @throws as `find`, SERVING_NOT_READY */
  async resolve(wish: PredictOptions = {}): Promise<ModelVersion> {
    let found = this.find(wish);
    // The first version that loads answers; newer ones may come without end.
    while (found === undefined && this.#followed.following) {
      await waitForLoad(this.#followed.following, { model: this.name, ask: wish, usual: this.limits.deadline });
      found = this.find(wish);
    }
    if (found) return found;
    throw this.#notReady();
  }

  /** Has the shadow of the alias that was asked answer it too, if it has one. */
  shadow(answered: Answered): void {
    this.#shadows.compare(answered);
  }

  /** Loads a version, or what `default` names. One that failed is tried again at once. @throws SERVING_NOT_READY, SERVING_VERSION_FAILED */
  load(version?: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#served = true;
      this.#awake = true;
      if (version === undefined) return this.#loadDefault();
      await this.requireVersion(version).load({ again: true, asItIs: true });
      this.#followed.follow();
    });
  }

  /** Loads a version that an alias is to name. @throws SERVING_UNKNOWN_VERSION, SERVING_VERSION_FAILED */
  loadNamed(name: string): Promise<void> {
    return (this.#versions.bring(name) ?? this.requireVersion(name)).load();
  }

  /** Loads a version to see that it does, whether or not the model is served. @throws SERVING_UNKNOWN_VERSION, SERVING_VERSION_FAILED */
  async tryVersion(name: string): Promise<void> {
    const version = this.requireVersion(name);
    const before = await this.#loadBefore(version);
    try {
      await version.load({ trial: true });
    } finally {
      if (!this.#served) await Promise.all([version.unload(), before?.unload()]);
    }
  }

  /** Lets a version go, or all: then nothing is answered until the model is loaded again. Fulfilled when what was in flight is answered. */
  unload(version?: string): Promise<void> {
    return this.#inTurn(() => (version === undefined ? this.#unloadAll() : this.requireVersion(version).unload()));
  }

  /** Fulfilled when no version is being loaded in order to become the default. */
  settled(): Promise<void> {
    return this.#followed.settled();
  }

  info(): ModelInfo {
    const { description } = this.handler?.options ?? {};
    const version = this.#defaultVersion();
    const { signature } = this;
    const tasks = listedTasks(this.handler?.options.task) ?? version?.tasks;
    const { manifest, runtime = runtimeOfHandler(this.handler)?.kind } = version ?? {};
    const metrics = manifest?.metrics;
    return {
      name: this.name,
      ...(description ? { description } : {}),
      access: this.access,
      ready: this.ready,
      served: this.#served,
      ...(runtime === undefined ? {} : { runtime }),
      versions: this.versions,
      policy: this.#policy,
      limits: this.limits,
      aliases: this.aliases,
      targets: Object.fromEntries(this.#aliases.entries()),
      shadows: this.#shadows.statistics(),
      ...(tasks ? { tasks } : {}),
      ...(signature ? { signature } : {}),
      ...(metrics ? { metrics } : {}),
      ...(this.handler ? { handler: this.handler } : {}),
      ...(manifest ? { manifest } : {}),
    };
  }

  async close(): Promise<void> {
    this.#served = false;
    await this.#versions.retire(PATIENCE);
  }

  /** What an alias names, or its canary for some of the requests. @throws SERVING_UNKNOWN_VERSION, SERVING_UNKNOWN_ALIAS */
  #findNamed(alias: string, { headers }: PredictOptions): ModelVersion | undefined {
    const record = this.#aliases.get(alias);
    if (record === undefined && alias !== "default") throw this.#unknownAlias(alias);
    this.#wake();
    const canary = record?.canary && goesToCanary(record.canary, headers) && this.#versions.get(record.canary.version);
    if (canary && canary.state !== "failed") return canary;
    return alias === "default" ? this.#defaultVersion() : this.requireVersion(record!.version);
  }

  #unknownAlias(alias: string): Error {
    return servingErrors.SERVING_UNKNOWN_ALIAS({ model: this.name, given: alias, known: Object.keys(this.aliases) });
  }

  #defaultVersion(): ModelVersion | undefined {
    const pinned = this.#aliases.get("default");
    return (pinned === undefined ? undefined : this.#versions.get(pinned.version)) ?? this.#followed.current;
  }

  #notReady(): Error {
    const reason = this.#versions.newestFirst[0]?.error;
    const trainable = this.handler?.options.train !== undefined;
    const isSourceLost = this.#options.isSourceLost();
    return servingErrors.SERVING_NOT_READY({ model: this.name, reason, trainable, isSourceLost });
  }

  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#followed.follow();
  }

  #makeVersion(source: VersionSource): ModelVersion {
    const demandServed = () => {
      if (!this.#served) throw servingErrors.SERVING_NOT_LOADED({ model: this.name });
    };
    const beside = () => this.#defaultVersion();
    const before = (version: ModelVersion) => this.#before(version);
    return new ModelVersion({ ...this.#options, model: this.name, source, beside, before, demandServed });
  }

  /**
   * The version in whose place another one comes: the same one with the files that it had, else what `default` names, or
   * what has answered last. What an alias names, or is older, comes in nobody's place.
   */
  #before(version: ModelVersion): ModelVersion | undefined {
    const same = this.#versions.get(version.version);
    if (same !== undefined && same !== version) return same;
    if (this.#aliases.versions().has(version.version)) return undefined;
    const named = this.#defaultVersion() ?? this.#older(version).find((each) => each.answers);
    return named && newestFirst(version.version, named.version) < 0 ? named : undefined;
  }

  /** Loads what a new version is held against, where nobody has asked for that yet; a version that does not load is passed over. */
  async #loadBefore(version: ModelVersion): Promise<ModelVersion | undefined> {
    const { warmUp, golden } = this.handler?.options ?? {};
    if (!this.handler || warmUp?.length || golden?.length || this.#aliases.versions().has(version.version)) return undefined;
    const known = this.#before(version) ?? this.#defaultVersion();
    if (known?.signature) return undefined;
    for (const each of known ? [known] : this.#older(version)) {
      const loaded = await each.load({ trial: true }).then(
        () => true,
        () => false,
      );
      if (loaded) return each;
    }
    return undefined;
  }

  #older({ version: name }: ModelVersion): ModelVersion[] {
    return this.#versions.newestFirst.filter(({ version }) => newestFirst(name, version) < 0);
  }

  /** Loading and unloading come from several callers at once; each is done before the next begins. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#operation.then(work);
    this.#operation = done.catch(() => {});
    return done;
  }

  async #loadDefault(): Promise<void> {
    for (const version of this.#versions.all()) version.forgive();
    this.#followed.follow();
    await this.settled();
    await this.#versions.settled();
    const [newest] = this.#versions.newestFirst;
    if (newest?.state === "failed") await newest.load();
    const named = this.#defaultVersion();
    if (named === undefined) throw this.#notReady();
    await named.load({ again: true });
  }

  async #unloadAll(): Promise<void> {
    this.#served = false;
    await this.settled();
    this.#followed.forget();
    await this.#versions.unload();
  }
}
