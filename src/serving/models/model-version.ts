import { withoutPaths } from "#kernel";
import type { Engine } from "../engines/engine.ts";
import type { Examination, ExamineOptions } from "../engines/examination.ts";
import { implicitState } from "../engines/implicit-state.ts";
import { ItemEngine } from "../engines/item-engine.ts";
import { parseInput } from "../engines/item-schemas.ts";
import type { Inspection, Runner, Runtime, RuntimeVersion } from "../engines/runtime.ts";
import { Statistics } from "../engines/statistics.ts";
import { itemInputs, TensorEngine } from "../engines/tensor-engine.ts";
import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import type { VersionContext } from "../handlers/trainer.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import { type Manifest, readManifest } from "../repositories/manifest.ts";
import type { VersionSource } from "../repositories/model-repository.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { readGolden, requireGolden } from "./golden.ts";
import type { Resident, MemoryBudget } from "./memory-budget.ts";
import type { VersionInfo, VersionState } from "./model-info.ts";
import { runtimeOf } from "./runtime-of.ts";
import { sizeOfFiles } from "./size-of-files.ts";
import { VersionRetired } from "./version-retired.ts";

/** Milliseconds after which a version that failed may be tried again, for the cause may have been the machine; twice as long each time. */
const RETRY_AFTER = 30_000;
const LONGEST_RETRY = 600_000;

/** Counts what is asked for, over all models. */
let uses = 0;

/** A loaded engine, and how many predictions are using it. */
class HeldEngine {
  readonly engine: Engine;
  #users = 0;
  #idle: (() => void) | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  take(): this {
    this.#users++;
    return this;
  }

  done(): void {
    if (--this.#users === 0) this.#idle?.();
  }

  /** Fulfilled when nobody uses it. Nobody takes it any more. */
  async idle(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }
}

interface ModelVersionOptions {
  model: string;
  handler: Handler | undefined;
  pool: HostPool;
  source: VersionSource;
  /** The project's folder. */
  root: string;
  /** Takes a line that the version's processes printed. */
  log: (line: string) => void;
  budget: MemoryBudget;
  /** What runs ONNX files, where no handler names a runtime. */
  forOnnx: Runtime;
  /** The version of the same model that answers while this one is loaded. */
  beside: () => ModelVersion | undefined;
  /** Throws where the model is not to be loaded. */
  demandServed: () => void;
}

/** How a version is loaded. */
interface LoadOptions {
  /** Tries one that failed at once. */
  again?: boolean;
  /** Tries one whose model is not served, to see whether it loads. */
  trial?: boolean;
}

/** One version of a model: loaded when it is asked for, and let go without disturbing what is in flight. */
export class ModelVersion implements Resident {
  readonly version: string;
  readonly source: VersionSource;
  readonly statistics = new Statistics();
  /** When it was last asked for, as a count that only grows. */
  lastUse = 0;
  manifest: Manifest | undefined;
  readonly #options: ModelVersionOptions;
  #engine: HeldEngine | undefined;
  #loading: Promise<void> | undefined;
  #inspection: Inspection | undefined;
  /** What callers see of what was found: without a state that is kept for them. */
  #callersSignature: Signature | undefined;
  #error: string | undefined;
  #failedAt = 0;
  #failures = 0;
  #hasLoaded = false;
  #fileBytes = 0;
  /** The bytes that it was found to occupy when it was loaded last. */
  #measured = 0;
  /** How many engines finish what they have before they are closed. */
  #leaving = 0;
  #retired = false;

  constructor(options: ModelVersionOptions) {
    this.#options = options;
    this.source = options.source;
    this.version = options.source.version;
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
    return this.engine?.signature ?? this.#callersSignature ?? this.manifest?.signature;
  }

