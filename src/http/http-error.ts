import { CortadoError } from "#kernel";
import { gettext } from "#kernel/i18n";
import { httpErrors } from "./errors.ts";

/** What an `HttpError` may carry beside its status and message. */
export interface HttpErrorOptions {
  code?: string | undefined;
  hint?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  cause?: unknown;
}

/** Codes of errors that are made by status alone. */
const codeByStatus: Readonly<Record<number, string>> = {
  400: "HTTP_BAD_REQUEST",
  401: "HTTP_UNAUTHORIZED",
  403: "HTTP_FORBIDDEN",
  404: "HTTP_NOT_FOUND",
  405: "HTTP_METHOD_NOT_ALLOWED",
  406: "HTTP_NOT_ACCEPTABLE",
  409: "HTTP_CONFLICT",
  410: "HTTP_GONE",
  413: "HTTP_BODY_TOO_LARGE",
  414: "HTTP_PATH_TOO_LONG",
  415: "HTTP_UNSUPPORTED_TYPE",
  422: "HTTP_UNPROCESSABLE",
  429: "HTTP_TOO_MANY_REQUESTS",
  500: "HTTP_SERVER_ERROR",
  503: "HTTP_UNAVAILABLE",
};

export function codeOfStatus(status: number): string {
  return codeByStatus[status] ?? `HTTP_${status}`;
}

/**
 * An error that is an answer: thrown from a view or a middleware, it becomes a response with this status.
 * Its message is shown to the client.
 *
 * ```ts
 * throw new HttpError(409, "This order is already paid.", { code: "SHOP_ALREADY_PAID" });
 * ```
 */
export class HttpError extends CortadoError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, options: HttpErrorOptions = {}) {
    super(options.code ?? codeOfStatus(status), message, options);
    this.name = "HttpError";
    this.status = status;
    this.headers = options.headers ?? {};
  }

  /** A documented error as an answer. */
  static from(status: number, error: CortadoError, headers?: Readonly<Record<string, string>>): HttpError {
    return new HttpError(status, error.message, { code: error.code, hint: error.hint, cause: error.cause, headers });
  }
}

/**
 * Ends a view with 404.
 *
 * ```ts
 * const coffee = (await Coffee.objects.filter({ id }).first()) ?? notFound("There is no such coffee.");
 * ```
 */
export function notFound(message = gettext("There is nothing here.")): never {
  throw new HttpError(404, message);
}

/** Ends a view with 400: what came makes no sense. `Number.isInteger(id) || badRequest("The number is a whole one.")` */
export function badRequest(message = "The request cannot be understood."): never {
  throw new HttpError(400, message);
}

/** Ends a view with 403. `request.user.isStaff || forbidden()` */
export function forbidden(message = "This is not for you."): never {
  throw new HttpError(403, message);
}

/** Ends a view with 410: it was here, and will not come back. */
export function gone(message = "This is no longer here."): never {
  throw new HttpError(410, message);
}

/** 405, with the methods that are answered. */
export function methodNotAllowed(method: string, path: string, allowed: readonly string[]): HttpError {
  return HttpError.from(405, httpErrors.HTTP_METHOD_NOT_ALLOWED({ method, path, allowed }), { allow: allowed.join(", ") });
}
