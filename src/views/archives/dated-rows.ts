import type { ModelClass, QuerySet } from "#orm";
import { emptyList } from "../generic/list-view.ts";
import { DateField, today } from "./date-field.ts";
import { type PeriodName, startOf, startOfNext } from "./period.ts";
import type { Temporal } from "#validation";

type AnyQuerySet = QuerySet<any, any, any>;

/** What the archives of a model have in common. */
export interface DatedOptions {
  /** The field that the archive goes by: a date or a moment. */
  dateField: string;
  /** Whether rows of the future are shown; false by default. */
  allowFuture?: boolean | undefined;
}

/** How an archive by periods is read. */
export interface PeriodOptions extends DatedOptions {
  allowEmpty?: boolean | undefined;
  weekFormat?: string | undefined;
}

/** The rows of a query as an archive sees them. */
export class DatedRows {
  readonly field: DateField;
  readonly #view: string;
  readonly #model: ModelClass;
  readonly #rows: AnyQuerySet;
  readonly #options: PeriodOptions;

  constructor(view: string, model: ModelClass, { rows, options }: { rows: AnyQuerySet; options: PeriodOptions }) {
    this.field = new DateField(view, model, options.dateField);
    this.#view = view;
    this.#model = model;
    this.#rows = rows;
    this.#options = options;
  }

  /** All rows, except those of the future where these are not allowed. */
  all(): AnyQuerySet {
    return this.#options.allowFuture ? this.#rows : this.#rows.filter(this.field.past());
  }

  /** The rows of a period. */
  in(period: PeriodName, from: Temporal.PlainDate): AnyQuerySet {
    const until = startOfNext(period, from, this.#weekFormat);
    return this.all().filter(this.field.between(from, until));
  }

  /** The periods in which rows have dates. Where an archive must not be empty, they are read: without any it is 404. */
  async dates(
    rows: AnyQuerySet,
    period: PeriodName,
    order: "asc" | "desc",
  ): Promise<{ list: PromiseLike<unknown[]> | unknown[] }> {
    const { name, hasTime } = this.field;
    const query = hasTime ? rows.dateTimes(name, period, { order }) : rows.dates(name, period, { order });
    if (this.#options.allowEmpty) return { list: query };
    const list = await query;
    if (list.length === 0) throw emptyList(this.#model, this.#view);
    return { list };
  }

  /**
   * The periods beside one, each a function that asks when it is called and once. Where an archive may be empty they are those of
   * the calendar, otherwise those that have rows.
   */
  around(period: PeriodName, from: Temporal.PlainDate): Record<`next_${PeriodName}` | `previous_${PeriodName}`, Neighbour> {
    const before = () => this.#neighbour(period, from, "previous");
    return { [`next_${period}`]: once(() => this.#neighbour(period, from, "next")), [`previous_${period}`]: once(before) } as any;
  }

  async #neighbour(period: PeriodName, from: Temporal.PlainDate, side: "next" | "previous"): Promise<Temporal.PlainDate | null> {
    const found = await this.#dayBeside(period, from, side);
    if (found === null) return null;
    const start = startOf(period, found, this.#weekFormat);
    const isOver = start.since(today()).sign <= 0;
    return this.#options.allowFuture || isOver ? start : null;
  }

  async #dayBeside(period: PeriodName, given: Temporal.PlainDate, side: "next" | "previous"): Promise<Temporal.PlainDate | null> {
    const from = startOf(period, given, this.#weekFormat);
    const until = startOfNext(period, from, this.#weekFormat);
    if (this.#options.allowEmpty) return side === "next" ? until : dayBefore(from);
    const { name } = this.field;
    const [limit, order] =
      side === "next" ? [{ gte: this.field.bound(until) }, name] : [{ lt: this.field.bound(from) }, `-${name}`];
    const value = await this.#rows
      .filter({ [name]: limit })
      .orderBy(order)
      .valuesList(name, { flat: true })
      .first();
    return value === null ? null : this.field.day(value);
  }

  get #weekFormat(): string {
    return this.#options.weekFormat ?? "%U";
  }
}

/** A period beside another: null where there is none. */
export type Neighbour = () => Promise<Temporal.PlainDate | null>;

/** There is no day before the year 1. */
function dayBefore(date: Temporal.PlainDate): Temporal.PlainDate | null {
  const day = date.subtract({ days: 1 });
  return day.year < 1 ? null : day;
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}
