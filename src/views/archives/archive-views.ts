import { HttpError, type HttpRequest, methods, type View } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import type { ModelClass } from "#orm";
import type { Temporal } from "#validation";
import { answerRow, type DetailOptions } from "../generic/detail-view.ts";
import { answerList, type ListCall, type ListingOptions } from "../generic/list-view.ts";
import { rowOf } from "../generic/row-of-view.ts";
import { queryOf } from "../generic/rows-of-view.ts";
import { namedView, type Params, type ViewCall } from "../generic/view-call.ts";
import { today } from "./date-field.ts";
import { type DatedOptions, DatedRows } from "./dated-rows.ts";
import type { PeriodName } from "./period.ts";
import { dateOf, type DateFormats } from "./date-of-call.ts";

/** How an archive is shown. An archive without rows is 404 unless `allowEmpty`. */
export interface ArchiveOptions<T, P = Params> extends ListingOptions<T, P, ListCall<T, P>>, DatedOptions {
  /** The periods of `date_list`: those of the page's own period by default. */
  dateListPeriod?: PeriodName | undefined;
}

/** How the archive of a year, a month, a week or a day is shown, and how its address is read. */
export interface PeriodArchiveOptions<T, P = Params> extends ArchiveOptions<T, P>, DateFormats {}

/** How the archive of a year is shown. */
export interface YearArchiveOptions<T, P = Params> extends PeriodArchiveOptions<T, P> {
  /** Whether the rows of the year are listed, and not its months alone. */
  makeObjectList?: boolean | undefined;
}

/** What makes the archive of one period another than the next. */
interface PeriodPage {
  readonly view: string;
  readonly period: PeriodName;
  /** The periods inside this one that are listed by default; none where undefined. */
  readonly listed?: PeriodName;
  /** When it begins, where the address does not say. */
  readonly start?: () => Temporal.PlainDate;
}

/** The parts of an address that name a period. */
const partsOf = { year: ["year"], month: ["year", "month"], week: ["year", "week"], day: ["year", "month", "day"] } as const;

function archive<P>(view: string, answer: (call: ViewCall<P>) => Promise<unknown>): View<P> {
  return methods(
    namedView(view, async (request: HttpRequest, params: P) => answer({ request, params })),
    ["GET"],
  );
}

/**
 * The latest rows first, with the years in which there are any: `latest` and `date_list`.
 *
 * ```ts
 * path("posts/", archiveIndexView(Post, { dateField: "published", paginateBy: 20 }));
 * ```
 */
export function archiveIndexView<M extends ModelClass, P = Params>(
  model: M,
  options: ArchiveOptions<InstanceType<M>, P>,
): View<P> {
  const view = "archiveIndexView";
  return archive<P>(view, async (call) => {
    const dated = new DatedRows(view, model, { rows: queryOf(view, model, { call, options }), options });
    const rows = dated.all();
    const { list } = await dated.dates(rows, options.dateListPeriod ?? "year", "desc");
    const listing = { view, model, rows, suffix: "_archive", context: { date_list: list } };
    return answerList(call, listing, { contextObjectName: "latest", ...listed(options), allowEmpty: true });
  });
}

/**
 * The months of a year in which there are rows: `year`, `date_list`, `next_year`, `previous_year`; with `makeObjectList` the rows too.
 *
 * ```ts
 * path("posts/<int:year>/", yearArchiveView(Post, { dateField: "published", makeObjectList: true }));
 * ```
 */
export function yearArchiveView<M extends ModelClass, P = Params>(
  model: M,
  options: YearArchiveOptions<InstanceType<M>, P>,
): View<P> {
  return periodView({ view: "yearArchiveView", period: "year", listed: "month" }, model, options);
}

/**
 * The rows of a month, with the days that have any: `month`, `date_list`, `next_month`, `previous_month`.
 *
 * ```ts
 * path("posts/<int:year>/<int:month>/", monthArchiveView(Post, { dateField: "published" }));
 * ```
 */
export function monthArchiveView<M extends ModelClass, P = Params>(
  model: M,
  options: PeriodArchiveOptions<InstanceType<M>, P>,
): View<P> {
  return periodView({ view: "monthArchiveView", period: "month", listed: "day" }, model, options);
}

/**
 * The rows of a week: `week`, its first day, `next_week`, `previous_week`. Weeks begin on Sunday, with `weekFormat: "%W"` on Monday;
 * with `"%V"` they are ISO's.
 *
 * ```ts
 * path("posts/<int:year>/week/<int:week>/", weekArchiveView(Post, { dateField: "published", weekFormat: "%W" }));
 * ```
 */
