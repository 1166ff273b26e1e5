import { performance } from "node:perf_hooks";
import type { AskOptions } from "../engines/engine.ts";
import type { RunOptions, RunResult } from "../engines/runtime.ts";
import type { TraceSpan } from "../engines/trace-span.ts";
import { servingErrors } from "../errors.ts";
import { BatchTuner } from "./batch-tuner.ts";
import { QueueWatch, refuse } from "./queue-watch.ts";
import { beginRun, RunControl } from "./run-control.ts";
import { type Answer, type Entry, type Work, WorkQueue } from "./work-queue.ts";

export interface BatcherOptions<T, R> {
  model: string;
  /** The most rows in one run. */
  maxSize: number;
  /** Milliseconds that a run which is not full waits for more. */
  maxDelay: number;
  /** False where batches are filled whatever is measured. */
  adaptive: boolean;
  /** How much work may wait. */
  queueSize: number;
  /** How many levels of priority there are. */
  levels: number;
  /** Milliseconds that work may wait for a run, where that is less than its deadline. */
  maxWait: number | undefined;
  /** Whether work that has waited too long is refused, or goes behind everything else. */
  whenLate: "refuse" | "delay";
  /** Milliseconds in which an answer must come, where the caller does not want it sooner. */
  deadline: number;
  /** How many runs go side by side. */
  slots: number;
  /** How many more may be handed over before one of those is answered. */
  ahead: number;
  /** True when two payloads can be run together. */
  joinable(a: T, b: T): boolean;
  /** Runs payloads together and answers them in their order. */
  run(payloads: T[], options: RunOptions): Promise<RunResult<R[]>>;
}

/** Milliseconds up to which a run is as short as what it takes to hand the next one over. */
const SHORT = 1;
/** So many rows are worth being handed over while a run goes on. Fewer wait for more: every run wakes two processes. */
const WORTH_A_RUN = 12;

/** A slot that is held until it is given back. */
export interface Slot {
  /** How many milliseconds it took to get it. */
  queued: number;
  /** What is told of the time in which it is held, where its request is traced. */
  trace: TraceSpan | undefined;
  release(error?: unknown): void;
}

/**
 * How it works: work waits in a bounded queue, by priority and then first come first served. Whenever a slot is free, as much
 * compatible work as fits one run is taken from the queue; under load, batches fill by themselves, as far as measurement
 * shows that they gain; without load nothing waits. `QueueWatch` looks after what is too late or has been given up, so that
 * a plain request needs neither a timer nor a listener; a run itself is limited by its runner.
 */
export class Batcher<T, R> {
  readonly #options: BatcherOptions<T, R>;
  readonly #tuner: BatchTuner;
  readonly #queue: WorkQueue<T, R>;
  readonly #runs = new Set<RunControl<T, R>>();
  readonly #watch: QueueWatch<T, R>;
  #busy = 0;
  /** Slots that are held. */
  #held = 0;
  #pumpPlanned = false;
  #delayed = false;
  /** Rows that have been handed over and are not answered. */
  #inFlight = 0;
  #meanRun = 1;
  /** Mean milliseconds that a run took where it ran. */
  #running = Number.POSITIVE_INFINITY;

  constructor(options: BatcherOptions<T, R>) {
    this.#options = options;
    this.#tuner = new BatchTuner(options.maxSize, options.adaptive);
    this.#queue = new WorkQueue(options.levels);
    const { model, maxWait, whenLate } = options;
    this.#watch = new QueueWatch({ model, queue: this.#queue, runs: this.#runs, maxWait, whenLate });
  }

