import { HttpError, type HttpRequest } from "#http";
import { ValidationError } from "#validation";
import { visibleRows } from "../lists/list-query.ts";
import type { ModelAdmin } from "../model-admin.ts";

/** The row of an address; null where there is none that this user sees. */
export async function findRow(request: HttpRequest, admin: ModelAdmin, id: string): Promise<any> {
  const key = keyOf(admin, id);
  return key === undefined ? null : visibleRows(request, admin).filter({ pk: key }).first();
}

/** The row of an address. @throws HttpError 404 */
export async function requireRow(request: HttpRequest, admin: ModelAdmin, id: string): Promise<any> {
  return (await findRow(request, admin, id)) ?? missingRow(admin, id);
}

export function missingRow({ model }: ModelAdmin, id: string): never {
  throw new HttpError(404, `There is no ${model.meta.verboseName} with the key “${id}”. It may have been deleted.`);
}

/** What an address says as the model's key; undefined where it cannot be one. No key holds a NUL. */
function keyOf({ model }: ModelAdmin, id: string): unknown {
  try {
    return id.includes("\0") ? undefined : model.meta.primaryKey.clean(id);
  } catch (error) {
    if (error instanceof ValidationError) return undefined;
    throw error;
  }
}
