import { HttpError } from "#http";
import { gettext } from "#kernel/i18n";
import { viewsErrors } from "../errors.ts";

/** What is said of pages that a list does not have. */
export interface PageMessages {
  /** What was asked for is no number. */
  invalidPage?: string | undefined;
  /** The number is less than 1. */
  minPage?: string | undefined;
  /** The list ends before it. */
  noResults?: string | undefined;
}

/** A page is asked for that a list does not have. Where nobody catches it, the answer is 404. */
export class InvalidPage extends HttpError {
  constructor(problem: string, { page, pages }: { page: unknown; pages?: number | undefined }) {
    const { code, hint } = viewsErrors.VIEWS_NO_SUCH_PAGE({ page: String(page).slice(0, 40), problem, pages });
    super(404, problem, { code, hint });
    this.name = new.target.name;
  }
}

/** What was asked for is no number. */
export class PageNotAnInteger extends InvalidPage {}

/** The number is less than 1, or the list ends before it. */
export class EmptyPage extends InvalidPage {}

const integer = /^\s*[+-]?\d+\s*$/;

/** A page's number, from what a client sent. @throws PageNotAnInteger, EmptyPage */
export function pageNumber(given: unknown, { messages, pages }: { messages: PageMessages; pages?: number }): number {
  const number = typeof given === "number" || (typeof given === "string" && integer.test(given)) ? Number(given) : Number.NaN;
  const place = { page: given, pages };
  if (Number.isNaN(number) || (number % 1 !== 0 && Number.isFinite(number)))
    throw new PageNotAnInteger(messages.invalidPage ?? gettext("That page number is not an integer"), place);
  if (number < 1) throw new EmptyPage(messages.minPage ?? gettext("That page number is less than 1"), place);
  if (pages !== undefined && number > pages)
    throw new EmptyPage(messages.noResults ?? gettext("That page contains no results"), place);
  return number;
}
