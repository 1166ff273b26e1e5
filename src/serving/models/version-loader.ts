import { existsSync } from "node:fs";
import type { Engine } from "../engines/engine.ts";
import type { Examination, ExamineOptions } from "../engines/examination.ts";
import { implicitState } from "../engines/implicit-state.ts";
import { ItemEngine } from "../engines/item-engine.ts";
import { parseInput } from "../engines/item-schemas.ts";
import type { Limits } from "../engines/limits.ts";
import type { Inspection, Runner, Runtime, RuntimeVersion } from "../engines/runtime.ts";
import type { Statistics } from "../engines/statistics.ts";
import { itemInputs, TensorEngine } from "../engines/tensor-engine.ts";
import { type Handler, handler as declareHandler } from "../handlers/handler.ts";
import type { GoldenAnswer } from "../handlers/golden-answer.ts";
import type { VersionContext } from "../handlers/trainer.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import { type Manifest, readManifest } from "../repositories/manifest.ts";
import type { VersionSource } from "../repositories/model-repository.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { readGolden, requireGolden, requireWarmUp } from "./golden.ts";
import { runtimeOf, runtimeOfHandler } from "./runtime-of.ts";
import { sizeOfFiles } from "./size-of-files.ts";

export interface VersionLoaderOptions {
  model: string;
  handler: Handler | undefined;
  limits: Limits;
  pool: HostPool;
  source: VersionSource;
  /** The project's folder. */
  root: string;
  /** Takes a line that the version's processes printed. */
  log: (line: string) => void;
  /** What runs ONNX files, where no handler names a runtime. */
  forOnnx: Runtime;
}

/** What loading a version asks of who wants it. */
interface LoadSteps {
  /** Makes room: for its files before it is loaded, and for what it is found to occupy after that. */
  admit: () => Promise<void>;
  /** Throws where what it takes and gives is not what is wanted in its place. */
  fit: (signature: Signature) => void;
}

/** What a version is loaded with. */
interface Loaded {
  place: Omit<VersionContext, "signature">;
  golden: GoldenAnswer[];
  /** The items that it is tried with. */
  trial: unknown[];
  version: RuntimeVersion;
}

/**
 * How it works: loading a version brings its files, finds what runs them, tries them once in a process that may end, loads
 * them, and asks what the version has to know: its warm-up and golden answers. What was found is kept for the next time.
 */
export class VersionLoader {
  readonly #options: VersionLoaderOptions;
  readonly #statistics: Statistics;
  #manifest: Manifest | undefined;
  #kind: string | undefined;
  #inspection: Inspection | undefined;
  #runner: Runner | undefined;
  /** What callers see of what was found: without a state that is kept for them. */
  #callersSignature: Signature | undefined;
  #fileBytes = 0;
  /** The bytes that it was found to occupy when it was loaded last. */
  #measured = 0;

  constructor(options: VersionLoaderOptions, statistics: Statistics) {
    this.#options = options;
    this.#statistics = statistics;
    this.#kind = runtimeOfHandler(options.handler)?.kind;
  }

  get manifest(): Manifest | undefined {
    return this.#manifest;
  }

  /** The kind of what runs it; where its files say that, undefined until they were looked at. */
  get runtime(): string | undefined {
    return this.#kind;
  }

  /** What it takes and gives, as it was found when it was tried, or as its manifest says. */
  get signature(): Signature | undefined {
    return this.#callersSignature ?? this.#manifest?.signature;
  }

  /** What ran it when it was loaded last. */
  get runner(): Runner | undefined {
    return this.#runner;
  }

