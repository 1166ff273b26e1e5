import type { Handler } from "../handlers/handler.ts";
import { Batcher } from "../queue/batcher.ts";
import type { Answer } from "../queue/work-queue.ts";
import type { AskOptions, Batching } from "./engine.ts";
import type { Limits } from "./limits.ts";
import { queueSettings } from "./queue-settings.ts";
import { ResponseCache } from "./response-cache.ts";
import type { Runner, RunOptions, RunResult } from "./runtime.ts";
import { openSequences, type Sequences } from "./sequences.ts";
import type { Statistics } from "./statistics.ts";

interface QueuedEngineOptions<R extends Runner> {
  model: string;
  handler: Handler | undefined;
  limits: Limits;
  runner: R;
  statistics: Statistics;
  /** Whether payloads may be run together. */
  joins: boolean;
  /** Whether the handler's sequences are kept. */
  keepsSequences: boolean;
}

/** What may be answered from the cache. */
export interface Cacheable<Payload, Result> {
  payload: Payload;
  rows: number;
  /** Its answer, where it is kept. */
  kept: { value: Result } | undefined;
  keep(result: Result): void;
}

/** What the engines have in common: a runner behind a queue, with the handler's cache and sequences. */
export abstract class QueuedEngine<Payload, Result, R extends Runner> {
  protected readonly runner: R;
  protected readonly statistics: Statistics;
  protected readonly settings: ReturnType<typeof queueSettings>;
  protected readonly batcher: Batcher<Payload, Result>;
  protected readonly cache: ResponseCache | undefined;
  protected readonly sequences: Sequences | undefined;

  constructor({ model, handler, limits, runner, statistics, joins, keepsSequences }: QueuedEngineOptions<R>) {
    this.runner = runner;
    this.statistics = statistics;
    this.settings = queueSettings(limits, joins);
    this.batcher = new Batcher({
      ...this.settings,
      model,
      slots: runner.slots,
      ahead: ("ahead" in runner && runner.ahead) || 0,
      joinable: (a, b) => this.joinable(a, b),
      run: (payloads, options) => this.run(payloads, options),
    });
    const { cache } = handler?.options ?? {};
    if (cache) this.cache = new ResponseCache(cache);
    if (keepsSequences) this.sequences = openSequences(handler!, this.settings);
  }

  /** True when two payloads can be run together. */
  protected abstract joinable(a: Payload, b: Payload): boolean;

  /** Runs payloads together and answers them in their order. */
  protected abstract run(payloads: Payload[], options: RunOptions): Promise<RunResult<Result[]>>;

  /** Answers what is kept by that; the rest is queued together or not at all, and kept. */
  protected async throughCache(asked: readonly Cacheable<Payload, Result>[], ask: AskOptions): Promise<Answer<Result>[]> {
    const missing = asked.filter(({ kept }) => kept === undefined);
    const running = this.batcher.submitAll(missing.map(({ payload, rows }) => ({ payload, rows, ask }))).values();
    const answerOf = async ({ kept, keep }: Cacheable<Payload, Result>): Promise<Answer<Result>> => {
      if (kept) return { result: kept.value, queued: 0, ran: 0, batch: 0, cached: true };
      const answer = await running.next().value!;
      keep(answer.result);
      return answer;
    };
    return Promise.all(asked.map(answerOf));
  }

  get batching(): Batching {
    const { maxSize, maxDelay } = this.settings;
    return { enabled: maxSize > 1, maxSize, maxDelay, limit: this.batcher.limit };
  }

  get retryAfter(): number {
    return this.batcher.retryAfter;
  }

  get waiting(): number {
    return this.batcher.waiting;
  }

  get memory(): number | undefined {
    return this.runner.memory?.();
  }

  get problem(): string | undefined {
    return this.runner.problem?.();
  }

  get openSequences(): number {
    return this.sequences?.size ?? 0;
  }

  sequenceUsed(id: string): number | undefined {
    return this.sequences?.lastUse(id);
  }

  close(): void | Promise<void> {
    this.sequences?.close();
    return this.runner.close();
  }
}
