import { resolve } from "node:path";
import { AliasControl } from "../aliases/alias-control.ts";
import { type AliasStore, MemoryAliasStore } from "../aliases/alias-store.ts";
import { type AliasChange, type AliasTarget, versionsOf } from "../aliases/alias-target.ts";
import type { OnnxOptions } from "../backends/onnx/onnx-options.ts";
import { onnx } from "../backends/onnx/onnx-runtime.ts";
import { openTelemetry } from "../backends/opentelemetry/open-telemetry.ts";
import type { LimitDefaults } from "../engines/limits.ts";
import type { Tracer } from "../engines/trace-span.ts";
import { LARGE_BODY, type UnreadBody, type WrittenBody } from "../engines/unread-body.ts";
import { type Handler, isHandler, type PredictOptions } from "../handlers/handler.ts";
import { HostPool } from "../hosts/host-pool.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import { PayloadLog } from "../operations/payload-log.ts";
import type { PayloadSettings } from "../operations/payload-settings.ts";
import { DiskRepository } from "../repositories/disk-repository.ts";
import type { ModelRepository } from "../repositories/model-repository.ts";
import type { SourceSettings } from "../repositories/source-settings.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { setCurrentModelServer, unsetCurrentModelServer } from "./current.ts";
import type { LoadingOptions } from "./loading-options.ts";
import type { IndexEntry, ModelGlance, ModelInfo, VersionInfo } from "./model-info.ts";
import { ModelSet } from "./model-set.ts";
import { ModelSources } from "./model-sources.ts";
import type { ModelVersion } from "./model-version.ts";
import type { Prediction } from "./prediction.ts";
import type { PredictionObserver, PredictionTally } from "./prediction-event.ts";
import type { PredictionStream } from "./prediction-stream.ts";
import { Predictor } from "./predictor.ts";
import { RepositoryWatch } from "./repository-watch.ts";
import { type SignedVersion, signedVersion } from "./signed-version.ts";

export interface ModelServerOptions extends LoadingOptions, LimitDefaults {
  /** The handlers; what is not one is ignored, so that a whole module can be given. */
  handlers?: Iterable<unknown>;
  /** Folders of models: `<name>/<version>/model.onnx`. Versions of a handler's name join the handler's own. */
  directories?: readonly string[];
  /** Further folders of models, which may lie elsewhere: `s3://models`, `github:acme/models@main`, `https://…/digits.zip`. */
  repositories?: readonly string[] | undefined;
  /** How models come from elsewhere. */
  sources?: SourceSettings | undefined;
  /** Where relative sources start. */
  root?: string;
  aliases?: AliasStore;
  /** Who may ask models without a handler that says it. Default: `"permission"`. */
  access?: "public" | "permission";
  /** The processes in which models run. */
  hosts?: HostSettings | undefined;
  /** How ONNX models are run whose handlers name no runtime. */
  onnx?: OnnxOptions | undefined;
  log?: { info(message: string): void; warn(message: string): void };
  /** Which predictions are written down, and where. */
  payloads?: PayloadSettings | undefined;
  /** True to tell OpenTelemetry of every prediction. */
  tracing?: boolean | undefined;
}

/**
 * How it works: the server looks at its repositories several times a second (`RepositoryWatch`) and tells each model what
 * versions there are (`ModelSet`); a model loads and lets go of them (`ServedModel`). A prediction (`Predictor`) finds its
 * version, holds it loaded, and goes through the version's engine: checks, queue, batch, model host. An alias moves
 * (`AliasControl`) when what it is to name has been loaded.
 */
export class ModelServer {
  readonly hosts: HostPool;
  /** What writes predictions down, where any are. */
  readonly payloads: PayloadLog | undefined;
  /** What keeps predictions so that the right answers can be given to them; set by who does, for the metrics. */
  recorded: PredictionTally | undefined;
  readonly #options: ModelServerOptions;
  readonly #models: ModelSet;
  readonly #watch: RepositoryWatch;
  readonly #aliases: AliasControl;
  readonly #predictor = new Predictor((name) => this.#models.require(name));
  #draining = false;
  #tried = false;

