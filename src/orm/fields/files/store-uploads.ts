import type { AnyRow } from "../../model/rows/row.ts";
import type { FileField } from "./file-field.ts";

/** Where a model's class says which of its fields have files to store; most classes have none. */
export const fileFields: unique symbol = Symbol("cortado.fileFields");

/** What a row's files need before it is written; undefined for the rows of most models. */
export function storeUploads(row: AnyRow): Promise<void> | undefined {
  const fields = (row as { [fileFields]?: readonly FileField[] })[fileFields];
  return fields === undefined ? undefined : storeEach(row, fields);
}

async function storeEach(row: AnyRow, fields: readonly FileField[]): Promise<void> {
  for (const field of fields) await field.beforeWrite(row);
}
