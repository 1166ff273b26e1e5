import { HttpError } from "#http";
import { viewsErrors } from "./errors.ts";

/** What can be counted and read in part: a QuerySet. */
export interface Pageable<T> {
  count(): PromiseLike<number>;
  slice(from: number, to: number): PromiseLike<readonly T[]>;
}

/** One page of a list. */
export class Page<T> {
  readonly number: number;
  readonly rows: readonly T[];
  readonly paginator: Paginator<T>;

  constructor(number: number, rows: readonly T[], paginator: Paginator<T>) {
    this.number = number;
    this.rows = rows;
    this.paginator = paginator;
  }

  get hasNext(): boolean {
    return this.number < this.paginator.pages;
  }

  get hasPrevious(): boolean {
    return this.number > 1;
  }

  get nextPageNumber(): number {
    return this.number + 1;
  }

  get previousPageNumber(): number {
    return this.number - 1;
  }

  /** The number of its first row, from 1; 0 on the page of an empty list. */
  get startIndex(): number {
    return this.rows.length === 0 ? 0 : (this.number - 1) * this.paginator.perPage + 1;
  }

  get endIndex(): number {
    return this.rows.length === 0 ? 0 : this.startIndex + this.rows.length - 1;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.rows[Symbol.iterator]();
  }
}

/**
 * A list cut into pages.
 *
 * ```ts
 * const paginator = await Paginator.of(Coffee.objects.all(), 25);
 * const page = await paginator.page(request.query.get("page"));
 * ```
 */
export class Paginator<T> {
  readonly perPage: number;
  /** How many rows there are. */
  readonly count: number;
  readonly #source: Pageable<T>;

  private constructor(source: Pageable<T>, perPage: number, count: number) {
    this.#source = source;
    this.perPage = perPage;
    this.count = count;
  }

  static async of<T>(source: Pageable<T>, perPage: number): Promise<Paginator<T>> {
    return new Paginator(source, perPage, await source.count());
  }

  /** How many pages there are: at least one, which may be empty. */
  get pages(): number {
    return Math.max(1, Math.ceil(this.count / this.perPage));
  }

  /** A page by its number, from 1, or `last`. @throws HttpError 404 VIEWS_NO_SUCH_PAGE */
  async page(given: string | number | undefined = 1): Promise<Page<T>> {
    const number = given === "last" ? this.pages : /^[0-9]+$/.test(String(given)) ? Number(given) : 0;
    if (number < 1 || number > this.pages)
      throw HttpError.from(404, viewsErrors.VIEWS_NO_SUCH_PAGE({ page: String(given), pages: this.pages }));
    const rows = await this.#source.slice((number - 1) * this.perPage, Math.min(number * this.perPage, this.count));
    return new Page(number, rows, this);
  }
}
