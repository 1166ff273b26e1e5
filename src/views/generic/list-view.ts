import { type HttpRequest, HttpError, type HttpResponse, methods, type View } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { type ModelClass, QuerySet } from "#orm";
import { KeysetPaginator } from "../pagination/keyset-paginator.ts";
import { Paginator } from "../pagination/paginator.ts";
import { UncountedPaginator } from "../pagination/uncounted-paginator.ts";
import { type AnyPage, type JsonOfRow, listInJson } from "./json-answer.ts";
import { renderPage } from "./render-page.ts";
import { rowsOf, type RowsOptions } from "./rows-of-view.ts";
import { namedView, type PageOptions, type Params, type Step, stepValue, templateFor, type ViewCall } from "./view-call.ts";

/** What the steps of a list are told. */
export interface ListCall<T, P = Params> extends ViewCall<P> {
  /** The rows that are shown: those of the page, or all. A query is read when it is awaited. */
  readonly rows: readonly T[] | PromiseLike<readonly T[]>;
  /** The page, where the list is cut into pages. */
  readonly page: AnyPage<T> | undefined;
}

/** How rows are listed. */
export interface ListingOptions<T, P = Params, C = ListCall<T, P>> extends RowsOptions<P>, PageOptions<C> {
  /** Their order: `["-price", "name"]`; the query's own by default. */
  ordering?: Step<string | readonly string[] | undefined, ViewCall<P>> | undefined;
  /** How many rows a page has; all rows are shown by default. */
  paginateBy?: Step<number | undefined, ViewCall<P>> | undefined;
  /** So many rows, or fewer, are no page of their own. */
  paginateOrphans?: number | undefined;
  /** The parameter of the address or of the query that names the page: `page`, which may be `last`. */
  pageParam?: string | undefined;
  /**
   * How the list is cut: by numbers, which needs a count; by numbers without one (`uncounted`); or from row to row
   * (`keyset`, with `?after=` and `?before=`), which costs the same however deep and wants a query.
   */
  pagination?: "numbered" | "uncounted" | "keyset" | undefined;
  /** Whether a list without rows is shown; otherwise it is 404. True by default. */
  allowEmpty?: boolean | undefined;
  /** What templates call the rows beside `object_list`: `coffee_list` by default. */
  contextObjectName?: string | undefined;
  /** The ending of the default template's name: `_list`. */
  templateNameSuffix?: string | undefined;
  /** What clients that prefer JSON are told of each row; without it they get the page too. */
  json?: JsonOfRow<T> | undefined;
}

/** A list, when its rows are known. */
export interface Listing {
  readonly view: string;
  readonly model: ModelClass;
  readonly rows: QuerySet<any, any, any> | readonly any[];
  readonly suffix: string;
  /** What the template is given besides. */
  readonly context?: Record<string, unknown> | undefined;
}

/**
 * Lists the rows of a model: `object_list` and `coffee_list`, and with `paginateBy` the `page_obj` of `?page=`.
 *
 * ```ts
 * path("coffee/", listView(Coffee, { queryset: () => Coffee.objects.filter({ isIce: true }), paginateBy: 25 }));
 * ```
 */
export function listView<M extends ModelClass, P = Params>(model: M, options: ListingOptions<InstanceType<M>, P> = {}): View<P> {
  const view = async (request: HttpRequest, params: P) => {
    const call = { request, params };
    const { rows } = await rowsOf(model, call, options);
    return answerList(call, { view: "listView", model, rows, suffix: "_list" }, options);
  };
  return methods(namedView("listView", view), ["GET"]);
}

/** The page, or the JSON, of a list. */
export async function answerList<T, P>(
  call: ViewCall<P>,
  listing: Listing,
  options: ListingOptions<T, P, any>,
): Promise<HttpResponse> {
  const { request } = call;
  const perPage = await stepValue(options.paginateBy, call);
  const order = await stepValue(options.ordering, call);
  const ordered =
    order === undefined || !(listing.rows instanceof QuerySet) ? listing.rows : listing.rows.orderBy(...[order].flat());
  const { all } = options.allowEmpty === false ? await refuseEmpty(ordered, listing, perPage) : { all: ordered };
  const page = perPage === undefined ? undefined : await pageOf<T, P>(call, { rows: all, perPage }, options);
  const rows = (page?.rows ?? all) as readonly T[];
  const { json: made } = options;
  if (made !== undefined && request.prefersJson) return (await listInJson(request, { rows, page, made })).vary("Accept");
  const shown = {
    view: listing.view,
    templates: [templateFor(listing.model, options.templateNameSuffix ?? listing.suffix)],
    context: { ...listing.context, ...listContext({ rows, page }, listing.model, options) },
  };
  const answer = await renderPage({ ...call, rows, page }, shown, options);
  return made === undefined ? answer : answer.vary("Accept");
}

/** Without pages the rows are read here, once for the question whether there are any and for the page. */
async function refuseEmpty(
  rows: QuerySet<any, any, any> | readonly any[],
  { model, view }: Listing,
  perPage: number | undefined,
): Promise<{ all: QuerySet<any, any, any> | readonly any[] }> {
  const isWhole = perPage === undefined || !(rows instanceof QuerySet);
  const all = isWhole ? await rows : rows;
  if (all instanceof QuerySet ? await all.exists() : all.length > 0) return { all };
  throw emptyList(model, view);
}

/** 404, where a list must have rows. */
export function emptyList(model: ModelClass, view: string): HttpError {
  const text = interpolate(gettext("No %(verbose_name_plural)s available"), {
    verbose_name_plural: model.meta.verboseNamePlural,
  });
  return new HttpError(404, text, { code: "HTTP_NOT_FOUND", hint: `${view} does not allow an empty list.` });
}

async function pageOf<T, P>(
  { request, params }: ViewCall<P>,
  { rows, perPage }: { rows: QuerySet<any, any, any> | readonly any[]; perPage: number },
  options: ListingOptions<T, P, any>,
): Promise<AnyPage<T>> {
  const { pagination = "numbered", pageParam = "page", paginateOrphans: orphans, allowEmpty: allowEmptyFirstPage } = options;
  if (pagination === "keyset" && rows instanceof QuerySet) {
    const place = { after: request.query.get("after"), before: request.query.get("before") };
    return new KeysetPaginator<T>(rows, perPage).page(place);
  }
  const asked: unknown = (params as Params)[pageParam] ?? request.query.get(pageParam) ?? 1;
  if (pagination !== "numbered") return new UncountedPaginator<T>(rows as QuerySet<any, T, any>, perPage).page(asked);
  const paginator = await Paginator.of<T>(rows, perPage, { orphans, allowEmptyFirstPage });
  return paginator.page(asked === "last" ? paginator.numPages : asked);
}

function listContext<T>(
  { rows, page }: { rows: unknown; page: AnyPage<T> | undefined },
  model: ModelClass,
  { contextObjectName = `${model.meta.slug}_list` }: ListingOptions<T, any, any>,
): Record<string, unknown> {
  return {
    object_list: rows,
    [contextObjectName]: rows,
    page_obj: page ?? null,
    paginator: page?.paginator ?? null,
    is_paginated: page?.hasOtherPages ?? false,
  };
}
