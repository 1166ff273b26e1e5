import { servingErrors } from "../errors.ts";
import type { HostLost } from "./host-lost.ts";
import { readableBytes } from "./readable-bytes.ts";

/** How often what was lost with its process is sent again. */
export interface AttemptLimits {
  /** The model's name, for messages. */
  model: string;
  /** How often it is sent, in all. */
  attempts: number;
  /** The same, where it is memory that the process had too much of. */
  memoryAttempts?: number;
  /** Milliseconds after the first loss in which it is sent again. */
  within?: number;
  /** Bytes that the process may have. */
  memory: number | undefined;
}

/** Counts how often its process was lost under one piece of work. */
export class Attempts {
  readonly #limits: AttemptLimits;
  readonly #since = performance.now();
  #count = 0;

  constructor(limits: AttemptLimits) {
    this.#limits = limits;
  }

  /**
   * Notes a loss, after which the work is to be sent again. What only waited in a process that was ended is no cause of that,
   * and it is not counted. @throws SERVING_HOST_LOST, SERVING_OVER_MEMORY where it was the last time
   */
  lose(lost: HostLost, isLast = false): void {
    const { attempts, memoryAttempts = attempts, within = Number.POSITIVE_INFINITY } = this.#limits;
    if (lost.kind !== "ended") this.#count++;
    const enough = lost.kind === "memory" ? memoryAttempts : attempts;
    if (isLast || this.#count >= enough) throw this.#failure(lost);
    // Nobody waits any longer than that.
    if (performance.now() - this.#since > within) throw this.#hostLost();
  }

  #failure({ kind }: HostLost): Error {
    const { model, memory } = this.#limits;
    return kind === "memory" ? servingErrors.SERVING_OVER_MEMORY({ model, limit: readableBytes(memory!) }) : this.#hostLost();
  }

  #hostLost(): Error {
    return servingErrors.SERVING_HOST_LOST({ model: this.#limits.model, attempts: Math.max(1, this.#count) });
  }
}
