import { setTimeout as sleep } from "node:timers/promises";
import { withoutPaths } from "#kernel";
import type { AskOptions, Engine } from "../engines/engine.ts";
import type { Examination, ExamineOptions } from "../engines/examination.ts";
import { Statistics } from "../engines/statistics.ts";
import { servingErrors } from "../errors.ts";
import { listedTasks, type Task } from "../engines/task.ts";
import type { Manifest } from "../repositories/manifest.ts";
import type { VersionSource } from "../repositories/model-repository.ts";
import type { Signature } from "../tensors/signature.ts";
import { demandFitting } from "./demand-fitting.ts";
import { HeldEngine } from "./held-engine.ts";
import type { IdleWatch, Idling } from "./idle-watch.ts";
import type { Resident, MemoryBudget } from "./memory-budget.ts";
import type { VersionInfo, VersionState } from "./model-info.ts";
import { VersionLoader, type VersionLoaderOptions } from "./version-loader.ts";
import { VersionRetired } from "./version-retired.ts";
import { waitForLoad } from "./wait-for-load.ts";

/** Milliseconds after which a version that failed may be tried again, for the cause may have been the machine; twice as long each time. */
const RETRY_AFTER = 30_000;
const LONGEST_RETRY = 600_000;

/** Counts what is asked for, over all models. */
let uses = 0;

interface ModelVersionOptions extends VersionLoaderOptions {
  budget: MemoryBudget;
  idleWatch: IdleWatch;
  /** Seconds without a request after which it is let go, where its handler does not say it. */
  idle: number | undefined;
  /** The version of the same model that answers while this one is loaded. */
  beside: () => ModelVersion | undefined;
  /** The version in whose place this one comes, if it comes in the place of one that its handler's code is known to fit. */
  before: (version: ModelVersion) => ModelVersion | undefined;
  /** Throws where the model is not to be loaded. */
  demandServed: () => void;
  warn: (message: string) => void;
}

/** How a version is loaded. */
interface LoadOptions {
  /** Tries one that failed at once. */
  again?: boolean;
  /** Takes one that does not fit in the place of the version before it: somebody asked for just this one. */
  asItIs?: boolean;
  /** Tries one whose model is not served, to see whether it loads. */
  trial?: boolean;
}

/** One version of a model: loaded when it is asked for, and let go without disturbing what is in flight. */
export class ModelVersion implements Resident, Idling {
  readonly version: string;
  readonly source: VersionSource;
  readonly statistics = new Statistics();
  /** When it was last asked for, as a count that only grows. */
  lastUse = 0;
  readonly #options: ModelVersionOptions;
  readonly #loader: VersionLoader;
  #engine: HeldEngine | undefined;
  #loading: Promise<void> | undefined;
  #error: string | undefined;
  /** The error that it was. */
  #cause: unknown;
  #failedAt = 0;
  #failures = 0;
  #hasLoaded = false;
  /** What it did not fit in the place of. */
  #misfits: ModelVersion | undefined;
  #asItIs = false;
  /** Rejected when nobody waits any more for what is being loaded; a new one for each load, which keeps nothing of who waited. */
  #abandoned = Promise.withResolvers<never>();
  /** How many engines finish what they have before they are closed. */
  #leaving = 0;
  #retired = false;

  constructor(options: ModelVersionOptions) {
    this.#options = options;
    this.source = options.source;
    this.version = options.source.version;
    this.#loader = new VersionLoader(options, this.statistics);
  }

