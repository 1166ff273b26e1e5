import type { Engine } from "../engines/engine.ts";

/** A loaded engine, and how many predictions are using it. */
export class HeldEngine {
  readonly engine: Engine;
  /** ISO 8601. */
  readonly since = new Date().toISOString();
  #users = 0;
  #idle: (() => void) | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** True while somebody uses it, or will: a sequence that is open here goes on nowhere else. */
  get busy(): boolean {
    return this.#users > 0 || (this.engine.openSequences ?? 0) > 0;
  }

  /** How many predictions are using it. */
  get users(): number {
    return this.#users;
  }

  take(): this {
    this.#users++;
    return this;
  }

  done(): void {
    if (--this.#users === 0) this.#idle?.();
  }

  /** Fulfilled when nobody uses it. Nobody takes it any more. */
  async idle(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }
}
