import { HttpError } from "#http";

/** What can be looked up in: a QuerySet or a manager. */
export interface LookUp<T, Where> {
  filter(where: Where): { first(): PromiseLike<T | null | undefined> };
}

/** What can be listed. */
export interface Filterable<T, Where> {
  filter(where: Where): PromiseLike<readonly T[]>;
}

/** 404, where a row was looked for. */
export function nothingFound(): HttpError {
  return new HttpError(404, "There is nothing here.", { code: "HTTP_NOT_FOUND" });
}

/**
 * The row, or 404.
 *
 * ```ts
 * const coffee = await getObjectOr404(Coffee.objects, { id });
 * ```
 * @throws HttpError 404
 */
export async function getObjectOr404<T, Where>(source: LookUp<T, Where>, where: Where): Promise<T> {
  const row = await source.filter(where).first();
  if (row === null || row === undefined) throw nothingFound();
  return row;
}

/** The rows, or 404 where there are none. `await getListOr404(Coffee.objects, { isIce: true })` */
export async function getListOr404<T, Where>(source: Filterable<T, Where>, where: Where): Promise<readonly T[]> {
  const rows = await source.filter(where);
  if (rows.length === 0) throw nothingFound();
  return rows;
}