  get state(): VersionState {
    if (this.#engine) return this.#problem === undefined ? "ready" : "failed";
    if (this.#loading) return "loading";
    if (this.#leaving > 0) return "unloading";
    return this.#error === undefined ? "unloaded" : "failed";
  }

  /** Why it does not load, or does not answer though it is loaded. */
  get error(): string | undefined {
    return this.#problem ?? this.#error;
  }

  get engine(): Engine | undefined {
    return this.#engine?.engine;
  }

  /** How it is called in messages. */
  get name(): string {
    return `${this.#options.model}@${this.version}`;
  }

  /** What it takes and gives, once that is known. */
  get signature(): Signature | undefined {
    return this.engine?.signature ?? this.#loader.signature;
  }

  /** What it does on OpenAI's addresses; undefined where only loading it tells. */
  get tasks(): readonly Task[] | undefined {
    const runner = this.#loader.runner;
    return listedTasks(this.#options.handler?.options.task) ?? (runner?.takes === "items" ? runner.tasks : undefined);
  }

  get manifest(): Manifest | undefined {
    return this.#loader.manifest;
  }

  /** The kind of what runs it; where its files say that, undefined until they were looked at, or it is loaded. */
  get runtime(): string | undefined {
    return this.#loader.runtime;
  }

  get memory(): number {
    return this.#loader.memory(this.engine);
  }

  get loaded(): boolean {
    return this.#engine !== undefined;
  }

  get kept(): boolean {
    return this.#options.handler?.options.keep === true;
  }

  get idleAfter(): number | undefined {
    return this.kept ? undefined : (this.#options.handler?.options.idle ?? this.#options.idle);
  }

  get busy(): boolean {
    return this.#engine?.busy === true;
  }

  /** True when it is loaded and well, or was loaded and can be again. */
  get answers(): boolean {
    return this.#engine === undefined ? this.#error === undefined && this.#hasLoaded : this.#problem === undefined;
  }

  /** False while it is known not to load. */
  get worthTrying(): boolean {
    if (this.#retired) return false;
    const isPaused = this.#error !== undefined && performance.now() - this.#failedAt < this.#pause;
    return !isPaused || (this.#misfits !== undefined && this.#misfits !== this.#options.before(this));
  }

  /** Notes that it is asked for. */
  touch(): this {
    this.lastUse = ++uses;
    return this;
  }

  /** Forgets that it failed. */
  forgive(): void {
    this.#failedAt = Number.NEGATIVE_INFINITY;
  }

  /** What it is about that is not ended yet, for who waits for the end of it. */
  get unfinished(): string | undefined {
    if (this.#loading) return `${this.name} is being loaded`;
    const users = this.#engine?.users ?? 0;
    return users > 0 || this.#leaving > 0 ? `${this.name} is answering` : undefined;
  }

  /** Finds out what its files say, where they are here, without loading them. @throws SERVING_BAD_MANIFEST */
  look(): Promise<void> {
    return this.#loader.look();
  }

  /** Makes it ready. A version that failed is tried again when its files have changed, or after a while. @throws SERVING_VERSION_FAILED */
  async load({ again = false, asItIs = false, trial = false }: LoadOptions = {}): Promise<void> {
    // What is loaded and left alone is begun anew by who asks for that.
    if (again && this.#problem !== undefined) await this.unload();
    if (this.#engine) return;
    if (this.#retired) throw new VersionRetired();
    if (!trial) this.#options.demandServed();
    if (again) this.forgive();
    this.#asItIs ||= asItIs;
    if (!this.worthTrying && !this.#loading) throw this.#failure(this.#error!);
    this.#loading ??= this.#begin();
    await Promise.race([this.#loading, this.#abandoned.promise]);
  }

  /** Does something with the loaded version, which stays loaded until it is done. Who asks waits for a load until the deadline of `ask`. */
  async use<T, A>(work: (engine: Engine, asked: A) => Promise<T>, asked: A, ask?: AskOptions): Promise<T> {
    const held = this.#engine?.take() ?? (await this.hold(ask));
    try {
      return await work(held.engine, asked);
    } finally {
      held.done();
    }
  }

  /** Keeps it loaded until `done` is called, once. */
  async hold(ask?: AskOptions): Promise<HeldEngine> {
    const { model, limits } = this.#options;
    while (this.#engine === undefined) await waitForLoad(this.load(), { model, ask, usual: limits.deadline });
    return this.#engine.take();
  }

  /** Lets it go; fulfilled when what was in flight has been answered. */
  async unload(): Promise<void> {
    await this.#loading?.catch(() => {});
    const held = this.#engine;
    this.#engine = undefined;
    if (held === undefined) return;
    this.#options.idleWatch.left(this);
    this.#leaving++;
    try {
      await held.idle();
      await held.engine.close();
    } finally {
      if (--this.#leaving === 0 && this.#engine === undefined) this.#options.budget.left(this);
    }
  }

  /**
   * Lets it go for good: what waits for it is told to ask another. With `patience`, nobody waits longer than so many
   * milliseconds for a load that goes on, which may be a handler's own code that nothing can end.
   */
  async retire(patience?: number): Promise<void> {
    this.#retired = true;
    if (patience === undefined || (await this.#loadsWithin(patience))) return this.unload();
    this.#abandoned.reject(new VersionRetired());
    this.#options.warn(
      `${this.name} was still being loaded when the server closed: what loads it goes on until the process ends.`,
    );
    void this.unload().catch(() => {});
  }

  /** Measures it apart from what is loaded; where its runtime cannot, `found` is undefined. `trial` are items that it is tried with. */
  examine(options: ExamineOptions): Promise<{ kind: string; found: Examination | undefined; trial: unknown[] }> {
    return this.#loader.examine(options);
  }

  info(): VersionInfo {
    const { signature, manifest, error, runtime } = this;
    return {
      version: this.version,
      state: this.state,
      ...(runtime === undefined ? {} : { runtime }),
      ...(error === undefined ? {} : { error }),
      ...(manifest ? { created: manifest.created } : {}),
      ...(this.source.revision ? { revision: this.source.revision } : {}),
      ...(manifest?.metrics ? { metrics: manifest.metrics } : {}),
      ...(signature ? { signature } : {}),
      ...(this.#engine ? { batching: this.#engine.engine.batching, waiting: this.#engine.engine.waiting } : {}),
      ...(this.#engine ? { memory: this.memory, loadedAt: this.#engine.since } : {}),
      statistics: this.statistics.snapshot(),
    };
  }

  /** True when no load goes on, at once or in so many milliseconds. */
  async #loadsWithin(milliseconds: number): Promise<boolean> {
    const waiting = new AbortController();
    const late = sleep(milliseconds, "late" as const, { signal: waiting.signal });
    const first = await Promise.race([this.#loading, late]).catch(() => undefined);
    waiting.abort();
    await late.catch(() => {});
    return first !== "late";
  }

  #begin(): Promise<void> {
    this.#abandoned = Promise.withResolvers<never>();
    this.#abandoned.promise.catch(() => {});
    return this.#open().finally(() => (this.#loading = undefined));
  }

  async #open(): Promise<void> {
    const { budget, beside, root } = this.#options;
    this.#misfits = undefined;
    try {
      const admit = () => budget.admit(this, beside());
      this.#engine = new HeldEngine(await this.#loader.load({ admit, fit: (signature) => this.#demandFitting(signature) }));
      this.#hasLoaded = true;
      this.#error = this.#cause = undefined;
      this.#failures = 0;
      this.#options.idleWatch.add(this);
    } catch (error) {
      budget.left(this);
      this.#error = withoutPaths((error as Error).message, [this.source.directory, root]);
      this.#cause = error;
      this.#failedAt = performance.now();
      this.#failures++;
      throw this.#failure(this.#error);
    }
  }

  /** What was trained here comes of the same code as the handler, and may have changed with it. @throws SERVING_OTHER_SIGNATURE */
  #demandFitting(signature: Signature): void {
    const { before, handler } = this.#options;
    if (handler === undefined || this.#asItIs || this.manifest?.run !== undefined) return;
    const known = before(this);
    if (known === undefined) return;
    this.#misfits = known;
    demandFitting(signature, known);
    this.#misfits = undefined;
  }

  /** Why it does not answer, though it is loaded. */
  get #problem(): string | undefined {
    return this.#engine?.engine.problem;
  }

  get #pause(): number {
    return Math.min(RETRY_AFTER * 2 ** (this.#failures - 1), LONGEST_RETRY);
  }

  #failure(reason: string): Error {
    const { version } = this;
    const cause = this.#cause as { hint?: string } | undefined;
    return servingErrors.SERVING_VERSION_FAILED({ model: this.#options.model, version, reason, hint: cause?.hint, cause });
  }
}
