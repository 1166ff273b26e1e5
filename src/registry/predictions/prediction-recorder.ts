import { AsyncLocalStorage } from "node:async_hooks";
import type { ModelServer, PredictionEvent, PredictionTally } from "#serving";
import { Prediction } from "../models.ts";

declare module "#kernel" {
  interface Services {
    /** What writes predictions down. */
    predictions?: PredictionRecorder;
  }
}

/** Milliseconds after which what was recorded is written: predictions never wait for the database. */
export const WRITE_AFTER = 100;
/** How many predictions may wait to be written or be in the writing; more are forgotten, and counted. */
const MOST_WAITING = 2_000;
const AT_ONCE = 200;

interface Recorded {
  key: string;
  model: string;
  version: string;
  items: readonly unknown[];
  answers: readonly unknown[];
}

/** Writes down what handlers with `record` were asked and answered, a little later and many at once. */
export class PredictionRecorder implements PredictionTally {
  written = 0;
  dropped = 0;
  readonly #models: ModelServer;
  readonly #stop: () => void;
  #waiting: Recorded[] = [];
  #writingNow = 0;
  #hasWarned = false;
  /** The keys of what waits to be written or is being written. */
  readonly #pending = new Set<string>();
  /** Runs what belongs to no request: the transaction of the one that was recorded first has long ended. */
  readonly #apart = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(models: ModelServer) {
    this.#models = models;
    // Who observes makes every prediction tell of itself, so nobody does where nothing is recorded.
    const isNeeded = models.list().some(({ handler }) => handler?.options.record);
    this.#stop = isNeeded ? models.observe((event) => this.#take(event)) : () => {};
    if (isNeeded) models.recorded = this;
  }

  /** Fulfilled when a prediction of this process is written down, where it was to be. */
  async settled(key: string): Promise<void> {
    if (this.#pending.has(key)) await this.#write();
  }

  async close(): Promise<void> {
    this.#stop();
    clearTimeout(this.#timer);
    await this.#write();
  }

  #take({ model, version, inputs, outputs, options, error }: PredictionEvent): void {
    const key = options.predictionId;
    // Nobody could give the right answers to predictions that have no name of this kind.
    if (error !== undefined || !Array.isArray(inputs) || key === undefined || !this.#isRecorded(model)) return;
    if (this.#waiting.length + this.#writingNow >= MOST_WAITING) return this.#drop();
    this.#pending.add(key);
    this.#waiting.push({ key, model, version, items: inputs, answers: outputs });
    this.#timer ??= setTimeout(() => void this.#apart(() => this.#write()), WRITE_AFTER).unref();
  }

  #drop(): void {
    this.dropped++;
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    console.warn(
      `Predictions come faster than the database takes them: those beyond ${MOST_WAITING} that wait are not recorded. cortado_recorded_total counts them.`,
    );
  }

  #isRecorded(model: string): boolean {
    const record = this.#models.glance(model).handler?.options.record;
    return typeof record === "object" ? Math.random() * 100 < record.percent : record === true;
  }

  #write(): Promise<void> {
    this.#timer = undefined;
    const recorded = this.#waiting;
    this.#waiting = [];
    this.#writingNow += recorded.length;
    return (this.#writing = this.#writing.then(() => this.#writeAll(recorded)));
  }

  async #writeAll(recorded: readonly Recorded[]): Promise<void> {
    for (let from = 0; from < recorded.length; from += AT_ONCE) {
      const some = recorded.slice(from, from + AT_ONCE);
      const written = await writeSome(some);
      this.written += written;
      this.dropped += some.length - written;
    }
    for (const { key } of recorded) this.#pending.delete(key);
    this.#writingNow -= recorded.length;
  }
}

/** As JSON can hold it: integers that a double cannot hold become text. */
function plain(recorded: Recorded): Recorded {
  return JSON.parse(JSON.stringify(recorded, (_key, value: unknown) => plainPart(value))) as Recorded;
}

function plainPart(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Uint8Array) : value;
}

/**
 * How many were written. A prediction was answered whether or not it can be written down, and one that the database does not
 * take keeps no other from it.
 */
async function writeSome(recorded: readonly Recorded[]): Promise<number> {
  try {
    await Prediction.objects.bulkCreate(recorded.map((each) => new Prediction(plain(each))));
    return recorded.length;
  } catch (error) {
    if (recorded.length === 1) {
      console.warn(`A prediction could not be recorded: ${(error as Error).message}`);
      return 0;
    }
    const middle = Math.ceil(recorded.length / 2);
    return (await writeSome(recorded.slice(0, middle))) + (await writeSome(recorded.slice(middle)));
  }
}
