import { setTimeout as sleep } from "node:timers/promises";
import { withoutPaths } from "#kernel";
import { HttpError } from "#http";
import { servingErrors } from "../errors.ts";
import type { Tensors } from "../tensors/tensor.ts";
import type { Breaker } from "../processes/breaker.ts";
import { type Host, type HostConnection, ModelRefusal, RunOverran, type RunResult } from "./host-connection.ts";
import { HostLost } from "../processes/host-lost.ts";
import { readableBytes } from "../processes/readable-bytes.ts";
import type { HostPool } from "./host-pool.ts";
import type { HostedModelOptions } from "./hosted-model.ts";
import type { BodyTask } from "./messages.ts";

/** How often tensors are sent again after their host was lost. */
const ATTEMPTS = 3;
/** The same, where it was lost because they made it too large: in a host of their own they have all there is. */
const MEMORY_ATTEMPTS = 2;
/** Milliseconds that a model may take to load. */
const LOAD_LIMIT = 120_000;

/** One loaded copy of a model. When its host is lost, it is loaded again. */
export class ModelInstance {
  readonly #pool: HostPool;
  readonly #options: HostedModelOptions;
  readonly #breaker: Breaker;
  readonly #key: string | undefined;
  #inFlight = 0;
  #connection: HostConnection | undefined;
  #opening: Promise<HostConnection> | undefined;
  /** It lives apart from the others: it was running when its host ended, or its memory is limited. */
  #alone: boolean;
  #closed = false;

  constructor(pool: HostPool, options: HostedModelOptions, { breaker, index }: { breaker: Breaker; index: number }) {
    this.#pool = pool;
    this.#options = options;
    this.#breaker = breaker;
    this.#key = options.key === undefined ? undefined : `${options.key} ${index}`;
    this.#alone = options.memory !== undefined || options.own === true;
  }

  /** The host that it lives in. */
  get host(): Host | undefined {
    return this.#connection?.host;
  }

  /** How many runs it has been asked for and has not answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Bytes that it is likely to occupy in its host. */
  get expected(): number {
    return this.#options.expected ?? 0;
  }

  open(): Promise<HostConnection> {
    this.#opening ??= this.#connect().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** @throws SERVING_MODEL_REFUSED, SERVING_DEADLINE, SERVING_HOST_LOST, SERVING_OVER_MEMORY, SERVING_MODEL_BROKEN */
  async run(tensors: Tensors, task?: BodyTask): Promise<RunResult> {
    this.#inFlight++;
    try {
      const result = await this.#runAgain(tensors, task);
      this.#breaker.succeed();
      return result;
    } finally {
      this.#inFlight--;
    }
  }

  /** What waits behind a run that ends the host is sent again and is not blamed; what ran, only so often. */
  async #runAgain(tensors: Tensors, task: BodyTask | undefined): Promise<RunResult> {
    let since: number | undefined;
    let attempts = 0;
    for (;;) {
      try {
        return await this.#runOnce(tensors, task);
      } catch (error) {
        if (error instanceof ModelRefusal) throw this.#refused(error);
        if (!(error instanceof HostLost) || this.#closed) throw error;
        if (error.kind !== "ended") attempts++;
        this.#giveUpAfter(attempts, error, (since ??= performance.now()));
      }
    }
  }

  /** Goes over to another host, for its own is to be replaced. What runs is finished in the old one. */
  async move(): Promise<void> {
    const old = this.#connection;
    if (old === undefined || this.#closed) return;
    await this.#connect();
    await old.idle();
    old.close();
  }

  close(): void {
    this.#closed = true;
    const connection = this.#connection;
    connection?.close();
    this.#pool.forget(this);
    if (this.#alone && connection) this.#pool.release(connection.host);
  }

  #refused(refusal: ModelRefusal): Error {
    this.#breaker.succeed();
    if (refusal.body) return new HttpError(400, refusal.message, refusal.body);
    return servingErrors.SERVING_MODEL_REFUSED({ model: this.#options.model, reason: withoutPaths(refusal.message).trim() });
  }

  #giveUpAfter(attempts: number, lost: HostLost, since: number): void {
    const { model, deadline } = this.#options;
    if (lost.kind === "memory" && attempts >= MEMORY_ATTEMPTS)
      throw servingErrors.SERVING_OVER_MEMORY({ model, limit: readableBytes(this.#pool.memoryLimit(this.#options.memory)) });
    // Nobody waits any longer than that.
    if (attempts >= ATTEMPTS || performance.now() - since > deadline) throw servingErrors.SERVING_HOST_LOST({ model, attempts });
  }

  async #runOnce(tensors: Tensors, task: BodyTask | undefined): Promise<RunResult> {
    const connection = this.#connection?.usable ? this.#connection : await this.open();
    try {
      return await connection.run(tensors, { deadline: this.#options.deadline, task });
    } catch (error) {
      if (error instanceof RunOverran) throw this.#overrun();
      if (error instanceof HostLost) this.#blame(error);
      throw error;
    }
  }

  #overrun(): Error {
    const { model, deadline } = this.#options;
    this.#alone = true;
    this.#breaker.fail(`runs took longer than ${deadline} ms`);
    return servingErrors.SERVING_DEADLINE({ model, milliseconds: deadline });
  }

  /** It was loading or running when its host ended by itself: from now on it can trouble nobody but itself. */
  #blame(lost: HostLost): void {
    if (lost.kind === "ended" || this.#closed) return;
    this.#alone = true;
    this.#breaker.fail(lost.message);
    this.#pool.warn(`The model "${this.#options.model}" is loaded again, in a process of its own: ${lost.message}.`);
  }

  async #connect(): Promise<HostConnection> {
    this.#requireWhole();
    await sleep(this.#breaker.pause);
    const { model, memory } = this.#options;
    const host = await this.#pool.acquire({ own: this.#alone, memory });
    const connection = await this.#load(host).catch((error: Error) => {
      if (error instanceof HostLost) this.#blame(error);
      else this.#breaker.fail(error.message);
      if (this.#alone) this.#pool.release(host);
      throw error instanceof HostLost ? error : servingErrors.SERVING_HOST_LOAD({ model, reason: error.message });
    });
    this.#connection = connection;
    if (!this.#alone) this.#pool.remember(this);
    if (this.#closed) this.close();
    void connection.closed.then(() => this.#onLost(connection));
    return connection;
  }

  async #load(host: Host): Promise<HostConnection> {
    const limit = setTimeout(() => host.kill(`loading took longer than ${LOAD_LIMIT / 1000} s`), LOAD_LIMIT);
    try {
      return await host.load(this.#options.file, this.#key);
    } finally {
      clearTimeout(limit);
    }
  }

  #requireWhole(): void {
    const { broken } = this.#breaker;
    if (broken) throw servingErrors.SERVING_MODEL_BROKEN({ model: this.#options.model, ...broken });
  }

  /** The model is loaded again at once, before anyone asks for it. */
  #onLost(connection: HostConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    // A failure is met, and told, by the next run.
    if (!this.#closed) this.open().catch(() => {});
  }
}
