/** Milliseconds that statements may take together before the rest of the program has its turn. */
const longest = 10;

/**
 * SQLite answers at once, so a thousand requests that await it one after the other would never let the event loop
 * turn: no socket would be read and no timer run meanwhile. Statements ask here whether they are to wait for a turn.
 */
class LoopTurns {
  #asked = 0;
  #since: number | undefined;
  #due = false;

  /** Whether the loop has not turned for too long; the clock is looked at every sixteenth time. */
  isDue(): boolean {
    if (this.#due) return true;
    if ((++this.#asked & 15) !== 0) return false;
    const now = performance.now();
    if (this.#since !== undefined) return (this.#due = now - this.#since > longest);
    this.#since = now;
    setImmediate(() => {
      this.#since = undefined;
      this.#due = false;
    });
    return false;
  }

  next(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** The turns of this process's loop. */
export const loopTurns = new LoopTurns();
