import { randomBytes } from "node:crypto";
import type { SessionStore } from "./session-store.ts";

/** A session as it came from its store. */
export interface LoadedSession {
  key: string;
  data: Record<string, unknown>;
}

/**
 * What the site remembers of a visitor. Values are JSON. It is saved after the view, only where it changed;
 * an empty session is never kept.
 *
 * ```ts
 * request.session.set("cart", [3, 5]);
 * request.session.get("cart");
 * ```
 */
export class Session {
  #key: string | null;
  readonly #values: Map<string, unknown>;
  /** Keys that this session had and must not have any more. */
  readonly #dropped: string[] = [];
  #modified = false;
  #maxAge: number | undefined;

  constructor(loaded?: LoadedSession) {
    this.#key = loaded?.key ?? null;
    this.#values = new Map(Object.entries(loaded?.data ?? {}));
    this.#maxAge = typeof loaded?.data["_maxAge"] === "number" ? loaded.data["_maxAge"] : undefined;
  }

  /** The session's key; null until it was saved for the first time. */
  get key(): string | null {
    return this.#key;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  get modified(): boolean {
    return this.#modified;
  }

  /** Seconds the session lives, where it has a time of its own. */
  get maxAge(): number | undefined {
    return this.#maxAge;
  }

  get<T = unknown>(name: string): T | undefined {
    return this.#values.get(name) as T | undefined;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  set(name: string, value: unknown): void {
    this.#values.set(name, value);
    this.#modified = true;
  }

  delete(name: string): boolean {
    const had = this.#values.delete(name);
    if (had) this.#modified = true;
    return had;
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  /** Says that a value was changed in place. */
  touch(): void {
    this.#modified = true;
  }

  /** Gives this session a life of its own, in seconds. */
  setMaxAge(seconds: number): void {
    this.#maxAge = seconds;
    this.set("_maxAge", seconds);
  }

  /** A new key for the same data: call it when the visitor's rights change, so that a key planted before is worth nothing. */
  cycleKey(): void {
    this.#drop();
    this.#modified = true;
  }

  /** Forgets everything, the key too. */
  flush(): void {
    this.#drop();
    this.#values.clear();
    this.#maxAge = undefined;
    this.#modified = true;
  }

  /** Writes what changed. The pipeline calls it after the view. */
  async save(store: SessionStore, maxAge: number): Promise<void> {
    const dropped = this.#dropped.splice(0);
    this.#modified = false;
    if (this.isEmpty && this.#key !== null) dropped.push(this.#key);
    for (const key of dropped) await store.remove(key);
    if (this.isEmpty) this.#key = null;
    else await this.#write(store, new Date(Date.now() + maxAge * 1000));
  }

  async #write(store: SessionStore, expiresAt: Date): Promise<void> {
    const data = Object.fromEntries(this.#values);
    if (this.#key === null) {
      this.#key = randomBytes(32).toString("base64url");
      await store.create(this.#key, data, expiresAt);
    } else if (!(await store.save(this.#key, data, expiresAt))) this.#key = null;
  }

  #drop(): void {
    if (this.#key !== null) this.#dropped.push(this.#key);
    this.#key = null;
  }
}
