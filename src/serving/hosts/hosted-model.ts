import { servingErrors } from "../errors.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { type HostConnection, ModelRefusal, type RunResult } from "./host-connection.ts";
import type { HostPool } from "./host-pool.ts";
import { HostLost } from "./model-host.ts";

export interface HostedModelOptions {
  /** For messages. */
  model: string;
  file: string;
  instances: number;
  /** Milliseconds after which a run ends its host. */
  deadline: number;
}

/** How often tensors are sent again after their host was lost. */
const ATTEMPTS = 3;

/** A model in the hosts of a pool, in one or more instances that run side by side. */
export class HostedModel {
  readonly #idle: Instance[];
  readonly #all: readonly Instance[];

  constructor(pool: HostPool, options: HostedModelOptions) {
    this.#all = Array.from({ length: options.instances }, () => new Instance(pool, options));
    this.#idle = [...this.#all];
  }

  /** Loads every instance. */
  async open(): Promise<void> {
    await Promise.all(this.#all.map((instance) => instance.open()));
  }

  /** Runs the model on an idle instance: the caller asks for no more runs at once than there are instances. */
  async run(tensors: Tensors): Promise<RunResult> {
    const instance = this.#idle.pop()!;
    try {
      return await instance.run(tensors);
    } finally {
      this.#idle.push(instance);
    }
  }

  close(): void {
    for (const instance of this.#all) instance.close();
  }
}

class Instance {
  readonly #pool: HostPool;
  readonly #options: HostedModelOptions;
  #connection: HostConnection | undefined;
  #opening: Promise<HostConnection> | undefined;
  /** It was running when its host ended, so it lives apart from the others. */
  #alone = false;
  #closed = false;

  constructor(pool: HostPool, options: HostedModelOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  open(): Promise<HostConnection> {
    this.#opening ??= this.#connect().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** @throws SERVING_MODEL_REFUSED, SERVING_DEADLINE, SERVING_HOST_LOST */
  async run(tensors: Tensors): Promise<RunResult> {
    const { model } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#runOnce(tensors);
      } catch (error) {
        if (error instanceof ModelRefusal) throw servingErrors.SERVING_MODEL_REFUSED({ model, reason: error.message });
        if (!(error instanceof HostLost) || this.#closed) throw error;
        if (attempt >= ATTEMPTS) throw servingErrors.SERVING_HOST_LOST({ model, attempts: attempt });
        this.#alone ||= !error.blameless;
      }
    }
  }

  close(): void {
    this.#closed = true;
    const connection = this.#connection;
    connection?.close();
    if (this.#alone && connection) this.#pool.release(connection.host);
  }

  async #runOnce(tensors: Tensors): Promise<RunResult> {
    const connection = this.#connection?.usable ? this.#connection : await this.open();
    const { model, deadline } = this.#options;
    let overran = false;
    const limit = setTimeout(() => {
      overran = true;
      connection.host.kill(`a run took longer than ${deadline} ms`);
    }, deadline);
    try {
      return await connection.run(tensors);
    } catch (error) {
      if (!overran) throw error;
      this.#alone = true;
      throw servingErrors.SERVING_DEADLINE({ model, milliseconds: deadline });
    } finally {
      clearTimeout(limit);
    }
  }

  async #connect(): Promise<HostConnection> {
    const host = await this.#pool.acquire(this.#alone);
    const connection = await host.load(this.#options.file);
    this.#connection = connection;
    if (this.#closed) this.close();
    void connection.closed.then(() => this.#onLost(connection));
    return connection;
  }

  /** The model is loaded again at once, before anyone asks for it. */
  #onLost(connection: HostConnection): void {
    if (this.#connection === connection) this.#connection = undefined;
    // A failure is met, and told, by the next run.
    if (!this.#closed) this.open().catch(() => {});
  }
}