  /** The whole seconds after which a full queue is likely to have room. */
  get retryAfter(): number {
    return Math.max(1, Math.ceil((this.#queue.size * this.#meanRun) / this.#options.slots / 1000));
  }

  /** How much work waits. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** The most rows in one run, after what was measured. */
  get limit(): number {
    return this.#tuner.limit;
  }

  /** Queues one piece of work. @throws SERVING_QUEUE_FULL; the answer rejects with that, SERVING_DEADLINE or SERVING_WAITED_TOO_LONG */
  submit(work: Work<T>): Promise<Answer<R>> {
    this.#demandRoom(1, work.ask);
    return new Promise((resolve, reject) => this.#enqueue(work, { resolve, reject, alone: false, whole: undefined }));
  }

  /** Queues all the work or none of it, and refuses it as a whole. */
  submitAll(work: readonly Work<T>[]): Promise<Answer<R>>[] {
    this.#demandRoom(work.length, work[0]?.ask ?? {});
    const whole = {};
    return work.map((one) => new Promise((resolve, reject) => this.#enqueue(one, { resolve, reject, alone: false, whole })));
  }

  /** Waits for a slot like any work, and holds it. */
  async hold(work: Work<T>): Promise<Slot> {
    this.#demandRoom(1, work.ask);
    const { queued } = await new Promise<Answer<R>>((resolve, reject) =>
      this.#enqueue(work, { resolve, reject, alone: true, whole: undefined }),
    );
    const trace = work.ask.trace && beginRun(work.ask.trace, { arrived: performance.now() - queued, rows: work.rows });
    let held = true;
    const release = (error?: unknown): void => {
      trace?.end({ error });
      if (!held) return;
      held = false;
      this.#held--;
      this.#free();
    };
    return { queued, trace, release };
  }

  /** In a full queue, what is more urgent takes the place of what is less. */
  #demandRoom(count: number, ask: AskOptions): void {
    const { model, queueSize } = this.#options;
    if (count > queueSize) {
      const problem = `holds ${count} items, and ${queueSize} are taken at once`;
      throw servingErrors.SERVING_BAD_INPUT({ where: "inputs", problem });
    }
    if (this.#queue.size + count <= queueSize) return;
    this.#watch.look();
    const { size } = this.#queue;
    const missing = size + count - queueSize;
    if (missing <= 0) return;
    const displaced = this.#queue.lessUrgent(this.#levelOf(ask), missing);
    if (displaced.length < missing) throw servingErrors.SERVING_QUEUE_FULL({ model, size });
    const refused = new Set(displaced.map((entry) => entry.whole ?? entry));
    for (const entry of this.#queue.entries())
      if (refused.has(entry.whole ?? entry)) refuse(entry, servingErrors.SERVING_QUEUE_FULL({ model, size }));
    this.#queue.removeSettled();
  }

  /** Where in the queue it is to stand: 0 goes first, and who asks for nothing in the middle. */
  #levelOf({ priority }: AskOptions): number {
    const { levels } = this.#options;
    return priority ? Math.min(Math.max(Math.trunc(priority), 1), levels) - 1 : (levels - 1) >> 1;
  }

  #enqueue(work: Work<T>, how: Pick<Entry<T, R>, "resolve" | "reject" | "alone" | "whole">): void {
    const { payload, rows, ask } = work;
    const arrived = performance.now();
    // A signal that is made when it is asked for belongs to a caller who has just come.
    if (typeof ask.signal === "object" && ask.signal.aborted) return how.reject(ask.signal.reason);
    let { deadline } = this.#options;
    let expires = arrived + deadline;
    if (ask.deadline !== undefined && (ask.since ?? arrived) + ask.deadline < expires) {
      ({ deadline } = ask);
      expires = (ask.since ?? arrived) + deadline;
      if (expires <= arrived)
        return how.reject(servingErrors.SERVING_DEADLINE({ model: this.#options.model, milliseconds: deadline }));
    }
    const level = this.#levelOf(ask);
    const { resolve, reject, alone, whole } = how;
    const entry = {
      payload,
      rows,
      ask,
      arrived,
      expires,
      deadline,
      level,
      settled: false,
      alone,
      whole,
      resolve,
      reject,
    };
    this.#queue.push(entry);
    this.#watch.expect(entry.expires, arrived);
    this.#planPump();
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
    while (this.#busy < this.#places && this.#queue.size > 0) {
      const batch = this.#take();
      if (batch === undefined) return;
      this.#start(batch);
    }
  }

  /**
   * How many runs may be under way. Short ones would leave the model idle while the next is handed over, where that is as large as
   * the last; of long ones, what has not begun is better kept here, where it grows and can be overtaken. How long a slot is held
   * is not known.
   */
  get #places(): number {
    const { slots, ahead } = this.#options;
    const worth = this.#held === 0 && this.#running < SHORT && this.#queue.rows >= Math.max(WORTH_A_RUN, this.#inFlight);
    return worth ? slots + ahead : slots;
  }

  /** The most rows of the next run: what waits is parted between the places that are free. */
  get #share(): number {
    const { rows } = this.#queue;
    return rows < 2 * WORTH_A_RUN ? rows : Math.floor(rows / (this.#places - this.#busy));
  }

  /** Takes a batch from the queue; undefined when it is worth waiting for more. */
  #take(): Entry<T, R>[] | undefined {
    const { maxDelay, joinable } = this.#options;
    const limit = this.#tuner.next(this.#queue.size);
    const batch = this.#queue.together(maxDelay > 0 ? limit : Math.min(limit, this.#share), joinable);
    if (maxDelay > 0 && !batch[0]!.alone) {
      const left = maxDelay - (performance.now() - batch[0]!.arrived);
      if (left > 0 && batch.reduce((sum, entry) => sum + entry.rows, 0) < limit) {
        this.#pumpAfter(left);
        return undefined;
      }
    }
    this.#queue.remove(batch);
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

  #start(batch: Entry<T, R>[]): void {
    this.#busy++;
    const entry = batch[0]!;
    if (!entry.alone) return void this.#run(batch);
    entry.settled = true;
    this.#held++;
    const queued = performance.now() - entry.arrived;
    entry.resolve({ result: undefined as R, queued, ran: 0, batch: 0, cached: false });
  }

  #free(): void {
    this.#busy--;
    if (this.#queue.size > 0) this.#planPump();
  }

  async #run(batch: Entry<T, R>[]): Promise<void> {
    const started = performance.now();
    const run = new RunControl(batch);
    this.#runs.add(run);
    this.#inFlight += run.rows;
    try {
      await this.#attempt(run, started);
    } catch (error) {
      if (batch.length > 1 && (error as { code?: string }).code !== "SERVING_DEADLINE") await this.#runAlone(batch);
      else for (const entry of batch) refuse(entry, error);
    } finally {
      this.#runs.delete(run);
      this.#inFlight -= run.rows;
      this.#meanRun = this.#meanRun * 0.9 + ((performance.now() - started) / batch.length) * 0.1;
      this.#free();
    }
  }

  /** One bad row must not fail the others: when a batch fails, each of it is run by itself. */
  async #runAlone(batch: Entry<T, R>[]): Promise<void> {
    for (const entry of batch) {
      if (entry.settled) continue;
      const run = new RunControl([entry], true);
      this.#runs.add(run);
      await this.#attempt(run, performance.now()).catch((error) => refuse(entry, error));
      this.#runs.delete(run);
    }
  }

  async #traced(payloads: T[], run: RunControl<T, R>): Promise<RunResult<R[]>> {
    try {
      const ran = await run.trace!.within(() => this.#options.run(payloads, run));
      run.ended();
      return ran;
    } catch (error) {
      run.ended(error);
      throw error;
    }
  }

  async #attempt(run: RunControl<T, R>, started: number): Promise<void> {
    const { entries } = run;
    const payloads = entries.map((entry) => entry.payload);
    const ran = await (run.trace ? this.#traced(payloads, run) : this.#options.run(payloads, run));
    const { result, milliseconds, rows = run.rows } = ran;
    this.#tuner.ran(rows, milliseconds);
    this.#running = this.#running === Number.POSITIVE_INFINITY ? milliseconds : this.#running * 0.9 + milliseconds * 0.1;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (entry.settled) continue;
      entry.settled = true;
      entry.resolve({ result: result[i]!, queued: started - entry.arrived, ran: milliseconds, batch: rows, cached: false });
    }
  }
}
