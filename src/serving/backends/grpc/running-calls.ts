import { setTimeout as sleep } from "node:timers/promises";

/** Anything that is told when a call is over: answered to its last byte, or given up. */
interface Ending {
  on(event: "cancelled", listener: () => void): unknown;
}

/** Counts the calls that are not over, so that a server which closes knows when nobody waits for an answer. */
export class RunningCalls {
  #count = 0;
  #wake: (() => void) | undefined;

  add(call: Ending): void {
    this.#count++;
    call.on("cancelled", () => {
      if (--this.#count === 0) this.#wake?.();
    });
  }

  /** Fulfilled when all of them have been over for so many milliseconds. @throws AbortError */
  async quietFor(milliseconds: number, signal: AbortSignal): Promise<void> {
    do {
      if (this.#count > 0) await new Promise<void>((wake) => (this.#wake = wake));
      await sleep(milliseconds, undefined, { ref: false, signal });
    } while (this.#count > 0);
  }
}
