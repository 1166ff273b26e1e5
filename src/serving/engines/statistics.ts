import { CortadoError } from "#kernel";
import { Durations } from "./durations.ts";

/** How often something happened, and how many milliseconds it took in all. */
export interface Tally {
  count: number;
  milliseconds: number;
}

/** The runs of one batch size. */
export interface BatchStatistics {
  /** How many rows ran together; above 256 rounded up to a power of two. */
  size: number;
  /** Putting the rows under one another. */
  computeInput: Tally;
  computeInfer: Tally;
  /** Cutting the outputs apart. */
  computeOutput: Tally;
}

/** What a version has answered since the process started. */
export interface VersionStatistics {
  /** Requests that were answered, from the question to the answer. */
  success: Tally;
  /** Requests that were not. */
  fail: Tally;
  /** How many of these were given up by their callers. */
  cancelled: number;
  /** How many of these were refused because too much waited, or it had waited too long. */
  refused: number;
  /** How many of these were not answered before their deadline. */
  late: number;
  /** How long requests waited for a run; one of several items as long as the last of them. */
  queue: Tally;
  /** The checks of what came, and `preprocess`. */
  computeInput: Tally;
  /** The model's own time, of every request that had a part in a run. */
  computeInfer: Tally;
  /** `postprocess`, and the checks of what goes. */
  computeOutput: Tally;
  /** Items that were answered from the response cache. */
  cacheHit: Tally;
  /** Items that were looked for in it and not found. */
  cacheMiss: Tally;
  /** Items and rows that were run: a batch of eight counts eight. */
  rows: number;
  /** Runs: a batch of eight counts one. */
  runs: number;
  /** The runs by batch size, the smallest first. */
  batches: BatchStatistics[];
  /** How many answers took up to 1, 2.5, 5, 10, 25, 50, 100, 250 and 500 milliseconds, 1, 2.5, 5, 10 and 30 seconds, and longer. */
  durations: number[];
  /** ISO 8601. */
  lastAnswer?: string;
}

/** The milliseconds of one run. */
export interface RunTimes {
  input: number;
  infer: number;
  output: number;
}

type TallyName = { [K in keyof VersionStatistics]: VersionStatistics[K] extends Tally ? K : never }[keyof VersionStatistics] &
  string;

const refusals: ReadonlySet<string> = new Set(["SERVING_QUEUE_FULL", "SERVING_WAITED_TOO_LONG"]);

/** Callers choose how many rows they send, and must not grow the table without end. */
const EXACT_SIZES = 256;

/** Counts what a version answers. It outlives what is loaded, and adding to it costs a few additions. */
export class Statistics {
  readonly #tallies: Record<TallyName, Tally> = {
    success: tally(),
    fail: tally(),
    queue: tally(),
    computeInput: tally(),
    computeInfer: tally(),
    computeOutput: tally(),
    cacheHit: tally(),
    cacheMiss: tally(),
  };
  readonly #durations = new Durations();
  readonly #batches = new Map<number, BatchStatistics>();
  #cancelled = 0;
  #refused = 0;
  #late = 0;
  #rows = 0;
  #runs = 0;
  #lastAnswer = 0;

  add(name: TallyName, milliseconds: number): void {
    const at = this.#tallies[name];
    at.count++;
    at.milliseconds += milliseconds;
  }

  /** One run of so many rows. */
  ran(rows: number, { input, infer, output }: RunTimes): void {
    this.#runs++;
    this.#rows += rows;
    const at = this.#batchesOf(rows);
    at.computeInput.count++;
    at.computeInput.milliseconds += input;
    at.computeInfer.count++;
    at.computeInfer.milliseconds += infer;
    at.computeOutput.count++;
    at.computeOutput.milliseconds += output;
  }

  answered(milliseconds: number): void {
    this.add("success", milliseconds);
    this.#durations.add(milliseconds);
    this.#lastAnswer = Date.now();
  }

  failed(error: unknown, milliseconds: number): void {
    this.add("fail", milliseconds);
    if (!(error instanceof CortadoError)) {
      if ((error as Error | undefined)?.name === "AbortError") this.#cancelled++;
    } else if (error.code === "SERVING_DEADLINE") this.#late++;
    else if (refusals.has(error.code)) this.#refused++;
  }

  snapshot(): VersionStatistics {
    const copies = Object.entries(this.#tallies).map(([name, at]) => [name, { ...at }]);
    return {
      ...(Object.fromEntries(copies) as Record<TallyName, Tally>),
      cancelled: this.#cancelled,
      refused: this.#refused,
      late: this.#late,
      rows: this.#rows,
      runs: this.#runs,
      batches: structuredClone([...this.#batches.values()]).sort((a, b) => a.size - b.size),
      durations: this.#durations.snapshot(),
      ...(this.#lastAnswer === 0 ? {} : { lastAnswer: new Date(this.#lastAnswer).toISOString() }),
    };
  }

  #batchesOf(rows: number): BatchStatistics {
    const size = rows <= EXACT_SIZES ? rows : 2 ** Math.ceil(Math.log2(rows));
    let at = this.#batches.get(size);
    if (at === undefined)
      this.#batches.set(size, (at = { size, computeInput: tally(), computeInfer: tally(), computeOutput: tally() }));
    return at;
  }
}

function tally(): Tally {
  return { count: 0, milliseconds: 0 };
}
