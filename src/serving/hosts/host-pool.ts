import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Examination } from "../engines/examination.ts";
import type { Inspection } from "../engines/runtime.ts";
import { servingErrors } from "../errors.ts";
import { HostedModel, type HostedModelOptions } from "./hosted-model.ts";
import { HostLost } from "../processes/host-lost.ts";
import { hostLimits, type HostSettings } from "./host-settings.ts";
import type { ExamineRequest, InspectRequest } from "./messages.ts";
import type { Host } from "./host-connection.ts";
import { HostShare } from "./host-share.ts";
import { ModelHost } from "./model-host.ts";
import type { ModelInstance } from "./model-instance.ts";
import { Turns } from "./turns.ts";

/** Milliseconds in which memory of a model that was let go comes back, if it does. */
const RETURN_WITHIN = 2000;
/** A shared host is replaced when it occupies so many times what its models need, and so many bytes more. */
const GROWN = 1.5;
const KEPT = 192 * 2 ** 20;
/** Milliseconds after which what could not be moved to another host is tried to be again; twice as long each time. */
const MOVE_AGAIN = 5000;
const LONGEST_MOVE_AGAIN = 5 * 60_000;
/** Why trials end with their server. */
const CLOSING = "the server that tried it closes";
const CLOSED = "the server has closed";
/** How often a host is started that is asked to end before it can refuse, and the milliseconds after which it is again. */
const STARTS = 3;
const ASKED_PAUSE = 250;
/** Bytes of a host without models. */
const EMPTY_HOST = 128 * 2 ** 20;

export interface HostPoolOptions extends HostSettings {
  /** Told when a process ends that should not have. */
  warn?: ((message: string) => void) | undefined;
}

/** What kind of host a model instance needs. */
interface HostWish {
  /** A host of its own instead of the shared one. */
  own: boolean;
  /** Bytes that it may occupy. */
  memory?: number | undefined;
}

/**
 * How it works: models live in one shared host process, each instance in its own thread. When that host ends, it is
 * started again, every model is loaded again and what was in flight is sent again. A model that was running when its
 * host crashed or grew too large, or that overran its deadline, gets a host of its own from then on, so that it cannot
 * trouble the others twice. New artifacts are tried in a throw-away host before any of this. Where the machine's web
 * processes share a host (`HostShare`), one of them starts it.
 */
export class HostPool {
  readonly warn: (message: string) => void;
  /** How many hosts crashed, or grew too large and were ended. */
  losses = 0;
  readonly #limits: ReturnType<typeof hostLimits>;
  readonly #trials: Turns;
  readonly #hosts = new Set<ModelHost>();
  readonly #tenants = new Set<ModelInstance>();
  /** The hosts in which something is tried. */
  readonly #trying = new Set<ModelHost>();
  /** The shared hosts of before, in which something lives that could not be loaded elsewhere. */
  readonly #left = new Set<ModelHost>();
  readonly #share: HostShare | undefined;
  #shared: Promise<ModelHost> | undefined;
  /** The machine's host, where another process owns it. */
  #elsewhere: Promise<Host> | undefined;
  #replacing = false;
  readonly #closing = new AbortController();
  #closed = false;

