import type { RunOptions, SequenceRun } from "../engines/runtime.ts";
import type { Entry } from "./work-queue.ts";

/** A run in flight: who waits for it, and what a runner may ask of it. */
export class RunControl<T, R> implements RunOptions {
  readonly entries: readonly Entry<T, R>[];
  readonly rows: number;
  sequence: SequenceRun | undefined;
  #controller: AbortController | undefined;
  #givenUp = false;

  constructor(entries: readonly Entry<T, R>[]) {
    this.entries = entries;
    let rows = 0;
    for (const entry of entries) rows += entry.rows;
    this.rows = rows;
  }

  /** Made when it is asked for: most runners cannot give a run up. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#givenUp) this.#controller.abort();
    return this.#controller.signal;
  }

  get requestId(): string | undefined {
    return this.entries.length === 1 ? this.entries[0]!.ask.requestId : undefined;
  }

  /** What is left of the deadline of a run for one caller. */
  get deadline(): number | undefined {
    return this.entries.length === 1 ? Math.max(1, this.entries[0]!.expires - performance.now()) : undefined;
  }

  get priority(): number | undefined {
    return this.entries.length === 1 ? this.entries[0]!.ask.priority : undefined;
  }

  giveUp(): void {
    this.#givenUp = true;
    this.#controller?.abort();
  }
}
