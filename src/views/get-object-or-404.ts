import { HttpError } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { DoesNotExist } from "#orm";

/** What can be looked up in: a query or a manager. */
export interface LookUp<T, Where> {
  get(where: Where): PromiseLike<T>;
}

/** What can be listed. */
export interface Filterable<T, Where> {
  filter(where: Where): PromiseLike<readonly T[]>;
}

/** A model, by the manager that its rows are read through. */
export interface HasObjects<Source> {
  readonly objects: Source;
}

/** 404, where a row was looked for. */
export function nothingFound(verboseName?: string): HttpError {
  const options = { code: "HTTP_NOT_FOUND" };
  if (verboseName === undefined) return new HttpError(404, "There is nothing here.", options);
  const text = gettext("No %(verbose_name)s found matching the query");
  return new HttpError(404, interpolate(text, { verbose_name: verboseName }), options);
}

/**
 * The row, or 404. It is looked for in a model, in a manager or in a query.
 *
 * ```ts
 * const coffee = await getObjectOr404(Coffee.objects.filter({ isIce: true }), { id });
 * ```
 * @throws HttpError 404; the model's MultipleObjectsReturned
 */
export async function getObjectOr404<T, Where>(
  source: LookUp<T, Where> | HasObjects<LookUp<T, Where>>,
  where: Where,
): Promise<T> {
  const from = "objects" in source ? source.objects : source;
  try {
    return await from.get(where);
  } catch (error) {
    throw error instanceof DoesNotExist ? nothingFound(verboseNameOf(from)) : error;
  }
}

/** The rows, or 404 where there are none. `await getListOr404(Coffee.objects, { isIce: true })` */
export async function getListOr404<T, Where>(
  source: Filterable<T, Where> | HasObjects<Filterable<T, Where>>,
  where: Where,
): Promise<readonly T[]> {
  const from = "objects" in source ? source.objects : source;
  const rows = await from.filter(where);
  if (rows.length === 0) throw nothingFound(verboseNameOf(from));
  return rows;
}

function verboseNameOf(source: object): string | undefined {
  return (source as { model?: { meta?: { verboseName?: string } } }).model?.meta?.verboseName;
}
