/** How a host came to its end. `"ended"` is on purpose and no fault of what ran in it. */
export type LossCause = "crashed" | "memory" | "ended";

/** Rejects what waits on a host that has ended. */
export class HostLost extends Error {
  readonly kind: LossCause;

  constructor(reason: string, kind: LossCause) {
    super(reason);
    this.kind = kind;
  }
}