  get memory(): number {
    return Math.max(this.engine?.memory ?? this.#measured, this.#fileBytes);
  }

  get loaded(): boolean {
    return this.#engine !== undefined;
  }

  get kept(): boolean {
    return this.#options.handler?.options.keep === true;
  }

  /** True when it is loaded and well, or was loaded and can be again. */
  get answers(): boolean {
    return this.#engine === undefined ? this.#error === undefined && this.#hasLoaded : this.#problem === undefined;
  }

  /** False while it is known not to load. */
  get worthTrying(): boolean {
    return !this.#retired && (this.#error === undefined || performance.now() - this.#failedAt >= this.#pause);
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

  /** Makes it ready. A version that failed is tried again when its files have changed, or after a while. @throws SERVING_VERSION_FAILED */
  async load({ again = false, trial = false }: LoadOptions = {}): Promise<void> {
    // What is loaded and left alone is begun anew by who asks for that.
    if (again && this.#problem !== undefined) await this.unload();
    if (this.#engine) return;
    if (this.#retired) throw new VersionRetired();
    if (!trial) this.#options.demandServed();
    if (again) this.forgive();
    if (!this.worthTrying && !this.#loading) throw this.#failure(this.#error!);
    this.#loading ??= this.#open().finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  /** Does something with the loaded version, which stays loaded until it is done. */
  async use<T, A>(work: (engine: Engine, asked: A) => Promise<T>, asked: A): Promise<T> {
    const held = this.#engine?.take() ?? (await this.hold());
    try {
      return await work(held.engine, asked);
    } finally {
      held.done();
    }
  }

  /** Keeps it loaded until `done` is called, once. */
  async hold(): Promise<HeldEngine> {
    while (this.#engine === undefined) await this.load();
    return this.#engine.take();
  }

  /** Lets it go; fulfilled when what was in flight has been answered. */
  async unload(): Promise<void> {
    await this.#loading?.catch(() => {});
    const held = this.#engine;
    this.#engine = undefined;
    if (held === undefined) return;
    this.#leaving++;
    try {
      await held.idle();
      await held.engine.close();
    } finally {
      if (--this.#leaving === 0 && this.#engine === undefined) this.#options.budget.left(this);
    }
  }

  /** Lets it go for good: what waits for it is told to ask another. */
  retire(): Promise<void> {
    this.#retired = true;
    return this.unload();
  }

  /** Measures it apart from what is loaded; where its runtime cannot, `found` is undefined. `trial` are items that it is tried with. */
  async examine(options: ExamineOptions): Promise<{ kind: string; found: Examination | undefined; trial: unknown[] }> {
    await this.source.fetch?.();
    const runtime = await runtimeOf(this.#options.handler, this.source.directory, this.#options.forOnnx);
    const { version, trial } = await this.#asked();
    return { kind: runtime.kind, found: await runtime.examine?.(version, options), trial };
  }

  info(): VersionInfo {
    const { signature } = this;
    return {
      version: this.version,
      state: this.state,
      ...(this.error === undefined ? {} : { error: this.error }),
      ...(this.manifest ? { created: this.manifest.created } : {}),
      ...(this.source.revision ? { revision: this.source.revision } : {}),
      ...(this.manifest?.metrics ? { metrics: this.manifest.metrics } : {}),
      ...(signature ? { signature } : {}),
      ...(this.#engine ? { batching: this.#engine.engine.batching, waiting: this.#engine.engine.waiting } : {}),
      ...(this.#engine ? { memory: this.memory } : {}),
      statistics: this.statistics.snapshot(),
    };
  }

  async #open(): Promise<void> {
    try {
      this.#engine = new HeldEngine(await this.#make());
      this.#hasLoaded = true;
      this.#error = undefined;
      this.#failures = 0;
    } catch (error) {
      this.#options.budget.left(this);
      this.#error = withoutPaths((error as Error).message, [this.source.directory, this.#options.root]);
      this.#failedAt = performance.now();
      this.#failures++;
      throw this.#failure(this.#error, error);
    }
  }

  async #make(): Promise<Engine> {
    const { handler, budget, beside } = this.#options;
    const { directory, fetch } = this.source;
    await fetch?.();
    this.manifest = await readManifest(directory);
    const runtime = await runtimeOf(handler, directory, this.#options.forOnnx);
    if (runtime.needsFiles) this.#fileBytes = await sizeOfFiles(directory, this.manifest);
    await budget.admit(this, beside());
    const engine = await this.#load(runtime);
    this.#measured = engine.memory ?? 0;
    try {
      await budget.admit(this, beside());
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  async #load(runtime: Runtime): Promise<Engine> {
    const { handler } = this.#options;
    const { place, golden, version } = await this.#asked();
    this.#inspection ??= await runtime.inspect?.(version);
    const found = this.#inspection?.signature;
    this.#callersSignature = found && (implicitState(handler, found)?.signature ?? found);
    const engine = this.#engineAround(await runtime.load(version, this.#inspection), place);
    try {
      if (engine instanceof ItemEngine && handler!.options.warmUp?.length) await engine.answer(handler!.options.warmUp);
      await requireGolden(engine, golden);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** What a runtime is asked with. */
  async #asked() {
    const { handler, pool, model, root, log } = this.#options;
    const place = { model, version: this.version, directory: this.source.directory, manifest: this.manifest };
    const golden = await readGolden(handler, place.directory);
    const trial = [...(handler?.options.warmUp ?? []), ...golden.map(({ input }) => input)];
    const warmUp = (signature: Signature) => this.#warmUpInputs(trial, signature);
    const version: RuntimeVersion = { ...place, handler, pool, root, log, warmUp };
    return { place, golden, trial, version };
  }

  #engineAround(runner: Runner, place: Omit<VersionContext, "signature">): Engine {
    const { handler } = this.#options;
    if (runner.takes === "tensors")
      return new TensorEngine({
        handler,
        context: { ...place, signature: runner.signature },
        runner,
        statistics: this.statistics,
      });
    return new ItemEngine({ handler: handler!, runner, statistics: this.statistics });
  }

  async #warmUpInputs(items: readonly unknown[], whole: Signature): Promise<Tensors[]> {
    const { handler, model } = this.#options;
    const state = implicitState(handler, whole);
    const signature = state?.signature ?? whole;
    const { directory } = this.source;
    const warmUps = handler?.options.warmUp?.length ?? 0;
    const inputs: Tensors[] = [];
    for (const [i, given] of items.entries()) {
      const where = i < warmUps ? `warmUp[${i}]` : `golden[${i - warmUps}].input`;
      const item = await parseInput(handler, given, where);
      const context = { model, version: this.version, directory, signature, manifest: this.manifest, where };
      const own = await itemInputs(handler, item, context);
      inputs.push(state ? state.inputs(own) : own);
    }
    return inputs;
  }

  /** Why it does not answer, though it is loaded. */
  get #problem(): string | undefined {
    return this.#engine?.engine.problem;
  }

  get #pause(): number {
    return Math.min(RETRY_AFTER * 2 ** (this.#failures - 1), LONGEST_RETRY);
  }

  #failure(reason: string, cause?: unknown): Error {
    return servingErrors.SERVING_VERSION_FAILED({ model: this.#options.model, version: this.version, reason, cause });
  }
}
