import type { Inspection } from "../engines/runtime.ts";
import { HostedModel, type HostedModelOptions } from "./hosted-model.ts";
import type { InspectRequest } from "./messages.ts";
import { ModelHost } from "./model-host.ts";

/** Milliseconds that a model may take to load and run once while it is tried. */
const TRY_LIMIT = 120_000;

/**
 * How it works: models live in one shared host process, each instance in its own thread. When that host ends, it is
 * started again, every model is loaded again and what was in flight is sent again. A model that was running when its
 * host crashed, or that overran its deadline, gets a host of its own from then on, so that it cannot trouble the others
 * twice. New artifacts are tried in a throw-away host before any of this.
 */
export class HostPool {
  readonly #hosts = new Set<ModelHost>();
  #shared: Promise<ModelHost> | undefined;
  #closed = false;

  /** Holds a model file in the pool's hosts; it is loaded by `open`. */
  hold(options: HostedModelOptions): HostedModel {
    return new HostedModel(this, options);
  }

  /** A host for one model instance: the shared one, or one of its own. */
  async acquire(own: boolean): Promise<ModelHost> {
    if (own) return this.#start();
    const shared = await (this.#shared ??= this.#startShared());
    if (shared.alive) return shared;
    this.#shared = undefined;
    return this.acquire(false);
  }

  /** Tries a model file in a host that is thrown away afterwards. */
  async inspect(request: InspectRequest): Promise<Inspection> {
    const host = await this.#start();
    const limit = setTimeout(() => host.kill(`it took longer than ${TRY_LIMIT / 1000} s`), TRY_LIMIT);
    try {
      return await host.inspect(request);
    } finally {
      clearTimeout(limit);
      this.release(host);
    }
  }

  /** Ends a host that nothing needs any more. */
  release(host: ModelHost): void {
    host.kill("it is not needed any more");
  }

  /** The processes that hold models now. */
  processIds(): number[] {
    return [...this.#hosts].filter((host) => host.alive).map((host) => host.processId);
  }

  /** Ends every host, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#hosts].map((host) => host.end()));
  }

  /** A start that failed is not remembered: the next one may succeed. */
  #startShared(): Promise<ModelHost> {
    return this.#start().catch((error: unknown) => {
      this.#shared = undefined;
      throw error;
    });
  }

  async #start(): Promise<ModelHost> {
    const host = await ModelHost.start();
    this.#hosts.add(host);
    void host.exited.then(() => this.#hosts.delete(host));
    if (this.#closed) await host.end();
    return host;
  }
}
