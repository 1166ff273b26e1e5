import { resolve } from "node:path";
import type { PredictionEvent } from "../models/prediction-event.ts";
import { DailyFile } from "./daily-file.ts";
import { type PayloadForm, payloadLine } from "./payload-line.ts";
import type { PayloadRecord, PayloadSettings } from "./payload-settings.ts";

/** Predictions that may wait to be written; more are dropped, and counted. */
const MOST_WAITING = 1000;
/** How many are written in one turn of the event loop. */
const AT_ONCE = 16;
/** How many calls of a project's function may be under way. */
const MOST_CALLS = 64;
const MAX_BYTES = 65_536;

interface Waiting {
  event: PredictionEvent;
  time: Date;
}

/**
 * How it works: a prediction that is to be written down waits in a short list until its answer is on its way, and is then
 * written as one line of JSON. Where the disk or the project's function is slower than predictions come, they are dropped.
 */
export class PayloadLog {
  written = 0;
  dropped = 0;
  readonly #settings: PayloadSettings;
  readonly #models: ReadonlySet<string> | undefined;
  readonly #form: PayloadForm;
  readonly #warn: (message: string) => void;
  readonly #file: DailyFile | undefined;
  readonly #waiting: Waiting[] = [];
  readonly #calls = new Set<Promise<void>>();
  #planned = false;
  #hasFailed = false;

  constructor(settings: PayloadSettings, { root, warn }: { root: string; warn(message: string): void }) {
    const { to, models, redact = [], maxBytes = MAX_BYTES, keepDays } = settings;
    this.#settings = settings;
    this.#warn = warn;
    this.#form = { redact: new Set(redact), maxBytes };
    if (models) this.#models = new Set(models);
    if (typeof to === "string") this.#file = new DailyFile(resolve(root, to), { keepDays, warn });
  }

  take(event: PredictionEvent): void {
    if (this.#models && !this.#models.has(event.model)) return;
    const { sample = 1 } = this.#settings;
    if (sample < 1 && Math.random() >= sample) return;
    if (this.#waiting.length >= MOST_WAITING) return void this.dropped++;
    this.#waiting.push({ event, time: new Date() });
    this.#plan();
  }

  /** Fulfilled when all that was taken is written. */
  async close(): Promise<void> {
    for (const waiting of this.#waiting.splice(0)) this.#write(waiting);
    await Promise.all(this.#calls);
    await this.#file?.close();
  }

  #plan(): void {
    if (this.#planned || this.#calls.size >= MOST_CALLS) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      for (const waiting of this.#waiting.splice(0, AT_ONCE)) this.#write(waiting);
      if (this.#waiting.length > 0) this.#plan();
    });
  }

  #write({ event, time }: Waiting): void {
    try {
      const line = payloadLine(event, time, this.#form);
      const { to } = this.#settings;
      if (typeof to === "function") this.#call(to, line);
      else if (this.#file!.write(line, time)) this.written++;
      else this.dropped++;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The function gets what the line holds, so that it cannot change what somebody still works on. */
  #call(to: (record: PayloadRecord) => void | Promise<void>, line: string): void {
    const calling = (async () => to(JSON.parse(line) as PayloadRecord))().then(
      () => void this.written++,
      (error: unknown) => this.#fail(error),
    );
    this.#calls.add(calling);
    void calling.finally(() => {
      this.#calls.delete(calling);
      if (this.#waiting.length > 0) this.#plan();
    });
  }

  #fail(error: unknown): void {
    this.dropped++;
    if (!this.#hasFailed) this.#warn(`A prediction could not be written down: ${(error as Error).message}`);
    this.#hasFailed = true;
  }
}
