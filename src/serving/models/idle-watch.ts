/** What is let go when nobody has asked for it for a while. */
export interface Idling {
  /** Seconds after which it is let go; undefined where it stays. */
  readonly idleAfter: number | undefined;
  /** When it was last asked for, as a count that only grows. */
  readonly lastUse: number;
  /** True while somebody uses it, or has a sequence open in it. */
  readonly busy: boolean;
  unload(): Promise<void>;
}

/** Milliseconds between two looks: a quarter of the shortest time, within these. */
const SHORTEST_LOOK = 20;
const LONGEST_LOOK = 1000;

/**
 * Lets go of loaded versions that nobody has asked for. It looks at their counts of use now and then, so that a prediction
 * need not read the clock for it.
 */
export class IdleWatch {
  readonly #warn: (message: string) => void;
  /** What each was seen at, and since when. */
  readonly #seen = new Map<Idling, { use: number; since: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Watches what has just been loaded. */
  add(loaded: Idling): void {
    if (loaded.idleAfter === undefined) return;
    this.#note(loaded);
    this.#look();
  }

  /** It is not loaded any more. */
  left(gone: Idling): void {
    this.#seen.delete(gone);
  }

  close(): void {
    this.#seen.clear();
    clearTimeout(this.#timer);
  }

  #note(loaded: Idling): void {
    this.#seen.set(loaded, { use: loaded.lastUse, since: performance.now() });
  }

  /** Lets go of what has been idle long enough, and comes again while there is something to watch. */
  #look(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    for (const [loaded, { use, since }] of this.#seen) {
      if (loaded.busy || loaded.lastUse !== use) this.#note(loaded);
      else if (now - since >= loaded.idleAfter! * 1000) this.#letGo(loaded);
    }
    if (this.#seen.size === 0) return;
    const shortest = Math.min(...[...this.#seen.keys()].map(({ idleAfter }) => idleAfter! * 1000));
    const pause = Math.min(LONGEST_LOOK, Math.max(SHORTEST_LOOK, shortest / 4));
    this.#timer = setTimeout(() => this.#look(), pause).unref();
  }

  #letGo(loaded: Idling): void {
    this.#seen.delete(loaded);
    loaded.unload().catch((error: Error) => this.#warn(`An idle model could not be let go: ${error.message}`));
  }
}
