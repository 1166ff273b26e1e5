/** Failures in a row after which a model is left alone for a while: as many as two predictions make. */
const LIMIT = 6;
/** Milliseconds of the first pause between two starts, which doubles. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** Milliseconds that a broken model is left alone at first; it doubles each time it fails again. */
const FIRST_REST = 5000;
const LONGEST_REST = 5 * 60_000;

/** Why a model is left alone, and for how long still. */
export interface Broken {
  reason: string;
  seconds: number;
}

/**
 * How it works: a model whose process ends is started again at once; when that is in vain, after pauses that double; and
 * when it fails again and again without one good run between, not at all for a while, so that it costs the machine
 * nothing. Then one run is let through: a good one makes everything as before.
 */
export class Breaker {
  #failures = 0;
  #failedAt = 0;
  #reason = "";

  /** Set while the model is left alone. */
  get broken(): Broken | undefined {
    if (this.#failures < LIMIT) return undefined;
    const rest = Math.min(LONGEST_REST, FIRST_REST * 2 ** (this.#failures - LIMIT));
    const left = this.#failedAt + rest - performance.now();
    return left > 0 ? { reason: this.#reason, seconds: Math.ceil(left / 1000) } : undefined;
  }

  /** Milliseconds to wait before the next start. */
  get pause(): number {
    if (this.#failures < 2) return 0;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 2));
    return Math.max(0, this.#failedAt + pause - performance.now());
  }

  succeed(): void {
    this.#failures = 0;
  }

  fail(reason: string): void {
    this.#failures++;
    this.#failedAt = performance.now();
    this.#reason = reason;
  }
}
