import { servingErrors } from "../errors.ts";

/** What occupies memory, and can be let go. */
export interface Resident {
  readonly name: string;
  /** Bytes: measured where it is loaded and that can be told, else the size of its files. */
  readonly memory: number;
  /** When it was last asked for, as a count that only grows. */
  readonly lastUse: number;
  /** False while it is being loaded: then it is not let go. */
  readonly loaded: boolean;
  /** True for what is never let go to make room. */
  readonly kept: boolean;
  unload(): Promise<void>;
}

/**
 * Keeps the loaded versions of all models within a number of bytes: before one is loaded, those that were asked for
 * longest ago are let go. While a version takes over from another of its model, both may be there.
 */
export class MemoryBudget {
  readonly #limit: number;
  readonly #residents = new Set<Resident>();
  #last: Promise<void> = Promise.resolve();

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** Bytes that the loaded versions occupy. */
  get used(): number {
    let sum = 0;
    for (const resident of this.#residents) sum += resident.memory;
    return sum;
  }

  /** Makes room for what is about to be loaded, and counts it from now on. `beside` may stay. @throws SERVING_NO_MEMORY */
  admit(resident: Resident, beside: Resident | undefined): Promise<void> {
    if (this.#limit === Number.POSITIVE_INFINITY) return Promise.resolve();
    const admitted = this.#last.then(() => this.#admit(resident, beside));
    this.#last = admitted.catch(() => {});
    return admitted;
  }

  /** It is not there any more. */
  left(resident: Resident): void {
    this.#residents.delete(resident);
  }

  async #admit(resident: Resident, beside: Resident | undefined): Promise<void> {
    const staying = [...this.#residents].filter((each) => each.kept && each !== resident && each !== beside);
    const kept = staying.reduce((sum, { memory }) => sum + memory, 0);
    if (resident.memory + kept > this.#limit)
      throw servingErrors.SERVING_NO_MEMORY({ what: resident.name, needed: resident.memory, kept, limit: this.#limit });
    this.#residents.add(resident);
    const others = [...this.#residents].filter((each) => each.loaded && !each.kept && each !== resident && each !== beside);
    for (const longestAgo of others.sort((a, b) => a.lastUse - b.lastUse)) {
      if (this.used <= this.#limit) break;
      await longestAgo.unload();
      this.#residents.delete(longestAgo);
    }
  }
}
