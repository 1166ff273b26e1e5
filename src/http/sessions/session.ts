import { randomBytes } from "node:crypto";
import type { SessionData, SessionStore } from "./session-store.ts";

/** A session as it came from its store. */
export interface LoadedSession {
  key: string;
  data: SessionData;
}

/** How long sessions live where they say nothing themselves. */
export interface SessionLife {
  /** Seconds. */
  maxAge: number;
  expireAtBrowserClose: boolean;
}

const usualLife: SessionLife = { maxAge: 14 * 24 * 3600, expireAtBrowserClose: false };
/** Where a session keeps its own life: seconds, a moment, or 0 for the closing of the browser. */
const expiryName = "_expiry";
const testCookieName = "_testCookie";

/**
 * What the site remembers of a visitor: a Map whose values are JSON. It is saved after the view, only where it changed;
 * an empty session is never kept. What other requests of the visitor changed meanwhile under other names stays.
 *
 * ```ts
 * request.session.set("cart", [3, 5]);
 * request.session.get("cart");
 * ```
 */
export class Session extends Map<string, unknown> {
  #key: string | null;
  readonly #life: SessionLife;
  readonly #isLoaded: boolean;
  /** What it was before the first change, as JSON. */
  #before: string | undefined;
  /** Keys that this session had and must not have any more. */
  readonly #dropped: string[] = [];
  /** The names that were set or deleted. */
  #changed = new Set<string>();
  #modified = false;

  constructor(loaded?: LoadedSession, life: SessionLife = usualLife) {
    super();
    this.#key = loaded?.key ?? null;
    this.#life = life;
    this.#isLoaded = loaded !== undefined;
    for (const [name, value] of Object.entries(loaded?.data ?? {})) super.set(name, value);
  }

  /** The session's key; null until it was saved for the first time. */
  get key(): string | null {
    return this.#key;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  get modified(): boolean {
    return this.#modified;
  }

  override get<T = unknown>(name: string): T | undefined {
    return super.get(name) as T | undefined;
  }

  override set(name: string, value: unknown): this {
    this.#change(name);
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    if (!this.has(name)) return false;
    this.#change(name);
    return super.delete(name);
  }

  /** Removes every value; the key stays. */
  override clear(): void {
    for (const name of this.keys()) this.#change(name);
    super.clear();
  }

  /** Takes a value out: it is given and forgotten. */
  pop<T = unknown>(name: string): T | undefined {
    const value = this.get<T>(name);
    this.delete(name);
    return value;
  }

  /** The value; where there is none, this one is set and given. */
  setDefault<T>(name: string, value: T): T {
    if (!this.has(name)) this.set(name, value);
    return this.get<T>(name)!;
  }

  /** Sets several values. */
  update(values: Readonly<SessionData>): void {
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  /** Says that values were changed in place: those of these names, or any. */
  touch(...names: readonly string[]): void {
    for (const name of names.length > 0 ? names : this.keys()) this.#change(name);
    this.#modified = true;
  }

  /**
   * How long this session lives: seconds after its last change, until a moment, 0 until the browser is closed,
   * or null for as long as the settings say.
   *
   * ```ts
   * request.session.setExpiry(0);
   * ```
   */
  setExpiry(life: number | Date | null): void {
    if (life === null) this.delete(expiryName);
    else this.set(expiryName, life instanceof Date ? life.toISOString() : life);
  }

  /** Seconds from now at which it is over, if nothing changes. */
  get expiryAge(): number {
    const own = this.get(expiryName);
    if (typeof own === "string") return Math.max(0, (Date.parse(own) - Date.now()) / 1000);
    return typeof own === "number" && own > 0 ? own : this.#life.maxAge;
  }

  /** The moment at which it is over, if nothing changes. */
  get expiryDate(): Date {
    return new Date(Date.now() + this.expiryAge * 1000);
  }

  /** Whether the browser forgets it when it is closed. */
  get expiresAtBrowserClose(): boolean {
    const own = this.get(expiryName);
    return own === undefined ? this.#life.expireAtBrowserClose : own === 0;
  }

  /** Sets a value that comes back only from a browser that takes cookies. */
  setTestCookie(): void {
    this.set(testCookieName, true);
  }

  /** Whether the value of `setTestCookie`, on an earlier page, came back. */
  get testCookieWorked(): boolean {
    return this.#isLoaded && this.get(testCookieName) === true;
  }

  deleteTestCookie(): void {
    this.delete(testCookieName);
  }

  /** A new key for the same data: call it when the visitor's rights change, so that a key planted before is worth nothing. */
  cycleKey(): void {
    this.#drop();
    this.#modified = true;
  }

  /** Forgets everything, the key too. */
  flush(): void {
    this.#drop();
    super.clear();
    this.#modified = true;
  }

  /** Writes what changed. The pipeline calls it after the view. */
  async save(store: SessionStore): Promise<void> {
    const dropped = this.#dropped.splice(0);
    this.#modified = false;
    if (this.isEmpty && this.#key !== null) dropped.push(this.#key);
    for (const key of dropped) await store.remove(key);
    if (this.isEmpty) this.#key = null;
    else await this.#write(store);
  }

  async #write(store: SessionStore): Promise<void> {
    const [data, expiresAt, changed] = [Object.fromEntries(this), this.expiryDate, [...this.#changed]];
    this.#changed = new Set();
    if (this.#key === null) {
      const key = randomBytes(32).toString("base64url");
      this.#key = (await store.create(key, { data, expiresAt, changed })) ?? key;
      return;
    }
    const loaded = this.#before === undefined ? undefined : (JSON.parse(this.#before) as SessionData);
    this.#before = undefined;
    const saved = await store.save(this.#key, { data, expiresAt, changed, loaded });
    if (saved === false) this.#key = null;
    else if (typeof saved === "string") this.#key = saved;
  }

  #change(name: string): void {
    if (this.#isLoaded) this.#before ??= JSON.stringify(Object.fromEntries(this));
    this.#changed.add(name);
    this.#modified = true;
  }

  #drop(): void {
    if (this.#key !== null) this.#dropped.push(this.#key);
    this.#key = null;
  }
}
