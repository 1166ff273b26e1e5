/**
 * Failed log-ins are counted by name, by address and by both. After a few, the next try has to wait; each further
 * failure doubles the wait up to a quarter of an hour. The pair is the tight one, so that a stranger who guesses
 * elsewhere does not soon lock a user out. Kept in this process' memory, bounded.
 */

interface Failures {
  count: number;
  blockedUntil: number;
}

const freeTries = { pair: 5, name: 30, address: 30 };
const firstWait = 2_000;
const longestWait = 15 * 60_000;
const mostKept = 10_000;

export class LoginLimit {
  readonly #failures = new Map<string, Failures>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Milliseconds until this name may be tried again from this address; 0 when it may now. */
  waitFor(name: string, address: string): number {
    const until = Math.max(...keysOf(name, address).map(([key]) => this.#failures.get(key)?.blockedUntil ?? 0));
    return Math.max(0, until - this.#now());
  }

  failed(name: string, address: string): void {
    for (const [key, free] of keysOf(name, address)) {
      const count = (this.#failures.get(key)?.count ?? 0) + 1;
      const wait = count < free ? 0 : Math.min(longestWait, firstWait * 2 ** (count - free));
      this.#failures.delete(key);
      this.#failures.set(key, { count, blockedUntil: this.#now() + wait });
    }
    this.#forgetOldest();
  }

  /** Forgets this name's failures here; the address keeps its count, or one known account would reset it. */
  succeeded(name: string, address: string): void {
    this.#failures.delete(pairKey(name, address));
  }

  /** A Map keeps the order of insertion, and a failure inserts anew: the first key is the one longest without a failure. */
  #forgetOldest(): void {
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= mostKept) return;
      this.#failures.delete(key);
    }
  }
}

function keysOf(name: string, address: string): [key: string, freeTries: number][] {
  return [
    [pairKey(name, address), freeTries.pair],
    [`name:${name.toLowerCase()}`, freeTries.name],
    [`address:${address}`, freeTries.address],
  ];
}

function pairKey(name: string, address: string): string {
  return `pair:${address}:${name.toLowerCase()}`;
}