export function weekArchiveView<M extends ModelClass, P = Params>(
  model: M,
  options: PeriodArchiveOptions<InstanceType<M>, P>,
): View<P> {
  return periodView({ view: "weekArchiveView", period: "week" }, model, options);
}

/**
 * The rows of a day: `day`, `next_day`, `previous_day`, `next_month`, `previous_month`.
 *
 * ```ts
 * path("posts/<int:year>/<int:month>/<int:day>/", dayArchiveView(Post, { dateField: "published" }));
 * ```
 */
export function dayArchiveView<M extends ModelClass, P = Params>(
  model: M,
  options: PeriodArchiveOptions<InstanceType<M>, P>,
): View<P> {
  return periodView({ view: "dayArchiveView", period: "day" }, model, options);
}

/** The rows of the day that it is, in the current time zone. `path("posts/today/", todayArchiveView(Post, { dateField: "published" }))` */
export function todayArchiveView<M extends ModelClass, P = Params>(
  model: M,
  options: PeriodArchiveOptions<InstanceType<M>, P>,
): View<P> {
  return periodView({ view: "todayArchiveView", period: "day", start: today }, model, options);
}

/**
 * One row, under an address with its date. A row of the future is 404 unless `allowFuture`.
 *
 * ```ts
 * path("posts/<int:year>/<int:month>/<int:day>/<slug:slug>/", dateDetailView(Post, { dateField: "published" }));
 * ```
 */
export function dateDetailView<M extends ModelClass, P = Params>(
  model: M,
  options: DetailOptions<InstanceType<M>, P> & DatedOptions & DateFormats,
): View<P> {
  const view = "dateDetailView";
  return archive<P>(view, async (call) => {
    const day = dateOf(call, ["year", "month", "day"], options);
    if (!options.allowFuture && day.since(today()).sign > 0) throw refuseFuture(model, view);
    const all = queryOf(view, model, { call, options });
    const dated = new DatedRows(view, model, { rows: all, options: { ...options, allowFuture: true } });
    const within = { ...options, queryset: () => dated.in("day", day) };
    const object = (await rowOf(view, model, { call, options: within })) as InstanceType<M>;
    return answerRow(view, model, { call: { ...call, object }, options });
  });
}

function refuseFuture(model: ModelClass, view: string): HttpError {
  const text = gettext("Future %(verbose_name_plural)s not available because %(class_name)s.allow_future is False.");
  const { verboseNamePlural: verbose_name_plural } = model.meta;
  return new HttpError(404, interpolate(text, { verbose_name_plural, class_name: view }));
}

/** What `answerList` is told: the newest first, and nothing where there is nothing. */
function listed<T, P>(options: ArchiveOptions<T, P>): ListingOptions<T, P, any> {
  return { ...options, ordering: options.ordering ?? `-${options.dateField}`, allowEmpty: options.allowEmpty ?? false };
}

function periodView<M extends ModelClass, P>(
  page: PeriodPage,
  model: M,
  options: YearArchiveOptions<InstanceType<M>, P>,
): View<P> {
  return archive<P>(page.view, (call) => {
    const start = page.start?.() ?? dateOf(call, partsOf[page.period], options);
    return answerPeriod(call, model, { page, start, options });
  });
}

async function answerPeriod<T, P>(
  call: ViewCall<P>,
  model: ModelClass,
  { page, start, options }: { page: PeriodPage; start: Temporal.PlainDate; options: YearArchiveOptions<T, P> },
) {
  const { view, period } = page;
  const dated = new DatedRows(view, model, { rows: queryOf(view, model, { call, options }), options });
  const found = dated.in(period, start);
  const inside = options.dateListPeriod ?? page.listed;
  const list = inside === undefined ? null : (await dated.dates(found, inside, "asc")).list;
  const context = {
    date_list: list,
    [period]: start,
    ...dated.around(period, start),
    ...(period === "day" ? dated.around("month", start) : {}),
  };
  const rows = period !== "year" || options.makeObjectList ? found : found.none();
  // The list of dates was asked already whether there are rows.
  const allowEmpty = list === null ? (options.allowEmpty ?? false) : true;
  const listing = { view, model, rows, suffix: `_archive_${period}`, context };
  return answerList(call, listing, { ...listed(options), allowEmpty });
}