  /** Bytes that it occupies: what its engine measures or was found when it was loaded last, and no less than its files have. */
  memory(engine: Engine | undefined): number {
    return Math.max(engine?.memory ?? this.#measured, this.#fileBytes);
  }

  /** Finds out what its files say, where they are here, without loading them. @throws SERVING_BAD_MANIFEST */
  async look(): Promise<void> {
    const { handler, source, forOnnx } = this.#options;
    if (!existsSync(source.directory)) return;
    this.#kind ??= (await runtimeOf(handler, source.directory, forOnnx)).kind;
    this.#manifest ??= await readManifest(source.directory);
  }

  async load({ admit, fit }: LoadSteps): Promise<Engine> {
    const { handler, source, forOnnx } = this.#options;
    await source.fetch?.();
    this.#manifest = await readManifest(source.directory);
    const runtime = await runtimeOf(handler, source.directory, forOnnx);
    this.#kind = runtime.kind;
    if (runtime.needsFiles) this.#fileBytes = await sizeOfFiles(source.directory, this.#manifest);
    await admit();
    const engine = await this.#loadWith(runtime, fit);
    this.#measured = engine.memory ?? 0;
    return closedUnless(engine, async () => {
      await admit();
      return engine;
    });
  }

  /** Measures it apart from what is loaded; where its runtime cannot, `found` is undefined. `trial` are items that it is tried with. */
  async examine(options: ExamineOptions): Promise<{ kind: string; found: Examination | undefined; trial: unknown[] }> {
    const { handler, source, forOnnx } = this.#options;
    await source.fetch?.();
    const runtime = await runtimeOf(handler, source.directory, forOnnx);
    const { version, trial } = await this.#asked();
    return { kind: runtime.kind, found: await runtime.examine?.(version, options), trial };
  }

  async #loadWith(runtime: Runtime, fit: LoadSteps["fit"]): Promise<Engine> {
    const { handler } = this.#options;
    const { place, golden, trial, version } = await this.#asked();
    this.#inspection ??= await runtime.inspect?.(version);
    const found = this.#inspection?.signature;
    this.#callersSignature = found && (implicitState(handler, found)?.signature ?? found);
    // Items that go all the way through the handler's code prove more than its signature.
    const compare = (signature: Signature | undefined) => signature && trial.length === 0 && fit(signature);
    compare(this.#callersSignature);
    const runner = await runtime.load(version, this.#inspection);
    this.#runner = runner;
    const engine = await closedUnless(runner, () => this.#engineAround(runner, place, runtime));
    return closedUnless(engine, async () => {
      if (found === undefined) compare(engine.signature);
      await requireWarmUp(engine, handler);
      await requireGolden(engine, golden);
      return engine;
    });
  }

  async #asked(): Promise<Loaded> {
    const { handler, limits, pool, model, root, log, source } = this.#options;
    const place = { model, version: source.version, directory: source.directory, manifest: this.#manifest };
    const golden = await readGolden(handler, place.directory);
    const trial = [...(handler?.options.warmUp ?? []), ...golden.map(({ input }) => input)];
    const warmUp = (signature: Signature) => this.#warmUpInputs(trial, signature);
    return { place, golden, trial, version: { ...place, handler, limits, pool, root, log, warmUp } };
  }

  #engineAround(runner: Runner, place: Loaded["place"], runtime: Runtime): Engine {
    const { handler, limits, model: name } = this.#options;
    const statistics = this.#statistics;
    if (runner.takes === "items")
      return new ItemEngine({ handler: handler ?? declareHandler({ name, runtime }), limits, runner, statistics });
    return new TensorEngine({ handler, limits, context: { ...place, signature: runner.signature }, runner, statistics });
  }

  /** The items that it is tried with, as inputs of the model. */
  async #warmUpInputs(items: readonly unknown[], whole: Signature): Promise<Tensors[]> {
    const { handler, model, source } = this.#options;
    const state = implicitState(handler, whole);
    const signature = state?.signature ?? whole;
    const place = { model, version: source.version, directory: source.directory, signature, manifest: this.#manifest };
    const warmUps = handler?.options.warmUp?.length ?? 0;
    const inputs: Tensors[] = [];
    for (const [i, given] of items.entries()) {
      const where = i < warmUps ? `warmUp[${i}]` : `golden[${i - warmUps}].input`;
      const item = await parseInput(handler, given, where);
      const own = await itemInputs(handler, item, { ...place, where });
      inputs.push(state ? state.inputs(own) : own);
    }
    return inputs;
  }
}

/** What a step gives with something that is loaded, which is let go where the step fails. */
async function closedUnless<T>(loaded: Engine | Runner, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await loaded.close();
    throw error;
  }
}
