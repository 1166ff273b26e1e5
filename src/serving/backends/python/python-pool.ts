import { Breaker } from "../../processes/breaker.ts";
import { openCopies } from "../../processes/open-copies.ts";
import { PythonInstance, type PythonInstanceOptions } from "./python-instance.ts";

/** The instances of one version, each a process. A run takes one that is idle, or waits for it. */
export class PythonPool {
  readonly #all: readonly PythonInstance[];
  readonly #idle: PythonInstance[];
  readonly #waiting: ((instance: PythonInstance) => void)[] = [];
  readonly #breaker = new Breaker();

  constructor(instances: readonly PythonInstanceOptions[]) {
    this.#all = instances.map((options) => new PythonInstance(options, this.#breaker));
    this.#idle = [...this.#all];
  }

  /** Which steps the handler has. */
  get kinds(): readonly string[] {
    return this.#all[0]!.kinds;
  }

  /** Bytes that all processes occupy. */
  get memory(): number | undefined {
    const told = this.#all.map((instance) => instance.memory).filter((bytes) => bytes !== undefined);
    return told.length === 0 ? undefined : told.reduce((a, b) => a + b, 0);
  }

  get problem(): string | undefined {
    return this.#breaker.broken?.reason;
  }

  /** Starts every process; where one does not load, or it is told that nobody waits for them any more, all are ended. */
  async open(closing: AbortSignal): Promise<void> {
    await openCopies(this.#all, closing);
  }

  async use<T>(work: (instance: PythonInstance) => Promise<T>): Promise<T> {
    const instance = await this.#take();
    try {
      return await work(instance);
    } finally {
      this.#giveBack(instance);
    }
  }

  async *stream(work: (instance: PythonInstance) => AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
    const instance = await this.#take();
    try {
      yield* work(instance);
    } finally {
      this.#giveBack(instance);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((instance) => instance.close()));
  }

  #take(): PythonInstance | Promise<PythonInstance> {
    return this.#idle.pop() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(instance: PythonInstance): void {
    const next = this.#waiting.shift();
    if (next) next(instance);
    else this.#idle.push(instance);
  }
}
