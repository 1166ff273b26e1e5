/**
 * What can go wrong when an operation meets rows, other connections and code that is running:
 * values are lost, a table is locked while others wait, rows make it fail, running code breaks, or it cannot be undone.
 */
export type RiskKind = "losesData" | "locks" | "mayFail" | "breaksRunningCode" | "irreversible";

/** Why an operation deserves a look before it runs on a big or precious table. */
export interface Risk {
  readonly kind: RiskKind;
  /** What it does: `deletes every value of shop.Coffee.price`. */
  readonly message: string;
  /** What to do instead. */
  readonly safer?: string | undefined;
}
