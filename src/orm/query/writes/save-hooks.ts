import type { ModelMeta } from "../../model/meta.ts";
import type { AnyRow } from "../../model/rows/row.ts";
import { postSave, preSave } from "../../signals/model-signals.ts";

/** What receivers are told about rows that one statement writes. */
export interface BulkSave {
  readonly using: string | undefined;
  readonly created: boolean;
  readonly only?: readonly string[] | undefined;
}

/** Writes rows with `preSave` and `postSave` around them, sent for each row, as `save()` does. */
export async function withSaveHooks(
  meta: ModelMeta,
  rows: readonly AnyRow[],
  { bulk, write }: { bulk: BulkSave; write: () => Promise<void> },
): Promise<void> {
  const { created, only, using = "default" } = bulk;
  const sent = (instance: AnyRow) => ({ instance, raw: false, only, using });
  if (!preSave.isIdle) for (const row of rows) await preSave.send(meta.model, sent(row));
  await write();
  if (!postSave.isIdle) for (const row of rows) await postSave.send(meta.model, { ...sent(row), created });
}
