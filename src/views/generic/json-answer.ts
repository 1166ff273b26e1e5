import { type HttpRequest, type HttpResponse, json } from "#http";
import { QuerySet } from "#orm";
import { KeysetPage } from "../pagination/keyset-paginator.ts";
import { Page } from "../pagination/paginator.ts";
import type { UncountedPage } from "../pagination/uncounted-paginator.ts";
import { withQuery } from "../redirect.ts";

/** What a client that prefers JSON is told of a row: the values of these fields, or what a function makes of it. */
export type JsonOfRow<T> = readonly string[] | ((row: T) => unknown);

/** A page of whichever paginator. */
export type AnyPage<T> = Page<T> | UncountedPage<T> | KeysetPage<T>;

/** A row in JSON: the named values, over loaded and unloaded relations alike. */
export async function rowInJson<T>(row: T, made: JsonOfRow<T>): Promise<unknown> {
  if (typeof made === "function") return made(row);
  const values = made.map(async (name) => [name, await valueAt(row, name.split("."))] as const);
  return Object.fromEntries(await Promise.all(values));
}

async function valueAt(owner: unknown, path: readonly string[]): Promise<unknown> {
  let value: unknown = owner;
  for (const step of path) value = value === null || value === undefined ? null : await (value as Record<string, unknown>)[step];
  return value;
}

/** Rows in JSON. Of a query only the named values are read. */
async function rowsInJson<T>(rows: readonly T[] | PromiseLike<readonly T[]>, made: JsonOfRow<T>): Promise<unknown[]> {
  if (rows instanceof QuerySet && typeof made !== "function") return rows.values(...made);
  return Promise.all((await rows).map((row) => rowInJson(row, made)));
}

/** A list, or one page of it and the way to those around it. */
export async function listInJson<T>(
  request: HttpRequest,
  { rows, page, made }: { rows: readonly T[] | PromiseLike<readonly T[]>; page: AnyPage<T> | undefined; made: JsonOfRow<T> },
): Promise<HttpResponse> {
  const results = await rowsInJson(page?.rows ?? rows, made);
  return json(page === undefined ? { results } : { ...placeOf(page), ...waysFrom(request, page), results });
}

function placeOf<T>(page: AnyPage<T>): object {
  if (page instanceof Page) return { count: page.paginator.count, page: page.number, pages: page.paginator.numPages };
  return page instanceof KeysetPage ? {} : { page: page.number };
}

/** The addresses of the next page and the page before. */
function waysFrom<T>(request: HttpRequest, page: AnyPage<T>): { next: string | null; previous: string | null } {
  const [next, previous] =
    page instanceof KeysetPage
      ? [{ after: page.nextCursor }, { before: page.previousCursor }]
      : [{ page: page.number + 1 }, { page: page.number - 1 }];
  return {
    next: page.hasNext ? otherPage(request, next) : null,
    previous: page.hasPrevious ? otherPage(request, previous) : null,
  };
}

function otherPage(request: HttpRequest, place: Record<string, string | number | null>): string {
  const [path = "", text = ""] = request.url.split("?");
  const query = new URLSearchParams(text);
  for (const name of ["page", "after", "before"]) query.delete(name);
  return withQuery(query.size === 0 ? path : `${path}?${query}`, { query: place });
}
