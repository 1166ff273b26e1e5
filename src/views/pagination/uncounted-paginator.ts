import { gettext } from "#kernel/i18n";
import { EmptyPage, InvalidPage, type PageMessages, pageNumber } from "./invalid-page.ts";
import { type Countable, inOrder, rowsPerPage } from "./page-source.ts";
import { RowsOfPage } from "./rows-of-page.ts";

/** One page of a list whose end is not known. */
export class UncountedPage<T> extends RowsOfPage<T> {
  readonly number: number;
  readonly paginator: UncountedPaginator<T>;
  readonly hasNext: boolean;

  constructor(found: { number: number; rows: readonly T[]; hasNext: boolean }, paginator: UncountedPaginator<T>) {
    super(found.rows);
    this.number = found.number;
    this.hasNext = found.hasNext;
    this.paginator = paginator;
  }

  get hasPrevious(): boolean {
    return this.number > 1;
  }

  get hasOtherPages(): boolean {
    return this.hasNext || this.hasPrevious;
  }

  /** @throws EmptyPage on the last page */
  get nextPageNumber(): number {
    if (!this.hasNext) throw noResults(this.number + 1);
    return this.number + 1;
  }

  /** @throws EmptyPage on the first page */
  get previousPageNumber(): number {
    return pageNumber(this.number - 1, { messages: {} });
  }

  get startIndex(): number {
    return this.length === 0 ? 0 : this.paginator.perPage * (this.number - 1) + 1;
  }

  get endIndex(): number {
    return this.length === 0 ? 0 : this.startIndex + this.length - 1;
  }
}

/**
 * A list cut into pages that is never counted: a page knows whether another follows, because it reads one row more.
 *
 * ```ts
 * const page = await new UncountedPaginator(LogEntry.objects.all(), 50).getPage(request.query.get("page"));
 * ```
 */
export class UncountedPaginator<T> {
  readonly perPage: number;
  readonly #source: Pick<Countable<T>, "slice"> | readonly T[];
  readonly #messages: PageMessages;

  constructor(
    source: Pick<Countable<T>, "slice"> | readonly T[],
    perPage: number,
    options: { errorMessages?: PageMessages | undefined } = {},
  ) {
    this.#source = inOrder(source);
    this.perPage = rowsPerPage("UncountedPaginator", perPage);
    this.#messages = options.errorMessages ?? {};
  }

  /** The page of a number; the first where it is no number, or none of the list's. */
  async getPage(given: unknown): Promise<UncountedPage<T>> {
    try {
      return await this.page(given);
    } catch (error) {
      if (error instanceof InvalidPage) return this.page(1);
      throw error;
    }
  }

  /** The page of a number, from 1. @throws PageNotAnInteger, EmptyPage */
  async page(given: unknown = 1): Promise<UncountedPage<T>> {
    const number = pageNumber(given, { messages: this.#messages });
    const from = (number - 1) * this.perPage;
    if (!Number.isSafeInteger(from + this.perPage + 1)) throw noResults(number, this.#messages.noResults);
    const found = await this.#source.slice(from, from + this.perPage + 1);
    if (found.length === 0 && number > 1) throw noResults(number, this.#messages.noResults);
    return new UncountedPage({ number, rows: found.slice(0, this.perPage), hasNext: found.length > this.perPage }, this);
  }
}

function noResults(page: number, message?: string): EmptyPage {
  return new EmptyPage(message ?? gettext("That page contains no results"), { page });
}