  /** @throws SERVING_DUPLICATE_HANDLER, SERVING_UNKNOWN_SOURCE, SERVING_BAD_SOURCE, SERVING_SOURCE_NOT_ALLOWED */
  constructor(options: ModelServerOptions = {}) {
    this.#options = options;
    const root = resolve(options.root ?? ".");
    const warn = (message: string) => options.log?.warn(message);
    const poll = options.mode === "explicit" ? false : options.sources?.poll;
    const sources = new ModelSources({ ...options.sources, poll, root, warn });
    this.hosts = new HostPool({ ...options.hosts, warn });
    this.#models = new ModelSet({
      ...options,
      access: options.access ?? "permission",
      pool: this.hosts,
      forOnnx: onnx(options.onnx),
      root,
      isSourceLost: (model) => sources.isLost(model),
      isStopping: () => this.#draining,
      log: (line) => options.log?.info(line),
      warn,
    });
    this.#watch = new RepositoryWatch({
      aliases: options.aliases ?? new MemoryAliasStore(),
      polls: options.mode !== "explicit",
      warn,
      take: (found) => this.#models.takeVersions(found),
      takeAliases: (table) => this.#models.takeAliases(table),
    });
    this.#aliases = new AliasControl(this.#watch);
    if (options.payloads) this.payloads = this.#writeDown(options.payloads, root);
    for (const handler of options.handlers ?? []) if (isHandler(handler)) this.#addHandler(handler, sources);
    for (const directory of options.directories ?? []) this.addRepository(new DiskRepository(resolve(root, directory)));
    for (const source of options.repositories ?? []) this.addRepository(sources.open(source));
  }

  /**
   * Finds the models and begins to load them; requests wait for what is loading. With `needsSources` it fails where a source
   * elsewhere cannot be looked at, and nothing is known of it from an earlier start.
   * @throws SERVING_SOURCE_UNREACHED, SERVING_NO_GIT, KERNEL_MISSING_PACKAGE
   */
  async start(options: { needsSources?: boolean | undefined } = {}): Promise<void> {
    setCurrentModelServer(this);
    if (this.#options.tracing) this.traceWith(await openTelemetry());
    await this.#watch.start(options);
    this.#models.start();
    void this.settled().then(() => (this.#tried = true));
  }

  /** True from when every model that was there at the start had been loaded, or found not to load. */
  get tried(): boolean {
    return this.#tried;
  }

  /** True where one model that does not load keeps the server from being ready. */
  get strictReadiness(): boolean {
    return this.#options.strictReadiness === true;
  }

  /** Fulfilled when every model's newest version has been loaded, or found not to load. */
  async settled(): Promise<void> {
    await Promise.all(this.#models.all().map((model) => model.settled()));
  }

  /** True from `drain` on: the server is about to stop. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Says from now on, on every protocol, that the server is not ready, so that nobody sends more. What comes is answered. */
  drain(): void {
    this.#draining = true;
  }

  /** What has not ended yet, a line each: versions that are being loaded, or answer. */
  unfinished(): string[] {
    return this.#models.all().flatMap((model) => model.unfinished);
  }

  /** Finishes what is in flight and ends the model hosts. A load that a handler's own code does not end is left, and told. */
  async close(): Promise<void> {
    unsetCurrentModelServer(this);
    this.drain();
    try {
      await this.#watch.close();
      this.hosts.giveUpStarts();
      await this.#models.close();
    } finally {
      await this.hosts.close();
      await this.payloads?.close();
    }
  }

  /** Looks at the repositories now, so that what was just put there is known. */
  refresh(): Promise<void> {
    return this.#watch.refresh();
  }

  /** The sources elsewhere that are not reached now, as messages call them; they are tried again. */
  unreached(): string[] {
    return this.#watch.unreached();
  }

  /** Adds a place where versions come from; its models are found at the next look. */
  addRepository(repository: ModelRepository): void {
    this.#watch.add(repository);
  }

  /** The served models, by name. */
  list(): ModelInfo[] {
    const models = this.#models.all().map((model) => model.info());
    return models.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The little of a model that a prediction needs. @throws SERVING_UNKNOWN_MODEL */
  glance(name: string): ModelGlance {
    return this.#models.require(name);
  }

  /** @throws SERVING_UNKNOWN_MODEL */
  describe(name: string): ModelInfo {
    return this.#models.require(name).info();
  }

  /** A model's versions, newest first. @throws SERVING_UNKNOWN_MODEL */
  versions(name: string): VersionInfo[] {
    const model = this.#models.require(name);
    return model.versions.map((version) => model.requireVersion(version).info());
  }

  /** One version of a model. @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION */
  describeVersion(name: string, version: string): VersionInfo {
    return this.#models.require(name).requireVersion(version).info();
  }

  /** A version itself: without a number, the one that `default` names, else the newest. @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION */
  find(name: string, version?: string): ModelVersion {
    const model = this.#models.require(name);
    return model.requireVersion(version ?? model.aliases["default"] ?? model.versions[0] ?? "1");
  }

  /** Every version that the repositories have, loaded or not, by name and number. */
  async index(): Promise<IndexEntry[]> {
    if (this.#options.mode === "explicit") await this.refresh();
    return this.list().flatMap(({ name }) => {
      const versions = this.versions(name).toReversed();
      return versions.map(({ version, state, error }) => ({ name, version, state, ...(error === undefined ? {} : { error }) }));
    });
  }

  /** What a version takes and gives; undefined for a handler without tensors. Loads the version. */
  async signature(name: string, options?: PredictOptions): Promise<SignedVersion> {
    const signed = await signedVersion(this.#models.require(name), options);
    // Observers are shown what is not large.
    return this.#predictor.log.observed ? { ...signed, readsFrom: LARGE_BODY } : signed;
  }

  /** Answers items in their order, all by one version. */
  predict(name: string, items: readonly unknown[], options?: PredictOptions): Promise<Prediction<unknown>> {
    return this.#predictor.predict(name, items, options);
  }

  /** Answers tensors with tensors, below the handler. The caller has held them against the signature. */
  infer(name: string, inputs: Tensors, options?: PredictOptions): Promise<Prediction<Tensors>> {
    return this.#predictor.infer(name, inputs, options);
  }

  /**
   * Answers a body unread: it is parsed where the model runs, and so is the answer written. Only for the forms that
   * `signature` names for the version; observers are not shown what it holds.
   */
  answerBody(name: string, body: UnreadBody, options?: PredictOptions): Promise<Prediction<WrittenBody>> {
    return this.#predictor.answerBody(name, body, options);
  }

  /**
   * Answers one item piece by piece. Fulfilled when the first piece is there; a model that answers whole gives one piece.
   * Who stops reading ends the work; who does not begin to read holds one of the model's places until `signal` is aborted.
   *
   * ```ts
   * for await (const piece of await server.stream("story", { text: "Once" })) write(piece);
   * ```
   */
  stream(name: string, item: unknown, options?: PredictOptions): Promise<PredictionStream> {
    return this.#predictor.stream(name, item, options);
  }

  /** Tells an observer of every request from now on; the function that it gives ends that. */
  observe(observer: PredictionObserver): () => void {
    return this.#predictor.log.add(observer);
  }

  /**
   * Follows every request from now on: what it waits for and what it runs, in the processes of models and in engines elsewhere too.
   *
   * ```ts
   * server.traceWith(await openTelemetry());
   * ```
   */
  traceWith(tracer: Tracer): void {
    this.#predictor.tracer = tracer;
  }

  /** The whole seconds after which a model whose queue is full is likely to have room. */
  retryAfter(name: string): number {
    return this.#models.get(name)?.retryAfter ?? 1;
  }

  /**
   * Loads a model: its newest version, or a certain one, after a look at the repositories. In explicit mode it answers from
   * then on. What is loaded already and has not changed stays as it is; what failed before is tried again.
   *
   * ```ts
   * await server.load("digits");
   * ```
   * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION, SERVING_NOT_READY, SERVING_VERSION_FAILED
   */
  async load(name: string, { version }: { version?: string | undefined } = {}): Promise<void> {
    await this.#watch.refreshSources(name);
    await this.#look(name);
    await this.#models.require(name).load(version);
  }

  /**
   * Lets a model go, or one version of it; fulfilled when what was in flight has been answered. A model answers nothing
   * until it is loaded again, a version until it is asked for.
   * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION
   */
  unload(name: string, { version }: { version?: string | undefined } = {}): Promise<void> {
    return this.#models.require(name).unload(version);
  }

  /** Finds a version that was just put in place, and loads it to see that it does. @throws as `load` */
  async tryVersion(name: string, version: string): Promise<void> {
    await this.#look(name);
    await this.#models.require(name).tryVersion(version);
  }

  /**
   * Points an alias at a version, gives it a canary or a shadow: all are loaded first. When one does not load, the alias
   * stays as it is. What the change leaves out is taken away, but for the version, which stays.
   *
   * ```ts
   * await server.setAlias("digits", "default", { version: "3", canary: { version: "4", percent: 5, key: "x-user" } });
   * ```
   * @throws SERVING_BAD_ALIAS, SERVING_BAD_INPUT, SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION, SERVING_VERSION_FAILED
   */
  async setAlias(name: string, alias: string, change: AliasChange): Promise<AliasTarget> {
    const known = this.#models.get(name)?.versions ?? [];
    if (versionsOf(change).some((version) => !known.includes(version))) await this.#look(name);
    return this.#aliases.set(this.#models.require(name), alias, change);
  }

  /**
   * Takes an alias back in one call: ends its canary if it has one, else points it at the version that it named before.
   * An unpinned `default` is pinned to the version below the newest. Gives what the alias names then.
   * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_ALIAS, SERVING_NO_EARLIER_VERSION, SERVING_VERSION_FAILED
   */
  async rollBack(name: string, alias = "default"): Promise<AliasTarget> {
    return this.#aliases.rollBack(this.#models.require(name), alias);
  }

  /** What `rollBack` would have an alias name; undefined where there is no way back. @throws SERVING_UNKNOWN_MODEL */
  earlierTarget(name: string, alias = "default"): AliasTarget | undefined {
    return this.#models.require(name).findEarlier(alias);
  }

  /** Removes an alias; `default` then follows the newest ready version again. @throws SERVING_UNKNOWN_MODEL */
  async removeAlias(name: string, alias: string): Promise<void> {
    await this.#aliases.remove(this.#models.require(name), alias);
  }

  /** Looks at the repositories for a model that is wanted now. */
  #look(name: string): Promise<void> {
    return this.#models.whileWanted(name, () => this.refresh());
  }

  #addHandler(handler: Handler, sources: ModelSources): void {
    this.#models.addHandler(handler);
    const repository = sources.ofHandler(handler);
    if (repository) this.addRepository(repository);
  }

  #writeDown(settings: PayloadSettings, root: string): PayloadLog {
    const log = new PayloadLog(settings, { root, warn: (message) => this.#options.log?.warn(message) });
    this.observe((event) => log.take(event));
    return log;
  }
}
