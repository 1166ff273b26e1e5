import { longestName, normaliseUsername } from "./abstract-user.ts";

/**
 * Log-ins are counted by name, by address and by both, when they begin: a hundred at once are a hundred tries. One that
 * succeeds is taken back. After a few, the next try has to wait; each further one doubles the wait up to a quarter of an hour. The pair is the tight one, so that a stranger who guesses
 * elsewhere does not soon lock a user out. Kept in this process' memory, bounded.
 */

interface Tries {
  count: number;
  blockedUntil: number;
}

const freeTries = { pair: 5, name: 30, address: 30 };
const firstWait = 2_000;
const longestWait = 15 * 60_000;
const mostKept = 10_000;

export class LoginLimit {
  readonly #tries = new Map<string, Tries>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Counts a try that may begin now, and gives 0; otherwise the milliseconds until one may. */
  begin(name: string, address: string): number {
    const wait = this.#waitFor(name, address);
    if (wait === 0) this.#count(name, address);
    return wait;
  }

  /** Takes the try back: the name is forgiven here, the address its try alone, or one known account would reset it. */
  succeeded(name: string, address: string): void {
    for (const [key] of keysOf(name, address)) {
      const tries = this.#tries.get(key);
      if (tries === undefined) continue;
      if (key === pairKey(name, address) || tries.count <= 1) this.#tries.delete(key);
      else this.#tries.set(key, { count: tries.count - 1, blockedUntil: 0 });
    }
  }

  #waitFor(name: string, address: string): number {
    const until = Math.max(...keysOf(name, address).map(([key]) => this.#tries.get(key)?.blockedUntil ?? 0));
    return Math.max(0, until - this.#now());
  }

  #count(name: string, address: string): void {
    for (const [key, free] of keysOf(name, address)) {
      const count = (this.#tries.get(key)?.count ?? 0) + 1;
      const wait = count < free ? 0 : Math.min(longestWait, firstWait * 2 ** (count - free));
      this.#tries.delete(key);
      this.#tries.set(key, { count, blockedUntil: this.#now() + wait });
    }
    this.#forgetOldest();
  }

  /** A Map keeps the order of insertion, and a try inserts anew: the first key is the one longest without a try. */
  #forgetOldest(): void {
    for (const key of this.#tries.keys()) {
      if (this.#tries.size <= mostKept) return;
      this.#tries.delete(key);
    }
  }
}

function keysOf(name: string, address: string): [key: string, freeTries: number][] {
  return [
    [pairKey(name, address), freeTries.pair],
    [`name:${spelling(name)}`, freeTries.name],
    [`address:${address}`, freeTries.address],
  ];
}

function pairKey(name: string, address: string): string {
  return `pair:${address}:${spelling(name)}`;
}

/** One for every way to type the name of one account, and never longer than a name can be. */
function spelling(name: string): string {
  return normaliseUsername(name.slice(0, longestName)).trim().toLowerCase();
}
