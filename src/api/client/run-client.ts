import { serverEvents } from "./server-events.ts";
import type { Transport } from "./transport.ts";

/** A training, as the API tells it. */
export interface RunDescription {
  id: number;
  model: string;
  state: "queued" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled" | "interrupted";
  /** The version that it made. */
  version: string | null;
  metrics: Record<string, number> | null;
  error: { code: string; message: string; hint?: string } | null;
}

/** What a training tells while it runs: `state`, `progress`, `metric` or `log`. */
export interface RunEvent {
  event: string;
  data: unknown;
}

const finished = new Set(["succeeded", "failed", "cancelled", "interrupted"]);

/** One training. */
export class RunClient {
  readonly id: number;
  readonly #transport: Transport;

  constructor(transport: Transport, id: number) {
    this.#transport = transport;
    this.id = id;
  }

  /** How it stands now. */
  describe(): Promise<RunDescription> {
    return this.#transport.json({ method: "GET", address: `runs/${this.id}`, repeatable: true });
  }

  /** What it tells, from its beginning, until it ends. */
  async *events({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<RunEvent> {
    const question = {
      method: "GET",
      address: `runs/${this.id}`,
      accept: "text/event-stream",
      repeatable: true,
      signal,
    } as const;
    for await (const { event, data } of serverEvents(await this.#transport.send(question), signal)) yield { event, data };
  }

  /** Waits until it has ended, however it ended. */
  async finished(options: { signal?: AbortSignal } = {}): Promise<RunDescription> {
    for (;;) {
      for await (const _ of this.events(options));
      const run = await this.describe();
      if (finished.has(run.state)) return run;
    }
  }

  /** Asks it to stop. */
  cancel(): Promise<RunDescription> {
    return this.#transport.json({ method: "POST", address: `runs/${this.id}/cancel`, body: {}, repeatable: true });
  }
}
