import { resolve } from "node:path";
import { servingErrors } from "../errors.ts";
import { type Handler, isHandler, type PredictOptions } from "../handlers/handler.ts";
import { HostPool } from "../hosts/host-pool.ts";
import type { Answer } from "../queue/batcher.ts";
import { type AliasStore, type AliasTable, MemoryAliasStore } from "../repositories/alias-store.ts";
import { CodeRepository } from "../repositories/code-repository.ts";
import { DiskRepository, SourceRepository } from "../repositories/disk-repository.ts";
import type { ModelRepository, VersionSource } from "../repositories/model-repository.ts";
import { isAliasName } from "../repositories/names.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { setCurrentModelServer, unsetCurrentModelServer } from "./current.ts";
import type { Engine } from "../engines/engine.ts";
import type { ModelInfo, VersionInfo } from "./model-info.ts";
import type { PredictionEvent, PredictionObserver } from "./prediction-event.ts";
import { PredictionLog } from "./prediction-log.ts";
import { openStream, type PredictionStream } from "./prediction-stream.ts";
import { ServedModel } from "./served-model.ts";

/** Milliseconds between two looks at the repositories. */
const LOOK_EVERY = 250;
/** Milliseconds between the first two looks, so that folders that stand still are served at once. */
const FIRST_LOOKS = 40;

export interface ModelServerOptions {
  /** The handlers; what is not one is ignored, so that a whole module can be given. */
  handlers?: Iterable<unknown>;
  /** Folders of models: `<name>/<version>/model.onnx`. Versions of a handler's name join the handler's own. */
  directories?: readonly string[];
  /** Where relative sources start. */
  root?: string;
  aliases?: AliasStore;
  /** Who may ask models without a handler that says it. Default: `"permission"`. */
  access?: "public" | "permission";
  log?: { info(message: string): void; warn(message: string): void };
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
  readonly hosts = new HostPool();
  readonly #models = new Map<string, ServedModel>();
  readonly #repositories: ModelRepository[] = [];
  readonly #requests = new PredictionLog();
  readonly #aliases: AliasStore;
  readonly #access: "public" | "permission";
  readonly #warn: (message: string) => void;
  #complaint = "";
  #knownAliases: AliasTable = {};
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #closed = false;

  /** @throws SERVING_DUPLICATE_HANDLER, SERVING_UNKNOWN_SOURCE */
  constructor(options: ModelServerOptions = {}) {
    this.#aliases = options.aliases ?? new MemoryAliasStore();
    this.#access = options.access ?? "permission";
    this.#warn = (message) => options.log?.warn(message);
    const root = resolve(options.root ?? ".");
    for (const handler of options.handlers ?? []) if (isHandler(handler)) this.#addHandler(handler, root);
    for (const directory of options.directories ?? []) this.addRepository(new DiskRepository(resolve(root, directory)));
  }

  /** Finds the models and begins to load them; requests wait for what is loading. */
  async start(): Promise<void> {
    setCurrentModelServer(this);
    await this.refresh();
    await new Promise((done) => setTimeout(done, FIRST_LOOKS));
    await this.refresh();
    this.#planLook();
  }

