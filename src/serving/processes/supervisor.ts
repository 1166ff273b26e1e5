import { setTimeout as sleep } from "node:timers/promises";
import { servingErrors } from "../errors.ts";
import type { Breaker } from "./breaker.ts";
import { HostLost } from "./host-lost.ts";

/** What may end at any time: a process, or a line to one. */
export interface Mortal {
  /** False from when it takes nothing more. */
  readonly alive: boolean;
  /** Settles when it is gone. */
  readonly gone: Promise<void>;
}

/** What a supervisor needs to know of what it holds. */
export interface Supervised<T extends Mortal> {
  /** The model's name, for messages. */
  model: string;
  /** Counts the failures, of other copies of the model too. */
  breaker: Breaker;
  /** Starts one, and has it load the model. */
  start(): Promise<T>;
  /** Gives up a start that goes on. */
  giveUp?(): void;
  /** Lets one go that is not needed any more. */
  end(held: T): void | Promise<void>;
  /** Told of one that has ended by itself, before the next one is started. */
  onLost?(lost: T): void;
}

/**
 * Holds one loaded copy of a model. It is started once however many ask for it, and again at once when it is lost: after the
 * breaker's pauses, and not while that has the model left alone.
 */
export class Supervisor<T extends Mortal> {
  readonly #supervised: Supervised<T>;
  #held: T | undefined;
  #opening: Promise<T> | undefined;
  #closed = false;
  #ending: Promise<void> | undefined;

  constructor(supervised: Supervised<T>) {
    this.#supervised = supervised;
  }

  get held(): T | undefined {
    return this.#held;
  }

  /** What is held, where it takes something; what does not find it opens it. */
  get ready(): T | undefined {
    return this.#held?.alive ? this.#held : undefined;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @throws SERVING_MODEL_BROKEN, HostLost where it was let go meanwhile, and what starting throws */
  open(): Promise<T> {
    this.#opening ??= this.replace().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Starts another one in place of the one that is held, which goes on. @throws as `open` */
  async replace(): Promise<T> {
    const { model, breaker } = this.#supervised;
    const { broken } = breaker;
    if (broken) throw servingErrors.SERVING_MODEL_BROKEN({ model, ...broken });
    await sleep(breaker.pause);
    if (this.#closed) throw new HostLost("it is not needed any more", "ended");
    const held = await this.#supervised.start();
    this.#held = held;
    if (this.#closed) void this.#supervised.end(held);
    void held.gone.then(() => this.#onLost(held));
    return held;
  }

  /** Lets it go for good, once however often it is told to. */
  close(): Promise<void> {
    this.#closed = true;
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#supervised.giveUp?.();
    if (this.#held) await this.#supervised.end(this.#held);
  }

  /** It is started again at once, before anyone asks for it. */
  #onLost(lost: T): void {
    if (this.#held !== lost) return;
    this.#held = undefined;
    if (this.#closed) return;
    this.#supervised.onLost?.(lost);
    // A failure is met, and told, by the next run.
    this.open().catch(() => {});
  }
}
