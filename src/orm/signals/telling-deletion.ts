import { metaOf } from "../model/rows/row.ts";
import type { DeleteSignal, postDelete } from "./model-signals.ts";

/** Sends a signal for each of these rows, as its own class. Rows of a middle table that nobody declared go untold. */
export async function tellDeletion(
  signal: typeof postDelete,
  rows: readonly object[],
  sent: Omit<DeleteSignal, "instance">,
): Promise<void> {
  if (signal.isIdle) return;
  for (const instance of rows) {
    const { model, options } = metaOf(instance);
    if (options.autoCreated !== true) await signal.send(model, { ...sent, instance });
  }
}