  constructor(options: HostPoolOptions = {}) {
    this.warn = options.warn ?? (() => {});
    this.#limits = hostLimits(options);
    this.#trials = new Turns(this.#limits.trial.atOnce);
    const { shared } = options;
    if (shared !== undefined) {
      this.#share = new HostShare(resolve(shared), {
        startHost: () => this.#ownShared(),
        onReplaced: () => void this.#shared?.then((host) => this.#leave(host)).catch(() => {}),
      });
    }
  }

  /** Aborts when the server closes: nobody waits from then on for what is not loaded yet. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Holds a model file in the pool's hosts; it is loaded by `open`. */
  hold(options: HostedModelOptions): HostedModel {
    return new HostedModel(this, options);
  }

  /** The bytes that a host may occupy, for a model that has a limit of its own or none. */
  memoryLimit(own: number | undefined): number {
    return Math.min(own ?? Number.POSITIVE_INFINITY, this.#limits.memory);
  }

  /** A host for one model instance: the shared one, or one of its own. */
  async acquire(wish: HostWish): Promise<Host> {
    if (wish.own) return this.#start(this.memoryLimit(wish.memory));
    if (this.#share === undefined) return this.#ownShared();
    const host = await this.#ofMachine(this.#share);
    if (host.alive) return host;
    this.#elsewhere = undefined;
    return this.acquire(wish);
  }

  /** Tries a model file in a host that is thrown away afterwards. @throws SERVING_QUARANTINE */
  inspect(request: InspectRequest, memory?: number): Promise<Inspection> {
    return this.#try((host) => host.inspect(request), memory);
  }

  /** Measures a model file in a host that is thrown away afterwards. @throws SERVING_QUARANTINE */
  examine(request: ExamineRequest, memory?: number): Promise<Examination> {
    return this.#try((host) => host.examine(request), memory);
  }

  /** Notes who lives in the shared host. */
  remember(instance: ModelInstance): void {
    this.#tenants.add(instance);
  }

  /** Notes that a model has been let go, and looks soon whether its memory has come back. */
  forget(instance: ModelInstance): void {
    if (!this.#tenants.delete(instance)) return;
    this.#endLeft();
    setTimeout(() => void this.#replaceGrown(), RETURN_WITHIN).unref();
  }

  /** Ends a host that nothing needs any more. */
  release(host: Host): void {
    host.kill("it is not needed any more");
  }

  /** The processes that hold models now. */
  processIds(): number[] {
    return [...this.#hosts].filter((host) => host.alive).map((host) => host.processId);
  }

  /** The same, with the bytes that each occupied when it told last. */
  processes(): { processId: number; memory: number }[] {
    return [...this.#hosts].filter((host) => host.alive).map(({ processId, memory }) => ({ processId, memory }));
  }

  /** Ends what is being tried or loaded by itself, for nobody will ask for it any more: it may take minutes. No trial begins from now on. */
  giveUpStarts(): void {
    this.#closing.abort();
    for (const host of this.#trying) host.kill(CLOSING);
  }

  /** Ends every host, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.giveUpStarts();
    this.#share?.close();
    await Promise.all([...this.#hosts].map((host) => host.end()));
  }

  /** The machine's host. What stood in the way of finding it is not remembered: it may have gone. */
  #ofMachine(share: HostShare): Promise<Host> {
    return (this.#elsewhere ??= share.acquire().catch((error: unknown) => {
      this.#elsewhere = undefined;
      throw error;
    }));
  }

  /** Who ends a host from outside says little of what is tried there, which is tried once more. */
  async #try<T>(work: (host: ModelHost) => Promise<T>, memory?: number): Promise<T> {
    const trial = (): Promise<T> => this.#trials.take(() => this.#inDisposableHost(work, memory));
    try {
      return await trial().catch((error: unknown) => {
        if (error instanceof HostLost && error.kind === "killed") return trial();
        throw error;
      });
    } catch (error) {
      throw error instanceof HostLost ? servingErrors.SERVING_QUARANTINE({ reason: error.message }) : error;
    }
  }

  async #inDisposableHost<T>(work: (host: ModelHost) => Promise<T>, memory?: number): Promise<T> {
    const { seconds, memory: allowed } = this.#limits.trial;
    if (this.closing.aborted) throw new HostLost(CLOSING, "ended");
    const host = await this.#start(Math.min(allowed, memory ?? allowed));
    this.#trying.add(host);
    if (this.closing.aborted) host.kill(CLOSING);
    const limit = setTimeout(() => host.kill(`it took longer than ${seconds} s`), seconds * 1000);
    try {
      return await work(host);
    } finally {
      clearTimeout(limit);
      this.#trying.delete(host);
      this.release(host);
    }
  }

  /** Native runtimes do not give all memory back: a shared host that keeps too much of it is replaced, without a failed run. */
  async #replaceGrown(): Promise<void> {
    const host = await this.#shared?.catch(() => undefined);
    if (host === undefined || this.#replacing || this.#closed) return;
    const expected = this.#tenantsOf(host).reduce((sum, { expected: bytes }) => sum + bytes, EMPTY_HOST);
    if (host.memory >= expected * GROWN + KEPT) await this.#leave(host);
  }

  /** What lives in the shared host goes over to another one, and it is ended. */
  async #leave(host: ModelHost): Promise<void> {
    this.#replacing = true;
    this.#shared = undefined;
    this.#elsewhere = undefined;
    await this.#empty(host, MOVE_AGAIN);
    this.#replacing = false;
  }

  /** What cannot be loaded elsewhere answers on where it is, and is moved later. */
  async #empty(host: ModelHost, pause: number): Promise<void> {
    this.#left.delete(host);
    await Promise.allSettled(this.#tenantsOf(host).map((instance) => instance.move()));
    this.#left.add(host);
    this.#endLeft();
    if (!this.#left.has(host)) return;
    setTimeout(() => this.#left.has(host) && void this.#empty(host, Math.min(2 * pause, LONGEST_MOVE_AGAIN)), pause).unref();
  }

  /** Ends the hosts that were left, and in which nothing lives any more. */
  #endLeft(): void {
    for (const host of this.#left) {
      if (host.alive && this.#tenantsOf(host).length > 0) continue;
      this.#left.delete(host);
      this.release(host);
    }
  }

  #tenantsOf(host: ModelHost): ModelInstance[] {
    return [...this.#tenants].filter((instance) => instance.host === host);
  }

  /** The host that this process starts for all of its models. A start that failed is not remembered: the next one may succeed. */
  async #ownShared(): Promise<ModelHost> {
    const starting = (this.#shared ??= this.#start(this.#limits.memory).catch((error: unknown) => {
      this.#shared = undefined;
      throw error;
    }));
    const shared = await starting;
    if (shared.alive) return shared;
    if (this.#shared === starting) this.#shared = undefined;
    return this.#ownShared();
  }

  /** @throws HostLost when the server has closed: who goes on asking gets no host any more */
  async #start(memory: number): Promise<ModelHost> {
    if (this.#closed) throw new HostLost(CLOSED, "ended");
    const host = await this.#started(memory);
    this.#hosts.add(host);
    void host.exited.then(() => {
      this.#hosts.delete(host);
      if (host.lost.kind !== "ended") this.losses++;
    });
    if (!this.#closed) return host;
    await host.end();
    throw new HostLost(CLOSED, "ended");
  }

  /**
   * A signal to the whole group meets a host that starts before it can leave it to its owner. Where the owner was told too, it
   * closes; else the host is started again.
   */
  async #started(memory: number, starts = 1): Promise<ModelHost> {
    try {
      return await ModelHost.start(memory);
    } catch (error) {
      if (!(error instanceof HostLost) || error.kind !== "ended" || starts === STARTS) throw error;
    }
    await sleep(ASKED_PAUSE);
    if (this.closing.aborted) throw new HostLost(CLOSING, "ended");
    return this.#started(memory, starts + 1);
  }
}
