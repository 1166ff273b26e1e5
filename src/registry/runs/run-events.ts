import { EventEmitter } from "node:events";
import { Run, RunEvent, type RunState } from "../models.ts";

/** Something that a run told, in the order of `id`. */
export interface RunNews {
  id: number;
  kind: "state" | "progress" | "metric" | "log";
  data: Record<string, unknown>;
}

export interface RunEventsOptions {
  /** Only what came after this id. */
  after?: number | undefined;
  /** Ends the stream. */
  signal?: AbortSignal | undefined;
}

/** Milliseconds between two looks at the table, for what other processes wrote. */
const lookEvery = 1_000;
const batchSize = 200;

const announcements = new EventEmitter().setMaxListeners(0);

const ends: ReadonlySet<RunState> = new Set(["succeeded", "failed", "cancelled", "interrupted"]);

/** True when nothing more will come of a run in this state. */
export function isFinished(state: string): boolean {
  return ends.has(state as RunState);
}

/** The event that a client of a stream saw last, as its `Last-Event-ID` says; 0, from the beginning, where it says nothing. */
export function eventNumber(lastEventId: string | undefined): number {
  const given = Number(lastEventId ?? 0);
  return Number.isSafeInteger(given) ? given : 0;
}

/** Writes down what a run told, and tells who listens. */
export async function recordEvent(run: number, kind: RunNews["kind"], data: Record<string, unknown>): Promise<void> {
  await RunEvent.objects.create({ runId: run, kind, data });
  announcements.emit(String(run));
}

/**
 * What a run has told and goes on to tell, until it has finished.
 *
 * ```ts
 * for await (const { kind, data } of runEvents(run.id)) console.log(kind, data);
 * ```
 */
export async function* runEvents(id: number, options: RunEventsOptions = {}): AsyncGenerator<RunNews> {
  let after = options.after ?? 0;
  const bell = new Bell(id, options.signal);
  try {
    while (!options.signal?.aborted) {
      bell.hush();
      // The state is read before the events, so that none of a finished run's can be missed.
      const run = await Run.objects.filter({ id }).first();
      const news = await readEvents(id, after);
      for (const event of news) {
        after = event.id;
        yield event;
      }
      if (news.length === batchSize) continue;
      if (!run || isFinished(run.state)) return;
      await bell.rung();
    }
  } finally {
    bell.remove();
  }
}

async function readEvents(run: number, after: number): Promise<RunNews[]> {
  const events = await RunEvent.objects
    .filter({ runId: run, id: { gt: after } })
    .orderBy("id")
    .slice(0, batchSize);
  return events.map(({ id, kind, data }) => ({ id, kind: kind as RunNews["kind"], data }));
}

/** Listens for a run's news all the while, so that none falls between two looks at the table. */
class Bell {
  readonly #run: string;
  #hasRung = false;
  #wake: (() => void) | undefined;

  constructor(run: number, signal: AbortSignal | undefined) {
    this.#run = String(run);
    signal?.addEventListener("abort", this.#ring, { once: true });
    announcements.on(this.#run, this.#ring);
  }

  readonly #ring = (): void => {
    this.#hasRung = true;
    this.#wake?.();
  };

  hush(): void {
    this.#hasRung = false;
  }

  /** At the next ring, at once if there was one since `hush`, or after a while: other processes ring no bell here. */
  async rung(): Promise<void> {
    if (this.#hasRung) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, lookEvery);
    await promise;
    clearTimeout(timer);
  }

  remove(): void {
    announcements.off(this.#run, this.#ring);
  }
}
