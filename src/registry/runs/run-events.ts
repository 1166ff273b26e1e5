import { EventEmitter, once } from "node:events";
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
  while (!options.signal?.aborted) {
    // The state is read before the events, so that none of a finished run's can be missed.
    const run = await Run.objects.filter({ id }).first();
    const news = await RunEvent.objects
      .filter({ runId: id, id: { gt: after } })
      .orderBy("id")
      .slice(0, batchSize);
    for (const event of news) {
      after = event.id;
      yield { id: event.id, kind: event.kind as RunNews["kind"], data: event.data };
    }
    if (news.length === batchSize) continue;
    if (!run || isFinished(run.state)) return;
    await announced(id, options.signal);
  }
}

async function announced(id: number, signal: AbortSignal | undefined): Promise<void> {
  const timeout = AbortSignal.timeout(lookEvery);
  await once(announcements, String(id), { signal: signal ? AbortSignal.any([timeout, signal]) : timeout }).catch(() => {});
}
