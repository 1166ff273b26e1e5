import { CortadoError, withoutPaths } from "#kernel";
import { servingErrors } from "../errors.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { Attempts } from "../processes/attempts.ts";
import type { Breaker } from "../processes/breaker.ts";
import { type Host, type HostConnection, ModelRefusal, RunOverran, type RunResult } from "./host-connection.ts";
import { HostLost } from "../processes/host-lost.ts";
import { Supervisor } from "../processes/supervisor.ts";
import { withinTime } from "../processes/within-time.ts";
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
  readonly #line: Supervisor<HostConnection>;
  #inFlight = 0;
  /** Gives up a start that goes on. */
  #starting: (() => void) | undefined;
  /** It lives apart from the others: it was running when its host ended, or its memory is limited. */
  #alone: boolean;

  constructor(pool: HostPool, options: HostedModelOptions, { breaker, index }: { breaker: Breaker; index: number }) {
    this.#pool = pool;
    this.#options = options;
    this.#breaker = breaker;
    this.#key = options.key === undefined ? undefined : `${options.key} ${index}`;
    this.#alone = options.memory !== undefined || options.own === true;
    const { model } = options;
    const end = (line: HostConnection) => this.#release(line);
    this.#line = new Supervisor({ model, breaker, start: () => this.#connect(), giveUp: () => this.#starting?.(), end });
  }

  /** The host that it lives in. */
  get host(): Host | undefined {
    return this.#line.held?.host;
  }

  /** How many runs it has been asked for and has not answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Bytes that it is likely to occupy in its host. */
  get expected(): number {
    return this.#options.expected ?? 0;
  }

  /** Loads it; again where its host was lost by what else ran there, or by somebody. @throws HostLost, SERVING_HOST_LOAD, SERVING_MODEL_BROKEN */
  async open(): Promise<HostConnection> {
    for (let attempt = 1; ; attempt++) {
      const own = this.#alone;
      try {
        return await this.#line.open();
      } catch (error) {
        if (!(error instanceof HostLost) || this.#line.closed || attempt === ATTEMPTS) throw error;
        if (own && error.kind !== "killed") throw error;
      }
    }
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
    let attempts: Attempts | undefined;
    for (;;) {
      try {
        return await this.#runOnce(tensors, task);
      } catch (error) {
        if (!(error instanceof HostLost) || this.#line.closed) throw error;
        (attempts ??= this.#attempts()).lose(error);
      }
    }
  }

  /** Goes over to another host, for its own is to be replaced. What runs is finished in the old one. Where it cannot, it stays, and is well. */
  async move(): Promise<void> {
    const old = this.#line.held;
    if (old === undefined || this.#line.closed) return;
    try {
      await this.#line.replace();
    } catch (error) {
      if (old.host.alive) this.#breaker.succeed();
      throw error;
    }
    await old.idle();
    old.close();
  }

  close(): void {
    void this.#line.close();
    this.#pool.forget(this);
  }

  #refused(refusal: ModelRefusal): Error {
    this.#breaker.succeed();
    return servingErrors.SERVING_MODEL_REFUSED({ model: this.#options.model, reason: withoutPaths(refusal.message).trim() });
  }

  #attempts(): Attempts {
    const { model, deadline: within, memory } = this.#options;
    const limits = { attempts: ATTEMPTS, memoryAttempts: MEMORY_ATTEMPTS, within };
    return new Attempts({ model, ...limits, memory: this.#pool.memoryLimit(memory) });
  }

  async #runOnce(tensors: Tensors, task: BodyTask | undefined): Promise<RunResult> {
    const connection = this.#line.ready ?? (await this.#line.open());
    try {
      return await connection.run(tensors, { deadline: this.#options.deadline, task });
    } catch (error) {
      if (error instanceof ModelRefusal) throw this.#refused(error);
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
    if (lost.kind === "ended" || this.#line.closed) return;
    this.#alone = true;
    this.#breaker.fail(lost.message);
    this.#pool.warn(`The model "${this.#options.model}" is loaded again, in a process of its own: ${lost.message}.`);
  }

  async #connect(): Promise<HostConnection> {
    const { model, memory } = this.#options;
    const own = this.#alone;
    const host = await this.#pool.acquire({ own, memory });
    this.#starting = () => own && this.#pool.release(host);
    if (this.#line.closed) this.#starting();
    let isLate = false;
    const overran = (): void => {
      isLate = true;
      host.kill(`loading took longer than ${LOAD_LIMIT / 1000} s`);
    };
    try {
      const connection = await withinTime(LOAD_LIMIT, host.load(this.#options.file, this.#key), overran);
      if (!own) this.#pool.remember(this);
      return connection;
    } catch (error) {
      const message = withoutPaths((error as Error).message);
      const isLost = error instanceof HostLost && !isLate;
      this.#alone ||= isLate;
      if (isLost) this.#blame(error);
      else this.#breaker.fail(message);
      if (own) this.#pool.release(host);
      if (isLost || error instanceof CortadoError) throw error;
      const { cause } = error as Error;
      if (cause instanceof CortadoError) throw cause;
      throw servingErrors.SERVING_HOST_LOAD({ model, reason: message });
    } finally {
      this.#starting = undefined;
    }
  }

  #release(connection: HostConnection): void {
    connection.close();
    this.#pool.forget(this);
    if (this.#alone) this.#pool.release(connection.host);
  }
}
