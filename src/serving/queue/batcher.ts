import { performance } from "node:perf_hooks";
import { servingErrors } from "../errors.ts";

/** One answer, with the milliseconds it waited and ran. */
export interface Answer<R> {
  result: R;
  queued: number;
  ran: number;
  /** How many rows ran together with it, itself included; 0 where nothing ran. */
  batch: number;
  /** True where it came from the response cache. */
  cached: boolean;
}

/** Work for a batcher: what to run, how many rows it counts for, and who may give it up. */
export interface Work<T> {
  payload: T;
  rows: number;
  signal?: AbortSignal | undefined;
}

export interface BatcherOptions<T, R> {
  model: string;
  /** The most rows in one run. */
  maxSize: number;
  /** Milliseconds that a run which is not full waits for more. */
  maxDelay: number;
  /** How much work may wait. */
  queueSize: number;
  /** Milliseconds in which an answer must come. */
  deadline: number;
  /** How many runs go side by side. */
  slots: number;
  /** True when two payloads can be run together. */
  joinable(a: T, b: T): boolean;
  /** Runs payloads together and answers them in their order. */
  run(payloads: T[]): Promise<{ result: R[]; milliseconds: number }>;
}

interface Entry<T, R> extends Work<T> {
  arrived: number;
  settled: boolean;
  resolve(answer: Answer<R>): void;
  reject(error: unknown): void;
}

/**
 * How it works: work waits in a bounded queue, first come first served. Whenever a slot is free, as much
 * compatible work as fits one run is taken from the queue; under load, batches fill by themselves, without load
 * nothing waits. Work whose caller has gone or whose deadline has passed is dropped before it is run. One timer
 * watches the oldest deadline; a run itself is limited by its runner.
 */
export class Batcher<T, R> {
  readonly #options: BatcherOptions<T, R>;
  readonly #pending = new Set<Entry<T, R>>();
  #queue: Entry<T, R>[] = [];
  #running = 0;
  #pumpPlanned = false;
  #delayed = false;
  #watch: NodeJS.Timeout | undefined;
  #meanRun = 1;

  constructor(options: BatcherOptions<T, R>) {
    this.#options = options;
  }

