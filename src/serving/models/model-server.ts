import { resolve } from "node:path";
import type { OnnxOptions } from "../backends/onnx/onnx-options.ts";
import { onnx } from "../backends/onnx/onnx-runtime.ts";
import type { Runtime } from "../engines/runtime.ts";
import { servingErrors } from "../errors.ts";
import { type Handler, isHandler, type PredictOptions } from "../handlers/handler.ts";
import { HostPool } from "../hosts/host-pool.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import type { Answer } from "../queue/work-queue.ts";
import { type AliasStore, type AliasTable, MemoryAliasStore } from "../aliases/alias-store.ts";
import type { AliasChange, AliasTarget } from "../aliases/alias-target.ts";
import { CodeRepository } from "../repositories/code-repository.ts";
import { DiskRepository } from "../repositories/disk-repository.ts";
import type { ModelRepository, VersionSource } from "../repositories/model-repository.ts";
import { openSource } from "../repositories/open-source.ts";
import type { SourceSettings } from "../repositories/source-settings.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { AliasControl } from "../aliases/alias-control.ts";
import { openTelemetry } from "../backends/opentelemetry/open-telemetry.ts";
import { PayloadLog } from "../operations/payload-log.ts";
import type { PayloadSettings } from "../operations/payload-settings.ts";
import { setCurrentModelServer, unsetCurrentModelServer } from "./current.ts";
import type { Engine } from "../engines/engine.ts";
import type { Tracer } from "../engines/trace-span.ts";
import type { BodyForm, UnreadBody, WrittenBody } from "../engines/unread-body.ts";
import type { LoadingOptions } from "./loading-options.ts";
import { MemoryBudget } from "./memory-budget.ts";
import type { IndexEntry, ModelGlance, ModelInfo, VersionInfo } from "./model-info.ts";
import { noteFailure } from "./failed-by.ts";
import { indexEntry } from "./index-entry.ts";
import type { ModelVersion } from "./model-version.ts";
import type { PredictionEvent, PredictionObserver } from "./prediction-event.ts";
import { PredictionLog } from "./prediction-log.ts";
import { openStream, type PredictionStream } from "./prediction-stream.ts";
import { RepositoryWatch } from "./repository-watch.ts";
import { ServedModel } from "./served-model.ts";
import { traced, tracedStream } from "./traced.ts";
import { VersionRetired } from "./version-retired.ts";

export interface ModelServerOptions extends LoadingOptions {
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

/** What a prediction gave, and which version gave it. Times are milliseconds. */
export interface Prediction<T> {
  outputs: T[];
  model: string;
  version: string;
  queued: number;
  ran: number;
  /** How many rows ran together with it, itself included; 0 where nothing ran. */
  batch: number;
  /** True where all of it came from the response cache. */
  cached: boolean;
}

/**
 * How it works: the server looks at its repositories several times a second and tells each model what versions there
 * are; a model loads and lets go of them (`ServedModel`). A prediction finds its version, holds it loaded, and goes
 * through the version's engine: checks, queue, batch, model host.
 */
export class ModelServer {
  readonly hosts: HostPool;
  /** What writes predictions down, where any are. */
  readonly payloads: PayloadLog | undefined;
  readonly #models = new Map<string, ServedModel>();
  readonly #options: ModelServerOptions;
  readonly #budget: MemoryBudget;
  readonly #forOnnx: Runtime;
  readonly #watch: RepositoryWatch;
  readonly #aliases: AliasControl;
  /** Where the versions of handlers come from that name a source. */
  readonly #sources = new Map<string, ModelRepository>();
  /** What is to be loaded explicitly at this moment. */
  readonly #wanted = new Set<string>();
  /** What the aliases' store said last; undefined until it has said something. */
  #knownAliases: AliasTable | undefined;
  #started = false;
  #draining = false;
  readonly #requests = new PredictionLog();
  readonly #root: string;
  /** Undefined where nobody traces: then requests carry nothing for it. */
  #tracer: Tracer | undefined;

