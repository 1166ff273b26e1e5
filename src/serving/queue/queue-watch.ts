import type { AskOptions } from "../engines/engine.ts";
import { servingErrors } from "../errors.ts";
import type { RunControl } from "./run-control.ts";
import type { Entry, WorkQueue } from "./work-queue.ts";

interface QueueWatchOptions<T, R> {
  model: string;
  queue: WorkQueue<T, R>;
  runs: ReadonlySet<RunControl<T, R>>;
  maxWait: number | undefined;
  whenLate: "refuse" | "delay";
}

/** Milliseconds between two looks while there is work. */
const EVERY = 50;
/** Milliseconds in which nothing new is expected to be seen: a full queue asks for looks as often as it refuses. */
const LEAST = 0.9;

/**
 * Looks, while there is work, for what has passed its deadline, has waited too long, or has lost its caller. A caller's signal
 * is read here and not listened to, and one timer serves all deadlines: neither costs a plain request anything.
 */
export class QueueWatch<T, R> {
  readonly #options: QueueWatchOptions<T, R>;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #looked = 0;

  constructor(options: QueueWatchOptions<T, R>) {
    this.#options = options;
  }

  /** Makes sure that there is a look when a deadline passes. */
  expect(expires: number, now: number): void {
    if (this.#timer !== undefined && expires >= this.#due) return;
    clearTimeout(this.#timer);
    this.#plan(Math.min(expires, now + EVERY), now);
  }

  /** Looks, unless it has just looked. */
  look(): void {
    const { queue, runs } = this.#options;
    const now = performance.now();
    if (now - this.#looked < LEAST) return;
    this.#looked = now;
    for (const entry of queue.entries()) this.#lookAt(entry, now, true);
    queue.removeSettled();
    for (const run of runs) {
      let wanted = false;
      for (const entry of run.entries) {
        this.#lookAt(entry, now, false);
        wanted ||= !entry.settled;
      }
      if (!wanted) run.giveUp();
    }
  }

  #plan(at: number, now: number): void {
    this.#due = at;
    this.#timer = setTimeout(() => this.#onTime(), Math.max(1, at - now)).unref();
  }

  #onTime(): void {
    this.#timer = undefined;
    this.look();
    const { queue, runs } = this.#options;
    if (queue.size === 0 && runs.size === 0) return;
    const now = performance.now();
    let next = now + EVERY;
    for (const entry of queue.entries()) next = Math.min(next, entry.expires);
    for (const run of runs) for (const entry of run.entries) if (!entry.settled) next = Math.min(next, entry.expires);
    this.#plan(next, now);
  }

  #lookAt(entry: Entry<T, R>, now: number, waits: boolean): void {
    if (entry.settled) return;
    const { model, maxWait, whenLate, queue } = this.#options;
    const signal = signalOf(entry.ask);
    if (signal?.aborted) refuse(entry, signal.reason);
    else if (now >= entry.expires) refuse(entry, servingErrors.SERVING_DEADLINE({ model, milliseconds: entry.deadline }));
    else if (waits && maxWait !== undefined && now - entry.arrived > maxWait && entry.level < queue.lastLevel) {
      if (whenLate === "delay") queue.delay(entry);
      else refuse(entry, servingErrors.SERVING_WAITED_TOO_LONG({ model, milliseconds: maxWait }));
    }
  }
}

/** Refuses work, if it has not been answered yet. */
export function refuse(entry: Entry<any, any>, reason: unknown): void {
  if (entry.settled) return;
  entry.settled = true;
  entry.reject(reason);
}

/** A caller's signal, made now where it is made when it is asked for. */
export function signalOf({ signal }: AskOptions): AbortSignal | undefined {
  return typeof signal === "function" ? signal() : signal;
}
