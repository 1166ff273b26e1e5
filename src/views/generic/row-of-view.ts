import type { ModelClass } from "#orm";
import { ValidationError } from "#validation";
import { viewsErrors } from "../errors.ts";
import { getObjectOr404, nothingFound } from "../get-object-or-404.ts";
import { queryOf, type RowsOptions } from "./rows-of-view.ts";
import type { Params, ViewCall } from "./view-call.ts";

/** Which row a view is about. */
export interface RowOptions<T, P = Params> extends RowsOptions<P> {
  /** The parameter of the address that has the primary key: `pk` or `id` by default. */
  pkParam?: string | undefined;
  /** The field that a row is looked up by where the address has no key: `slug`. */
  slugField?: string | undefined;
  /** The parameter that has its value: named as the field, or `slug`. */
  slugParam?: string | undefined;
  /** Looks up by both where the address has both, so that a row has one address only. */
  queryPkAndSlug?: boolean | undefined;
  /** Finds the row in another way; `find()` is what the view does otherwise. */
  getObject?: ((call: ViewCall<P> & { find(): Promise<T> }) => T | Promise<T>) | undefined;
  /** What templates call the row beside `object`: `coffee` by default. */
  contextObjectName?: string | undefined;
}

/** The row that the address names. @throws VIEWS_MISSING_PARAMETER, HttpError 404 */
export async function rowOf<T, P>(
  view: string,
  model: ModelClass<T>,
  { call, options }: { call: ViewCall<P>; options: RowOptions<T, P> },
): Promise<T> {
  const find = async (): Promise<T> => {
    const where = whereOf(view, model, { params: call.params as Params, options });
    return getObjectOr404(queryOf(view, model, { call, options }), where) as Promise<T>;
  };
  if (options.getObject === undefined) return find();
  const row = await options.getObject({ ...call, find });
  if (row === null || row === undefined) throw nothingFound(model.meta.verboseName);
  return row;
}

/** What the parameters of an address say of the row. @throws VIEWS_MISSING_PARAMETER, HttpError 404 */
function whereOf(
  view: string,
  model: ModelClass,
  { params, options }: { params: Params; options: RowOptions<any, any> },
): Record<string, unknown> {
  const { slugField = "slug", queryPkAndSlug } = options;
  const keyParams = options.pkParam === undefined ? ["pk", "id"] : [options.pkParam];
  const slugParams = options.slugParam === undefined ? [...new Set([slugField, "slug"])] : [options.slugParam];
  const key = keyParams.find((name) => name in params);
  const slug = key === undefined || queryPkAndSlug ? slugParams.find((name) => name in params) : undefined;
  if (key === undefined && slug === undefined)
    throw viewsErrors.VIEWS_MISSING_PARAMETER({ view, wanted: [...keyParams, ...slugParams], given: Object.keys(params) });
  return {
    ...(key === undefined ? {} : { pk: valueOf(model, "pk", params[key]) }),
    ...(slug === undefined ? {} : { [slugField]: valueOf(model, slugField, params[slug]) }),
  };
}

/** What an address says of a field; where no row could have it, there is none. @throws HttpError 404 */
function valueOf({ meta }: ModelClass, name: string, given: unknown): unknown {
  if (name.includes(".")) return given;
  const field = name === "pk" ? meta.primaryKey : meta.field(name);
  try {
    return field.parse(given);
  } catch (error) {
    throw error instanceof ValidationError ? nothingFound(meta.verboseName) : error;
  }
}

/** How templates know a row. */
export function rowContext(
  model: ModelClass,
  row: unknown,
  { contextObjectName }: { contextObjectName?: string | undefined },
): Record<string, unknown> {
  return { object: row, [contextObjectName ?? model.meta.slug]: row };
}