  /** Fulfilled when every model's newest version has been loaded, or found not to load. */
  async settled(): Promise<void> {
    await Promise.all([...this.#models.values()].map((model) => model.settled()));
  }

  /** Finishes what is in flight and ends the model hosts. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    unsetCurrentModelServer(this);
    await this.#looking;
    await Promise.all([...this.#models.values()].map((model) => model.close()));
    await this.hosts.close();
  }

  /** Looks at the repositories now, so that what was just put there is known. */
  async refresh(): Promise<void> {
    while (this.#looking) await this.#looking;
    this.#looking = this.#look().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  /** Adds a place where versions come from; its models are found at the next look. */
  addRepository(repository: ModelRepository): void {
    this.#repositories.push(repository);
  }

  /** The served models, by name. */
  list(): ModelInfo[] {
    return [...this.#models.values()].map((model) => model.info()).sort((a, b) => (a.name < b.name ? -1 : 1));
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

  /** What a version takes and gives; undefined for a handler without tensors. Loads the version. */
  async signature(name: string, options?: PredictOptions): Promise<{ version: string; signature: Signature | undefined }> {
    const version = await this.#require(name).resolve(options);
    return { version: version.version, signature: await version.use(async (engine) => engine.signature) };
  }

  /** Answers items in their order, all by one version. */
  predict(name: string, items: readonly unknown[], options?: PredictOptions): Promise<Prediction<unknown>> {
    return this.#ask({ name, inputs: items, options }, (engine) => engine.answer(items, options));
  }

  /** Answers tensors with tensors, below the handler. The caller has held them against the signature. */
  infer(name: string, inputs: Tensors, options?: PredictOptions): Promise<Prediction<Tensors>> {
    return this.#ask({ name, inputs, options }, async (engine) => {
      if (engine.infer === undefined)
        throw servingErrors.SERVING_BAD_INPUT({ where: `The model "${name}"`, problem: "takes items, not tensors" });
      return [await engine.infer(inputs, options)];
    });
  }

  /** The whole seconds after which a model whose queue is full is likely to have room. */
  retryAfter(name: string): number {
    const model = this.#models.get(name);
    const loaded = model?.versions.map((version) => model.requireVersion(version).engine?.retryAfter ?? 1) ?? [];
    return Math.max(1, ...loaded);
  }

  /**
   * Points an alias at a version, which is loaded first: when it does not load, the alias stays where it is.
   * @throws SERVING_BAD_ALIAS, SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION, SERVING_VERSION_FAILED
   */
  async setAlias(name: string, alias: string, version: string): Promise<void> {
    if (!isAliasName(alias)) throw servingErrors.SERVING_BAD_ALIAS({ given: alias });
    if (!this.#models.get(name)?.versions.includes(version)) await this.refresh();
    await this.#require(name).pointAlias(alias, version);
    await this.#aliases.write(name, alias, version);
  }

  /** Removes an alias; `default` then follows the newest ready version again. @throws SERVING_UNKNOWN_MODEL */
  async removeAlias(name: string, alias: string): Promise<void> {
    const model = this.#require(name);
    await this.#aliases.write(name, alias, null);
    model.dropAlias(alias);
  }

  /**
   * Answers one item piece by piece. Fulfilled when the first piece is there; a model that answers whole gives one piece.
   * Who stops reading ends the work.
   *
   * ```ts
   * for await (const piece of await server.stream("story", { text: "Once" })) write(piece);
   * ```
   */
  async stream(name: string, item: unknown, options: PredictOptions = {}): Promise<PredictionStream> {
    const version = await this.#require(name).resolve(options);
    return openStream({ model: name, version, item, options, log: this.#requests });
  }

  /** Tells an observer of every request from now on; the function that it gives ends that. */
  observe(observer: PredictionObserver): () => void {
    return this.#requests.add(observer);
  }

  async #ask<T>(question: Question, work: (engine: Engine) => Promise<Answer<T>[]>): Promise<Prediction<T>> {
    const { name, inputs, options = {} } = question;
    const started = performance.now();
    const version = await this.#require(name).resolve(options);
    const event = { model: name, version: version.version, inputs, options, streamed: false };
    try {
      const answers = await version.use(work);
      const prediction = predictionOf(answers, event);
      version.statistics.answered(performance.now() - started);
      version.statistics.add("queue", prediction.queued);
      if (!prediction.cached) version.statistics.add("computeInfer", prediction.ran);
      if (this.#requests.observed) this.#requests.tell({ ...event, ...prediction }, started);
      return prediction;
    } catch (error) {
      version.statistics.failed(error, performance.now() - started);
      this.#requests.tell({ ...event, outputs: [], queued: 0, ran: 0, batch: 0, cached: false, error }, started);
      throw error;
    }
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
    if (source !== undefined) this.addRepository(new SourceRepository(handler.name, sourcePath(source, handler.name, root)));
    else if (train === undefined) this.addRepository(new CodeRepository(handler.name, root));
  }

  #addModel(name: string, handler: Handler | undefined): ServedModel {
    const model = new ServedModel({ name, handler, access: this.#access, pool: this.hosts, warn: this.#warn });
    this.#models.set(name, model);
    return model;
  }

  async #look(): Promise<void> {
    const found = new Map<string, VersionSource[]>();
    const names = new Set(this.#models.keys());
    for (const repository of this.#repositories) for (const name of await repository.list()) names.add(name);
    for (const name of names) {
      const byVersion = new Map<string, VersionSource>();
      for (const repository of this.#repositories) {
        for (const source of await repository.versions(name))
          if (!byVersion.has(source.version)) byVersion.set(source.version, source);
      }
      found.set(name, [...byVersion.values()]);
    }
    const aliases = await this.#readAliases();
    if (!this.#closed) for (const [name, sources] of found) this.#update(name, sources, aliases[name] ?? {});
  }

  /** What the store says, or said last: it may be a database that is not reached, or has no tables yet. */
  async #readAliases(): Promise<AliasTable> {
    try {
      this.#knownAliases = await this.#aliases.read();
      this.#complaint = "";
    } catch (error) {
      this.#complainOnce(`The aliases could not be read: ${(error as Error).message}`);
    }
    return this.#knownAliases;
  }

  #update(name: string, sources: VersionSource[], aliases: Record<string, string>): void {
    const known = this.#models.get(name);
    if (known === undefined && sources.length === 0) return;
    const model = known ?? this.#addModel(name, undefined);
    model.update(sources);
    model.updateAliases(aliases);
    // A model that only its folder declared is gone with its folder.
    if (sources.length === 0 && model.handler === undefined) this.#models.delete(name);
  }

  /** Looks come several times a second; what is wrong with them is told when it changes. */
  #complainOnce(message: string): void {
    if (message !== this.#complaint) this.#warn(message);
    this.#complaint = message;
  }

  #planLook(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      const complain = (error: Error) => this.#complainOnce(`The models could not be looked at: ${error.message}`);
      void this.refresh()
        .catch(complain)
        .finally(() => this.#planLook());
    }, LOOK_EVERY).unref();
  }
}

interface Question {
  name: string;
  inputs: PredictionEvent["inputs"];
  options: PredictOptions | undefined;
}

/** The answers of one request as one: it waited and ran as long as the longest of them. */
function predictionOf<T>(answers: readonly Answer<T>[], { model, version }: { model: string; version: string }): Prediction<T> {
  const outputs: T[] = [];
  let [queued, ran, batch, cached] = [0, 0, 0, answers.length > 0];
  for (const answer of answers) {
    outputs.push(answer.result);
    queued = Math.max(queued, answer.queued);
    ran = Math.max(ran, answer.ran);
    batch = Math.max(batch, answer.batch);
    cached &&= answer.cached;
  }
  return { outputs, model, version, queued, ran, batch, cached };
}

function sourcePath(source: string, model: string, root: string): string {
  if (!source.startsWith("file:") || source.startsWith("file://")) throw servingErrors.SERVING_UNKNOWN_SOURCE({ source, model });
  return resolve(root, source.slice("file:".length));
}
