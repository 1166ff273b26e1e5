import { elidedRange, type ElidedRangeOptions, ellipsis } from "./elided-range.ts";
import { EmptyPage, type PageMessages, PageNotAnInteger, pageNumber } from "./invalid-page.ts";
import { inOrder, type Pageable, rowsPerPage } from "./page-source.ts";
import { RowsOfPage } from "./rows-of-page.ts";

/** How a list is cut. */
export interface PaginatorOptions {
  /** So many rows, or fewer, are no page of their own: they stand on the page before; 0 by default. */
  orphans?: number | undefined;
  /** Whether an empty list has a first page; true by default. */
  allowEmptyFirstPage?: boolean | undefined;
  /** What is said of pages that are not there. */
  errorMessages?: PageMessages | undefined;
}

/** One page of a list that was counted. */
export class Page<T> extends RowsOfPage<T> {
  /** From 1. */
  readonly number: number;
  readonly paginator: Paginator<T>;

  constructor(number: number, rows: readonly T[], paginator: Paginator<T>) {
    super(rows);
    this.number = number;
    this.paginator = paginator;
  }

  get hasNext(): boolean {
    return this.number < this.paginator.numPages;
  }

  get hasPrevious(): boolean {
    return this.number > 1;
  }

  get hasOtherPages(): boolean {
    return this.hasNext || this.hasPrevious;
  }

  /** @throws EmptyPage on the last page */
  get nextPageNumber(): number {
    return this.paginator.validateNumber(this.number + 1);
  }

  /** @throws EmptyPage on the first page */
  get previousPageNumber(): number {
    return this.paginator.validateNumber(this.number - 1);
  }

  /** The place of its first row in the list, from 1; 0 on the page of an empty list. */
  get startIndex(): number {
    const { count, perPage } = this.paginator;
    return count === 0 ? 0 : perPage * (this.number - 1) + 1;
  }

  /** The place of its last row in the list. */
  get endIndex(): number {
    const { count, numPages, perPage } = this.paginator;
    return this.number === numPages ? count : perPage * this.number;
  }

  /** The numbers of the pages around this one, with `…` for those left out. */
  elidedPageRange(options: ElidedRangeOptions = {}): (number | typeof ellipsis)[] {
    return this.paginator.getElidedPageRange(this.number, options);
  }

  override toString(): string {
    return `<Page ${this.number} of ${this.paginator.numPages}>`;
  }
}

/**
 * A list cut into pages. The list is counted once, each page is read by itself.
 *
 * ```ts
 * const paginator = await Paginator.of(Coffee.objects.all(), 25);
 * const page = await paginator.getPage(request.query.get("page"));
 * ```
 */
export class Paginator<T> {
  /** What stands for page numbers that are left out: what templates compare them with. */
  readonly ELLIPSIS = ellipsis;
  readonly perPage: number;
  /** How many rows there are, on all pages. */
  readonly count: number;
  readonly orphans: number;
  readonly allowEmptyFirstPage: boolean;
  readonly #messages: PageMessages;
  readonly #source: Pageable<T>;

  private constructor(source: Pageable<T>, counted: { perPage: number; count: number }, options: PaginatorOptions) {
    this.#source = source;
    this.perPage = counted.perPage;
    this.count = counted.count;
    this.orphans = options.orphans ?? 0;
    this.allowEmptyFirstPage = options.allowEmptyFirstPage ?? true;
    this.#messages = options.errorMessages ?? {};
  }

  /** Counts a query or a list, and cuts it into pages of so many rows. */
  static async of<T>(source: Pageable<T>, perPage: number, options: PaginatorOptions = {}): Promise<Paginator<T>> {
    rowsPerPage("Paginator", perPage);
    const count = isList(source) ? source.length : await source.count();
    return new Paginator(inOrder(source), { perPage, count }, options);
  }

  /** How many pages there are. */
  get numPages(): number {
    if (this.count === 0 && !this.allowEmptyFirstPage) return 0;
    return Math.ceil(Math.max(1, this.count - this.orphans) / this.perPage);
  }

  /** The numbers of all pages. */
  get pageRange(): number[] {
    return Array.from({ length: this.numPages }, (_, at) => at + 1);
  }

  /** The numbers of the pages around one, with `…` for those left out. */
  getElidedPageRange(number: number | string = 1, options: ElidedRangeOptions = {}): (number | typeof ellipsis)[] {
    return elidedRange({ number: this.validateNumber(number), pages: this.numPages }, options);
  }

  /** A page's number, from what a client sent. @throws PageNotAnInteger, EmptyPage */
  validateNumber(given: unknown): number {
    return pageNumber(given, { messages: this.#messages, pages: this.numPages });
  }

  /** A page that is there, whatever is asked for: the first where it is no number, the last where it is none of the list's. */
  async getPage(given: unknown): Promise<Page<T>> {
    return this.page(this.#nearest(given));
  }

  #nearest(given: unknown): number {
    try {
      return this.validateNumber(given);
    } catch (error) {
      if (error instanceof PageNotAnInteger) return 1;
      if (error instanceof EmptyPage) return this.numPages;
      throw error;
    }
  }

  /** The page of a number, from 1. @throws PageNotAnInteger, EmptyPage */
  async page(given: unknown = 1): Promise<Page<T>> {
    const number = this.validateNumber(given);
    const from = (number - 1) * this.perPage;
    const to = from + this.perPage + this.orphans >= this.count ? this.count : from + this.perPage;
    return new Page(number, from < to ? await this.#source.slice(from, to) : [], this);
  }

  /** Every page, one after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Page<T>, void, undefined> {
    for (let number = 1; number <= this.numPages; number++) yield await this.page(number);
  }
}

function isList<T>(source: Pageable<T>): source is readonly T[] {
  return Array.isArray(source);
}
