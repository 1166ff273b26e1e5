import type { HostedFile } from "../backends/sessions.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { Breaker } from "../processes/breaker.ts";
import type { RunResult } from "./host-connection.ts";
import type { BodyTask } from "./messages.ts";
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
  readonly #idle: ModelInstance[];
  readonly #all: readonly ModelInstance[];
  readonly #breaker = new Breaker();

  constructor(pool: HostPool, options: HostedModelOptions) {
    this.#all = Array.from(
      { length: options.instances },
      (_, index) => new ModelInstance(pool, options, { breaker: this.#breaker, index }),
    );
    this.#idle = [...this.#all];
  }

  /** Why it is left alone at present, because its process ended again and again; undefined while all is well. */
  get problem(): string | undefined {
    return this.#breaker.broken?.reason;
  }

  /** Loads every instance; where one does not load, all are let go. */
  async open(): Promise<void> {
    try {
      await Promise.all(this.#all.map((instance) => instance.open()));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Runs the model on an idle instance: the caller asks for no more runs at once than there are instances. */
  async run(tensors: Tensors, task?: BodyTask): Promise<RunResult> {
    const instance = this.#idle.pop()!;
    try {
      return await instance.run(tensors, task);
    } finally {
      this.#idle.push(instance);
    }
  }

  close(): void {
    for (const instance of this.#all) instance.close();
  }
}
