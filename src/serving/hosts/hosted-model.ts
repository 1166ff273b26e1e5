import type { HostedFile } from "../backends/sessions.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { Breaker } from "../processes/breaker.ts";
import { openCopies } from "../processes/open-copies.ts";
import type { RunResult } from "./host-connection.ts";
import type { BodyTask } from "./messages.ts";
import { LANES } from "./lanes.ts";
import type { HostPool } from "./host-pool.ts";
import { ModelInstance } from "./model-instance.ts";

export interface HostedModelOptions {
  /** For messages. */
  model: string;
  file: HostedFile;
  instances: number;
  /** Milliseconds after which a run ends its host. */
  deadline: number;
  /** Bytes that the host of an instance may occupy; without it, the instances live with other models. */
  memory?: number | undefined;
  /** True for what is to have a host of its own in any case. */
  own?: boolean | undefined;
  /** What is the same for all web processes that hold the same files in the same way; they then share one loaded copy. */
  key?: string | undefined;
  /** Bytes that a loaded copy is likely to occupy. */
  expected?: number | undefined;
}

/** A model in the hosts of a pool, in one or more instances that run side by side. */
export class HostedModel {
  readonly #pool: HostPool;
  readonly #all: readonly ModelInstance[];
  readonly #breaker = new Breaker();

  constructor(pool: HostPool, options: HostedModelOptions) {
    this.#pool = pool;
    this.#all = Array.from(
      { length: options.instances },
      (_, index) => new ModelInstance(pool, options, { breaker: this.#breaker, index }),
    );
  }

  /** How many runs it takes beyond one for each instance. */
  get ahead(): number {
    return this.#all.length * (LANES - 1);
  }

  /** Why it is left alone at present, because its process ended again and again; undefined while all is well. */
  get problem(): string | undefined {
    return this.#breaker.broken?.reason;
  }

  /** Loads every instance; where one does not load, or the server closes meanwhile, all are let go. */
  async open(): Promise<void> {
    await openCopies(this.#all, this.#pool.closing);
  }

  /** Runs the model on the instance that has least to do: the caller asks for no more than `LANES` runs of each at once. */
  async run(tensors: Tensors, task?: BodyTask): Promise<RunResult> {
    let least = this.#all[0]!;
    for (const instance of this.#all) if (instance.inFlight < least.inFlight) least = instance;
    return least.run(tensors, task);
  }

  close(): void {
    for (const instance of this.#all) instance.close();
  }
}
