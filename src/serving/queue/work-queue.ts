import type { AskOptions } from "../engines/engine.ts";

/** What one run gave to one caller, with the milliseconds it waited and ran. */
export interface Answer<R> {
  result: R;
  queued: number;
  ran: number;
  /** How many rows ran together with it, itself included; 0 where nothing ran. */
  batch: number;
  /** True where it came from the response cache. */
  cached: boolean;
}

/** Work for a batcher: what to run, how many rows it counts for, and how its caller wants it. */
export interface Work<T> {
  payload: T;
  rows: number;
  ask: AskOptions;
}

/** Work that waits or runs. */
export interface Entry<T, R> extends Work<T> {
  readonly arrived: number;
  /** When its answer is too late. */
  readonly expires: number;
  /** How many milliseconds that is after its request came. */
  readonly deadline: number;
  /** Where it stands in the queue: 0 goes first. */
  level: number;
  /** Answered, refused or given up. */
  settled: boolean;
  /** True for what holds a slot by itself, as long as it likes. */
  readonly alone: boolean;
  /** What was queued as a whole has the same one. */
  readonly whole: object | undefined;
  resolve(answer: Answer<R>): void;
  reject(error: unknown): void;
}

/** Work in the order in which it is to run: by level, and within a level first come first served. */
export class WorkQueue<T, R> {
  readonly #levels: Entry<T, R>[][];
  #size = 0;
  #rows = 0;

  /** One level more than there are priorities: behind everything else stands what has waited too long. */
  constructor(priorities: number) {
    this.#levels = Array.from({ length: priorities + 1 }, () => []);
  }

  get size(): number {
    return this.#size;
  }

  /** How many rows wait, in all of it. */
  get rows(): number {
    return this.#rows;
  }

  get lastLevel(): number {
    return this.#levels.length - 1;
  }

  push(entry: Entry<T, R>): void {
    this.#levels[entry.level]!.push(entry);
    this.#size++;
    this.#rows += entry.rows;
  }

  /** The first, and what fits into one run with it: at most so many rows. Nothing is taken away. */
  together(maxSize: number, joinable: (a: T, b: T) => boolean): Entry<T, R>[] {
    const batch: Entry<T, R>[] = [];
    let rows = 0;
    for (const level of this.#levels) {
      for (const entry of level) {
        const first = batch[0];
        if (first === undefined) {
          batch.push(entry);
          rows = entry.rows;
          if (entry.alone) return batch;
        } else if (!entry.alone && rows + entry.rows <= maxSize && joinable(first.payload, entry.payload)) {
          batch.push(entry);
          rows += entry.rows;
        }
        if (rows >= maxSize) return batch;
      }
    }
    return batch;
  }

  /** Takes away what is about to run. */
  remove(batch: readonly Entry<T, R>[]): void {
    if (batch.length === this.#size) {
      for (const level of this.#levels) level.length = 0;
      this.#size = this.#rows = 0;
      return;
    }
    const taken = new Set(batch);
    this.#keep((entry) => !taken.has(entry));
  }

  /** Takes away what was settled while it waited. */
  removeSettled(): void {
    this.#keep((entry) => !entry.settled);
  }

  /** Puts an entry behind everything else. */
  delay(entry: Entry<T, R>): void {
    this.remove([entry]);
    entry.level = this.lastLevel;
    this.push(entry);
  }

  /** What waits at lower levels than this: the last of the lowest, so many at most. What has waited too long is none of it. */
  lessUrgent(level: number, count: number): Entry<T, R>[] {
    const found: Entry<T, R>[] = [];
    for (let below = this.lastLevel - 1; below > level && found.length < count; below--)
      found.push(...this.#levels[below]!.slice(found.length - count));
    return found;
  }

  /** What waits, in its order. */
  entries(): Entry<T, R>[] {
    return this.#levels.flat();
  }

  #keep(wanted: (entry: Entry<T, R>) => boolean): void {
    this.#size = this.#rows = 0;
    for (let i = 0; i < this.#levels.length; i++) {
      if (this.#levels[i]!.length > 0) this.#levels[i] = this.#levels[i]!.filter(wanted);
      this.#size += this.#levels[i]!.length;
      for (const { rows } of this.#levels[i]!) this.#rows += rows;
    }
  }
}
