/**
 * How a host came to its end. `"ended"` is on purpose and no fault of what ran in it; `"killed"` is by somebody else, the system
 * that ran out of memory or a person, and may or may not be one.
 */
export type LossCause = "crashed" | "memory" | "killed" | "ended";

/** Rejects what waits on a host that has ended. */
export class HostLost extends Error {
  readonly kind: LossCause;

  constructor(reason: string, kind: LossCause) {
    super(reason);
    this.kind = kind;
  }
}
