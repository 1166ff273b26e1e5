import type { AliasTable } from "../aliases/alias-store.ts";
import { type LimitDefaults, limitsOf } from "../engines/limits.ts";
import type { Runtime } from "../engines/runtime.ts";
import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import type { VersionSource } from "../repositories/model-repository.ts";
import type { LoadingOptions } from "./loading-options.ts";
import { IdleWatch } from "./idle-watch.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { ServedModel } from "./served-model.ts";

interface ModelSetOptions extends LoadingOptions, LimitDefaults {
  /** Who may ask, where no handler says it. */
  access: "public" | "permission";
  pool: HostPool;
  /** What runs ONNX files, where no handler names a runtime. */
  forOnnx: Runtime;
  /** The project's folder. */
  root: string;
  /** True while the source that a model's handler names cannot be looked at. */
  isSourceLost: (model: string) => boolean;
  /** True while the server ends: what does not load then is nobody's concern. */
  isStopping: () => boolean;
  log: (line: string) => void;
  warn: (message: string) => void;
}

/**
 * The models by their names: those of handlers, and those that only their folders declare, which come and go with them. Each
 * is told what versions there are, and what its aliases are to name.
 */
export class ModelSet {
  readonly #models = new Map<string, ServedModel>();
  readonly #options: ModelSetOptions;
  readonly #budget: MemoryBudget;
  readonly #idleWatch: IdleWatch;
  /** What is to be loaded explicitly at this moment. */
  readonly #wanted = new Set<string>();
  /** What the aliases' store said last; undefined until it has said something. */
  #aliases: AliasTable | undefined;
  #started = false;

  constructor(options: ModelSetOptions) {
    this.#options = options;
    this.#budget = new MemoryBudget(options.memory);
    this.#idleWatch = new IdleWatch(options.warn);
  }

  /** From now on a model that is loaded explicitly changes only while somebody wants it loaded. */
  start(): void {
    this.#started = true;
  }

  get names(): string[] {
    return [...this.#models.keys()];
  }

  all(): ServedModel[] {
    return [...this.#models.values()];
  }

  get(name: string): ServedModel | undefined {
    return this.#models.get(name);
  }

  /** @throws SERVING_UNKNOWN_MODEL */
  require(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model) return model;
    throw servingErrors.SERVING_UNKNOWN_MODEL({ given: name, known: this.names });
  }

  /** @throws SERVING_DUPLICATE_HANDLER */
  addHandler(handler: Handler): void {
    if (this.#models.has(handler.name)) throw servingErrors.SERVING_DUPLICATE_HANDLER({ name: handler.name });
    this.#add(handler.name, handler);
  }

  /** Has a model take what its repositories have, though it changes only when that is asked for. */
  async whileWanted(name: string, look: () => Promise<void>): Promise<void> {
    this.#wanted.add(name);
    try {
      await look();
    } finally {
      this.#wanted.delete(name);
    }
  }

  /** Takes the versions of every model. */
  async takeVersions(found: ReadonlyMap<string, VersionSource[]>): Promise<void> {
    for (const name of new Set([...this.#models.keys(), ...found.keys()])) {
      const sources = await Promise.all((found.get(name) ?? []).map((source) => this.#withRuntime(name, source)));
      this.#update(name, sources);
    }
  }

  /** Takes what the aliases' store says. */
  takeAliases(table: AliasTable): void {
    this.#aliases = table;
    for (const [name, model] of this.#models) model.updateAliases(aliasesOf(table, name));
  }

  async close(): Promise<void> {
    this.#idleWatch.close();
    await Promise.all(this.all().map((model) => model.close()));
  }

  /** A version is another one when what its runtime runs has changed, too. */
  async #withRuntime(name: string, source: VersionSource): Promise<VersionSource> {
    const runtime = this.#models.get(name)?.handler?.options.runtime;
    if (runtime?.fingerprint === undefined) return source;
    return { ...source, fingerprint: `${source.fingerprint} ${await runtime.fingerprint(this.#options.root)}` };
  }

  #update(name: string, sources: VersionSource[]): void {
    const known = this.#models.get(name);
    if (known === undefined && sources.length === 0) return;
    const model = known ?? this.#add(name, undefined);
    if (known === undefined && this.#aliases) model.updateAliases(aliasesOf(this.#aliases, name));
    // Explicitly loaded models change when they are loaded again, and only then.
    if (this.#started && this.#options.mode === "explicit" && known?.served && !this.#wanted.has(name)) return;
    model.update(sources);
    // A model that only its folder declared is gone with its folder.
    if (sources.length === 0 && model.handler === undefined) this.#models.delete(name);
  }

  #add(name: string, handler: Handler | undefined): ServedModel {
    const { mode, load = [], loading, versions = "all", isSourceLost } = this.#options;
    const model = new ServedModel({
      ...this.#options,
      name,
      handler,
      limits: limitsOf(handler, this.#options),
      budget: this.#budget,
      idleWatch: this.#idleWatch,
      idle: this.#options.idle,
      versions,
      eager: loading !== "lazy",
      served: mode !== "explicit" || load.includes("*") || load.includes(name),
      isSourceLost: () => isSourceLost(name),
    });
    this.#models.set(name, model);
    return model;
  }
}

function aliasesOf(table: AliasTable, model: string): AliasTable[string] {
  return Object.hasOwn(table, model) ? table[model]! : {};
}
