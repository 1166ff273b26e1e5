import type { RunOptions, SequenceRun } from "../engines/runtime.ts";
import type { TraceSpan } from "../engines/trace-span.ts";
import type { Entry } from "./work-queue.ts";

/** A run in flight: who waits for it, and what a runner may ask of it. */
export class RunControl<T, R> implements RunOptions {
  readonly entries: readonly Entry<T, R>[];
  readonly rows: number;
  sequence: SequenceRun | undefined;
  #controller: AbortController | undefined;
  #givenUp = false;
  #spans: TraceSpan[] | undefined;

  /** `again` where it was run with others before. */
  constructor(entries: readonly Entry<T, R>[], again = false) {
    this.entries = entries;
    let rows = 0;
    for (const entry of entries) rows += entry.rows;
    this.rows = rows;
    for (const { ask, arrived } of entries)
      if (ask.trace) (this.#spans ??= []).push(beginRun(ask.trace, { arrived, rows, again }));
  }

  get trace(): TraceSpan | undefined {
    return this.#spans?.[0];
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

  /** Ends what the traces of its requests tell of it. */
  ended(error?: unknown): void {
    if (this.#spans !== undefined) for (const span of this.#spans) span.end({ error });
  }

  giveUp(): void {
    this.#givenUp = true;
    this.#controller?.abort();
  }
}

/** What a request's trace tells of its wait, which is over, and of its run, which begins. */
export function beginRun(
  request: TraceSpan,
  { arrived, rows, again = false }: { arrived: number; rows: number; again?: boolean },
): TraceSpan {
  if (!again) request.child("queue", { since: arrived }).end();
  return request.child("run", { attributes: { "cortado.batch.rows": rows } });
}
