import { gettext } from "#kernel/i18n";
import { CortadoError } from "#kernel";
import type { Signer } from "#kernel/signing";
import type { Page as RowsBetween } from "#orm";
import { InvalidPage, type PageMessages } from "./invalid-page.ts";
import { rowsPerPage } from "./page-source.ts";
import { RowsOfPage } from "./rows-of-page.ts";

/** A query that gives its rows from one place in its order to another. */
export interface KeysetSource<T> {
  page(options: { size: number; after?: string | null; before?: string | null }): PromiseLike<RowsBetween<T>>;
}

/** Where a page begins or ends: what stands in its address. */
export interface KeysetPlace {
  after?: string | null | undefined;
  before?: string | null | undefined;
}

/** One page of a query, and the way to those around it. */
export class KeysetPage<T> extends RowsOfPage<T> {
  readonly paginator: KeysetPaginator<T>;
  /** What `?after=` takes for the page that follows; null on the last. */
  readonly nextCursor: string | null;
  /** What `?before=` takes for the page before; null on the first. */
  readonly previousCursor: string | null;

  constructor(found: RowsBetween<T>, paginator: KeysetPaginator<T>) {
    super(found.rows);
    this.paginator = paginator;
    this.nextCursor = found.next;
    this.previousCursor = found.previous;
  }

  get hasNext(): boolean {
    return this.nextCursor !== null;
  }

  get hasPrevious(): boolean {
    return this.previousCursor !== null;
  }

  get hasOtherPages(): boolean {
    return this.hasNext || this.hasPrevious;
  }
}

/**
 * A query cut into pages that go on from a row, not from a number: however deep, a page costs the same, and rows that are
 * added meanwhile neither repeat nor hide others. A cursor has the values that the query is ordered by, for everybody to
 * read; with a signer nobody can make one up.
 *
 * ```ts
 * const paginator = new KeysetPaginator(Post.objects.orderBy("-published"), 25);
 * const page = await paginator.page({ after: request.query.get("after"), before: request.query.get("before") });
 * ```
 */
export class KeysetPaginator<T> {
  readonly perPage: number;
  readonly #source: KeysetSource<T>;
  readonly #signer: Pick<Signer, "sign" | "unsign"> | undefined;
  readonly #messages: PageMessages;

  constructor(
    source: KeysetSource<T>,
    perPage: number,
    options: { signer?: Pick<Signer, "sign" | "unsign"> | undefined; errorMessages?: PageMessages | undefined } = {},
  ) {
    this.#source = source;
    this.perPage = rowsPerPage("KeysetPaginator", perPage);
    this.#signer = options.signer;
    this.#messages = options.errorMessages ?? {};
  }

  /** The rows after a place, before one, or the first. @throws InvalidPage for a cursor that no page of the query gave */
  async page({ after, before }: KeysetPlace = {}): Promise<KeysetPage<T>> {
    const options = { size: this.perPage, after: this.#opened(after), before: this.#opened(before) };
    try {
      const { rows, next, previous } = await this.#source.page(options);
      return new KeysetPage({ rows, next: this.#closed(next), previous: this.#closed(previous) }, this);
    } catch (error) {
      throw error instanceof CortadoError && error.code === "ORM_BAD_CURSOR" ? this.#invalid(after ?? before) : error;
    }
  }

  /** As `page`, but the first page where the cursor is none. */
  async getPage(place: KeysetPlace = {}): Promise<KeysetPage<T>> {
    try {
      return await this.page(place);
    } catch (error) {
      if (error instanceof InvalidPage) return this.page();
      throw error;
    }
  }

  #opened(cursor: string | null | undefined): string | null {
    if (cursor === undefined || cursor === null || cursor === "") return null;
    if (this.#signer === undefined) return cursor;
    try {
      return this.#signer.unsign(cursor);
    } catch {
      throw this.#invalid(cursor);
    }
  }

  #closed(cursor: string | null): string | null {
    return cursor === null || this.#signer === undefined ? cursor : this.#signer.sign(cursor);
  }

  #invalid(cursor: unknown): InvalidPage {
    return new InvalidPage(this.#messages.noResults ?? gettext("That page contains no results"), { page: cursor });
  }
}