  /** The whole seconds after which a full queue is likely to have room. */
  get retryAfter(): number {
    return Math.max(1, Math.ceil((this.#queue.length * this.#meanRun) / this.#options.slots / 1000));
  }

  /** Queues all the work or none of it. @throws SERVING_QUEUE_FULL; answers reject with SERVING_DEADLINE */
  submit(work: readonly Work<T>[]): Promise<Answer<R>>[] {
    const { model, queueSize } = this.#options;
    if (work.length > queueSize)
      throw servingErrors.SERVING_BAD_INPUT({
        where: "inputs",
        problem: `holds ${work.length} items, and ${queueSize} are taken at once`,
      });
    if (this.#queue.length + work.length > queueSize) {
      this.#forgetSettled();
      if (this.#queue.length + work.length > queueSize)
        throw servingErrors.SERVING_QUEUE_FULL({ model, size: this.#queue.length });
    }
    const arrived = performance.now();
    const answers = work.map((one) => this.#enqueue(one, arrived));
    this.#planPump();
    this.#planWatch();
    return answers;
  }

  #enqueue(work: Work<T>, arrived: number): Promise<Answer<R>> {
    return new Promise((resolve, reject) => {
      const entry: Entry<T, R> = { ...work, arrived, settled: false, resolve, reject };
      this.#pending.add(entry);
      this.#queue.push(entry);
    });
  }

  /** Runs start at the end of the event loop's turn, so that all the requests that it found are run together. */
  #planPump(): void {
    if (this.#pumpPlanned) return;
    this.#pumpPlanned = true;
    setImmediate(() => {
      this.#pumpPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#running < this.#options.slots && this.#queue.length > 0) {
      const batch = this.#take();
      if (batch.length === 0) return;
      void this.#run(batch);
    }
  }

  /** Takes a batch from the queue: empty when there is none, or when it is worth waiting for more. */
  #take(): Entry<T, R>[] {
    this.#forgetSettled();
    const first = this.#queue[0];
    if (first === undefined) return [];
    const { maxSize, maxDelay, joinable } = this.#options;
    const batch = [first];
    let rows = first.rows;
    for (let i = 1; i < this.#queue.length && rows < maxSize; i++) {
      const entry = this.#queue[i]!;
      if (rows + entry.rows > maxSize || !joinable(first.payload, entry.payload)) continue;
      batch.push(entry);
      rows += entry.rows;
    }
    const left = maxDelay - (performance.now() - first.arrived);
    if (rows < maxSize && left > 0) {
      this.#pumpAfter(left);
      return [];
    }
    if (batch.length === this.#queue.length) this.#queue = [];
    else {
      const taken = new Set(batch);
      this.#queue = this.#queue.filter((entry) => !taken.has(entry));
    }
    return batch;
  }

  #pumpAfter(milliseconds: number): void {
    if (this.#delayed) return;
    this.#delayed = true;
    setTimeout(() => {
      this.#delayed = false;
      this.#pump();
    }, milliseconds);
  }

  async #run(batch: Entry<T, R>[]): Promise<void> {
    this.#running++;
    const started = performance.now();
    try {
      const { result: results, milliseconds } = await this.#options.run(batch.map((entry) => entry.payload));
      const rows = batch.reduce((sum, entry) => sum + entry.rows, 0);
      const rest = { ran: milliseconds, batch: rows, cached: false };
      batch.forEach((entry, i) => {
        this.#settle(entry, () => entry.resolve({ result: results[i]!, queued: started - entry.arrived, ...rest }));
      });
    } catch (error) {
      if (batch.length > 1 && !isOverrun(error)) await this.#runAlone(batch);
      else for (const entry of batch) this.#settle(entry, () => entry.reject(error));
    } finally {
      this.#meanRun = this.#meanRun * 0.9 + ((performance.now() - started) / batch.length) * 0.1;
      this.#running--;
      if (this.#queue.length > 0) this.#planPump();
    }
  }

  /** One bad row must not fail the others: when a batch fails, each of it is run by itself. */
  async #runAlone(batch: Entry<T, R>[]): Promise<void> {
    for (const entry of batch) {
      if (entry.settled) continue;
      const started = performance.now();
      try {
        const { result: results, milliseconds } = await this.#options.run([entry.payload]);
        const rest = { ran: milliseconds, batch: entry.rows, cached: false };
        this.#settle(entry, () => entry.resolve({ result: results[0]!, queued: started - entry.arrived, ...rest }));
      } catch (error) {
        this.#settle(entry, () => entry.reject(error));
      }
    }
  }

  #settle(entry: Entry<T, R>, how: () => void): void {
    if (entry.settled) return;
    entry.settled = true;
    this.#pending.delete(entry);
    how();
  }

  #forgetSettled(): void {
    let gone = false;
    for (const entry of this.#queue) {
      if (entry.signal?.aborted) this.#settle(entry, () => entry.reject(entry.signal!.reason));
      gone ||= entry.settled;
    }
    if (gone) this.#queue = this.#queue.filter((entry) => !entry.settled);
  }

  /** Work settles in about the order it came, so one timer on the oldest deadline is enough. */
  #planWatch(): void {
    if (this.#watch !== undefined) return;
    const oldest = this.#pending.values().next().value;
    if (oldest === undefined) return;
    const left = oldest.arrived + this.#options.deadline - performance.now();
    this.#watch = setTimeout(() => this.#expire(), Math.max(1, left)).unref();
  }

  #expire(): void {
    this.#watch = undefined;
    const { model, deadline } = this.#options;
    const latest = performance.now() - deadline;
    for (const entry of this.#pending) {
      if (entry.arrived > latest) break;
      this.#settle(entry, () => entry.reject(servingErrors.SERVING_DEADLINE({ model, milliseconds: deadline })));
    }
    this.#planWatch();
  }
}

function isOverrun(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === "SERVING_DEADLINE";
}
