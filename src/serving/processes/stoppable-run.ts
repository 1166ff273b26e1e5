import type { LossCause } from "./host-lost.ts";
import type { OwnProcess } from "./own-process.ts";

export interface StoppableRunOptions {
  process: Pick<OwnProcess, "kill">;
  /** Tells the process that nobody waits for the run any more. */
  stop(): void;
  /** Milliseconds that it has to heed that. */
  grace: number;
  /** How its end counts where it does not. */
  kind: LossCause;
  /** Gives the run up when it is aborted. */
  signal: AbortSignal | undefined;
}

/** A run that may be given up: its process is told, and ended where it goes on with it. */
export class StoppableRun {
  readonly #options: StoppableRunOptions;
  readonly #onAbort = (): void => this.giveUp();
  #killing: NodeJS.Timeout | undefined;

  constructor(options: StoppableRunOptions) {
    this.#options = options;
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  giveUp(kind = this.#options.kind): void {
    const { process, stop, grace } = this.#options;
    stop();
    this.#killing ??= setTimeout(() => process.kill("a run that was given up did not end", kind), grace).unref();
  }

  /** It has ended. */
  end(): void {
    clearTimeout(this.#killing);
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }
}