  /** @throws SERVING_DUPLICATE_HANDLER, SERVING_UNKNOWN_SOURCE, SERVING_BAD_SOURCE, SERVING_SOURCE_NOT_ALLOWED */
  constructor(options: ModelServerOptions = {}) {
    this.#options = options;
    this.hosts = new HostPool({ ...options.hosts, warn: (message) => options.log?.warn(message) });
    this.#forOnnx = onnx(options.onnx);
    this.#budget = new MemoryBudget(options.memory);
    this.#watch = new RepositoryWatch({
      aliases: options.aliases ?? new MemoryAliasStore(),
      polls: options.mode !== "explicit",
      warn: (message) => options.log?.warn(message),
      take: (found) => this.#take(found),
      takeAliases: (table) => this.#takeAliases(table),
    });
    this.#aliases = new AliasControl(this.#watch);
    const root = (this.#root = resolve(options.root ?? "."));
    if (options.payloads) this.payloads = this.#writeDown(options.payloads);
    for (const handler of options.handlers ?? []) if (isHandler(handler)) this.#addHandler(handler, root);
    for (const directory of options.directories ?? []) this.addRepository(new DiskRepository(resolve(root, directory)));
    for (const source of options.repositories ?? []) this.#addSource(source);
  }

  /** Finds the models and begins to load them; requests wait for what is loading. */
  async start(): Promise<void> {
    setCurrentModelServer(this);
    if (this.#options.tracing) this.traceWith(await openTelemetry());
    await this.#watch.start();
    this.#started = true;
  }

  /** Fulfilled when every model's newest version has been loaded, or found not to load. */
  async settled(): Promise<void> {
    await Promise.all([...this.#models.values()].map((model) => model.settled()));
  }

  /** True from `drain` on: the server is about to stop. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Says from now on, on every protocol, that the server is not ready, so that nobody sends more. What comes is answered. */
  drain(): void {
    this.#draining = true;
  }

  /** Finishes what is in flight and ends the model hosts. */
  async close(): Promise<void> {
    unsetCurrentModelServer(this);
    try {
      await this.#watch.close();
      await Promise.all([...this.#models.values()].map((model) => model.close()));
    } finally {
      await this.hosts.close();
      await this.payloads?.close();
    }
  }

  /** Looks at the repositories now, so that what was just put there is known. */
  refresh(): Promise<void> {
    return this.#watch.refresh();
  }

  /** Adds a place where versions come from; its models are found at the next look. */
  addRepository(repository: ModelRepository): void {
    this.#watch.add(repository);
  }

  /** The served models, by name. */
  list(): ModelInfo[] {
    return [...this.#models.values()].map((model) => model.info()).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The little of a model that a prediction needs. @throws SERVING_UNKNOWN_MODEL */
  glance(name: string): ModelGlance {
    return this.#require(name);
  }

  /** @throws SERVING_UNKNOWN_MODEL */
  describe(name: string): ModelInfo {
    return this.#require(name).info();
  }

  /** A model's versions, newest first. @throws SERVING_UNKNOWN_MODEL */
  versions(name: string): VersionInfo[] {
    const model = this.#require(name);
    return model.versions.map((version) => model.requireVersion(version).info());
  }

  /** One version of a model. @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION */
  describeVersion(name: string, version: string): VersionInfo {
    return this.#require(name).requireVersion(version).info();
  }

  /** A version itself: without a number, the one that `default` names, else the newest. @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION */
  find(name: string, version?: string): ModelVersion {
    const model = this.#require(name);
    return model.requireVersion(version ?? model.aliases["default"] ?? model.versions[0] ?? "1");
  }

  /** What a version takes and gives; undefined for a handler without tensors. Loads the version. */
  async signature(name: string, options?: PredictOptions): Promise<SignedVersion> {
    const model = this.#require(name);
    const version = await model.resolve(options);
    try {
      const engine = await version.use(async (loaded) => loaded, undefined);
      const { signature, reads = [] } = engine;
      // What is compared or recorded has to be seen here.
      const isSeen = model.hasShadow || Boolean(model.handler?.options.record);
      return {
        version: version.version,
        signature,
        infers: engine.infer !== undefined,
        streams: engine.stream !== undefined,
        reads: isSeen ? [] : reads,
      };
    } catch (error) {
      if (error instanceof VersionRetired) return this.signature(name, options);
      throw error;
    }
  }

  /** Answers items in their order, all by one version. */
  predict(name: string, items: readonly unknown[], options?: PredictOptions): Promise<Prediction<unknown>> {
    return this.#ask({ name, inputs: items, options }, (engine, ask) => engine.answer(items, ask));
  }

  /** Answers tensors with tensors, below the handler. The caller has held them against the signature. */
  infer(name: string, inputs: Tensors, options?: PredictOptions): Promise<Prediction<Tensors>> {
    return this.#ask({ name, inputs, options }, async (engine, ask) => {
      if (engine.infer === undefined)
        throw servingErrors.SERVING_BAD_INPUT({ where: `The model "${name}"`, problem: "takes items, not tensors" });
      return [await engine.infer(inputs, ask)];
    });
  }

  /**
   * Answers a body unread: it is parsed where the model runs, and so is the answer written. Only for the forms that
   * `signature` names for the version; observers are not shown what it holds.
   */
  answerBody(name: string, body: UnreadBody, options?: PredictOptions): Promise<Prediction<WrittenBody>> {
    return this.#ask({ name, inputs: [], options, unread: true }, async (engine, ask) => [await engine.answerBody!(body, ask)]);
  }

  /** The whole seconds after which a model whose queue is full is likely to have room. */
  retryAfter(name: string): number {
    const model = this.#models.get(name);
    const loaded = model?.versions.map((version) => model.requireVersion(version).engine?.retryAfter ?? 1) ?? [];
    return Math.max(1, ...loaded);
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
    await this.#refreshModel(name);
    await this.#require(name).load(version);
  }

  /**
   * Lets a model go, or one version of it; fulfilled when what was in flight has been answered. A model answers nothing
   * until it is loaded again, a version until it is asked for.
   * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION
   */
  unload(name: string, { version }: { version?: string | undefined } = {}): Promise<void> {
    return this.#require(name).unload(version);
  }

  /** Finds a version that was just put in place, and loads it to see that it does. @throws as `load` */
  async tryVersion(name: string, version: string): Promise<void> {
    await this.#refreshModel(name);
    await this.#require(name).tryVersion(version);
  }

  /** Every version that the repositories have, loaded or not, by name and number. */
  async index(): Promise<IndexEntry[]> {
    if (this.#options.mode === "explicit") await this.refresh();
    return this.list().flatMap(({ name }) =>
      this.versions(name)
        .toReversed()
        .map((version) => indexEntry(name, version)),
    );
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
    const named = [change.version, change.canary?.version, change.shadow?.version];
    if (!named.every((version) => version === undefined || known.includes(version))) await this.#refreshModel(name);
    return this.#aliases.set(this.#require(name), alias, change);
  }

  /**
   * Takes an alias back in one call: ends its canary if it has one, else points it at the version that it named before.
   * An unpinned `default` is pinned to the version below the newest. Gives what the alias names then.
   * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_ALIAS, SERVING_NO_EARLIER_VERSION, SERVING_VERSION_FAILED
   */
  async rollBack(name: string, alias = "default"): Promise<AliasTarget> {
    return this.#aliases.rollBack(this.#require(name), alias);
  }

  /** What `rollBack` would have an alias name; undefined where there is no way back. @throws SERVING_UNKNOWN_MODEL */
  earlierTarget(name: string, alias = "default"): AliasTarget | undefined {
    return this.#require(name).findEarlier(alias);
  }

  /** Removes an alias; `default` then follows the newest ready version again. @throws SERVING_UNKNOWN_MODEL */
  async removeAlias(name: string, alias: string): Promise<void> {
    await this.#aliases.remove(this.#require(name), alias);
  }

  /**
   * Answers one item piece by piece. Fulfilled when the first piece is there; a model that answers whole gives one piece.
   * Who stops reading ends the work.
   *
   * ```ts
   * for await (const piece of await server.stream("story", { text: "Once" })) write(piece);
   * ```
   */
  stream(name: string, item: unknown, options: PredictOptions = {}): Promise<PredictionStream> {
    if (this.#tracer === undefined) return this.#stream(name, item, options);
    return tracedStream(this.#tracer, { name, options }, (asked) => this.#stream(name, item, asked));
  }

  async #stream(name: string, item: unknown, options: PredictOptions): Promise<PredictionStream> {
    const version = await this.#require(name).resolve(options);
    try {
      return await openStream({ model: name, version, item, options, log: this.#requests });
    } catch (error) {
      if (error instanceof VersionRetired) return this.#stream(name, item, options);
      throw error;
    }
  }

  /** Tells an observer of every request from now on; the function that it gives ends that. */
  observe(observer: PredictionObserver): () => void {
    return this.#requests.add(observer);
  }

  /**
   * Follows every request from now on: what it waits for and what it runs, in the processes of models and in engines elsewhere too.
   *
   * ```ts
   * server.traceWith(await openTelemetry());
   * ```
   */
  traceWith(tracer: Tracer): void {
    this.#tracer = tracer;
  }

  #ask<T>(question: Question, work: Work<T>): Promise<Prediction<T>> {
    if (this.#tracer === undefined) return this.#answer(question, work);
    const { name, options } = question;
    return traced(this.#tracer, { name, options }, (asked) => this.#answer({ ...question, options: asked }, work));
  }

  async #answer<T>(question: Question, work: Work<T>): Promise<Prediction<T>> {
    const { name, inputs, options = {} } = question;
    const started = performance.now();
    const model = this.#require(name);
    const version = model.find(options) ?? (await model.resolve(options));
    const event = { model: name, version: version.version, inputs, options, streamed: false, unread: question.unread };
    try {
      const answers = await version.use(work, options);
      const prediction = predictionOf(answers, event);
      version.statistics.answered(performance.now() - started);
      version.statistics.add("queue", prediction.queued);
      if (!prediction.cached) version.statistics.add("computeInfer", prediction.ran);
      if (this.#requests.observed)
        this.#requests.tell({ ...event, ...prediction, ...(question.unread && { outputs: [] }) }, started);
      if (model.hasShadow) model.shadow({ inputs, outputs: prediction.outputs, options });
      return prediction;
    } catch (error) {
      if (error instanceof VersionRetired) return this.#answer(question, work);
      const milliseconds = performance.now() - started;
      version.statistics.failed(error, milliseconds);
      noteFailure(error, { model: name, version: version.version, milliseconds });
      this.#requests.tell({ ...event, outputs: [], queued: 0, ran: 0, batch: 0, cached: false, error }, started);
      throw error;
    }
  }

  #writeDown(settings: PayloadSettings): PayloadLog {
    const log = new PayloadLog(settings, { root: this.#root, warn: (message) => this.#options.log?.warn(message) });
    this.observe((event) => log.take(event));
    return log;
  }

  #require(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model) return model;
    throw servingErrors.SERVING_UNKNOWN_MODEL({ given: name, known: [...this.#models.keys()] });
  }

  #addHandler(handler: Handler, root: string): void {
    if (this.#models.has(handler.name)) throw servingErrors.SERVING_DUPLICATE_HANDLER({ name: handler.name });
    this.#addModel(handler.name, handler);
    const { source, train } = handler.options;
    if (source !== undefined) this.#addSource(source, handler.name);
    else if (train === undefined) this.addRepository(new CodeRepository(handler.name, root));
  }

  #addModel(name: string, handler: Handler | undefined): ServedModel {
    const model = new ServedModel({
      name,
      handler,
      access: this.#options.access ?? "permission",
      pool: this.hosts,
      budget: this.#budget,
      forOnnx: this.#forOnnx,
      versions: this.#options.versions ?? "all",
      eager: this.#options.loading !== "lazy",
      served: this.#isLoadedAtStart(name),
      root: this.#root,
      isSourceLost: () => this.#sources.get(name)?.problem?.() !== undefined,
      log: (line) => this.#options.log?.info(line),
      warn: (message) => this.#options.log?.warn(message),
    });
    this.#models.set(name, model);
    return model;
  }

  #addSource(source: string, model?: string): void {
    const { sources, mode, log } = this.#options;
    const poll = mode === "explicit" ? false : sources?.poll;
    const warn = (message: string) => log?.warn(message);
    const repository = openSource(source, { ...sources, poll, model, root: this.#root, warn });
    if (model !== undefined) this.#sources.set(model, repository);
    this.addRepository(repository);
  }

  #isLoadedAtStart(name: string): boolean {
    const { mode, load = [] } = this.#options;
    return mode !== "explicit" || load.includes("*") || load.includes(name);
  }

  /** Looks at the repositories for a model that is wanted now. */
  async #refreshModel(name: string): Promise<void> {
    this.#wanted.add(name);
    try {
      await this.refresh();
    } finally {
      this.#wanted.delete(name);
    }
  }

  async #take(found: ReadonlyMap<string, VersionSource[]>): Promise<void> {
    for (const name of new Set([...this.#models.keys(), ...found.keys()])) {
      const sources = await Promise.all((found.get(name) ?? []).map((source) => this.#withRuntime(name, source)));
      this.#update(name, sources);
    }
  }

  /** A version is another one when what its runtime runs has changed, too. */
  async #withRuntime(name: string, source: VersionSource): Promise<VersionSource> {
    const runtime = this.#models.get(name)?.handler?.options.runtime;
    if (runtime?.fingerprint === undefined) return source;
    return { ...source, fingerprint: `${source.fingerprint} ${await runtime.fingerprint(this.#root)}` };
  }

  #update(name: string, sources: VersionSource[]): void {
    const known = this.#models.get(name);
    if (known === undefined && sources.length === 0) return;
    const model = known ?? this.#addModel(name, undefined);
    if (known === undefined && this.#knownAliases) model.updateAliases(aliasesOf(this.#knownAliases, name));
    // Explicitly loaded models change when they are loaded again, and only then.
    if (this.#started && this.#options.mode === "explicit" && known?.served && !this.#wanted.has(name)) return;
    model.update(sources);
    // A model that only its folder declared is gone with its folder.
    if (sources.length === 0 && model.handler === undefined) this.#models.delete(name);
  }

  #takeAliases(table: AliasTable): void {
    this.#knownAliases = table;
    for (const [name, model] of this.#models) model.updateAliases(aliasesOf(table, name));
  }
}

function aliasesOf(table: AliasTable, model: string): AliasTable[string] {
  return Object.hasOwn(table, model) ? table[model]! : {};
}

/** The version that answers, what it takes and gives, and which bodies it answers unread. */
export interface SignedVersion {
  version: string;
  signature: Signature | undefined;
  /** False for one that answers items alone, which a signature may check. */
  infers: boolean;
  /** True for one that answers piece by piece. */
  streams: boolean;
  reads: readonly BodyForm[];
}

type Work<T> = (engine: Engine, ask: PredictOptions) => Promise<Answer<T>[]>;

interface Question {
  name: string;
  inputs: PredictionEvent["inputs"];
  /** True where neither the inputs nor the outputs are seen here. */
  unread?: boolean;
  options: PredictOptions | undefined;
}

/** The answers of one request as one: it waited and ran as long as the longest of them. */
function predictionOf<T>(answers: readonly Answer<T>[], { model, version }: { model: string; version: string }): Prediction<T> {
  const outputs: T[] = [];
  let [queued, ran, batch, cached] = [0, 0, 0, answers.length > 0];
  for (let i = 0; i < answers.length; i++) {
    const answer = answers[i]!;
    outputs.push(answer.result);
    queued = Math.max(queued, answer.queued);
    ran = Math.max(ran, answer.ran);
    batch = Math.max(batch, answer.batch);
    cached &&= answer.cached;
  }
  return { outputs, model, version, queued, ran, batch, cached };
}
