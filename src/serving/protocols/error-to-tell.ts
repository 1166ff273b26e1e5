import { CortadoError } from "#kernel";
import { HttpError, type HttpRequest, logProblem } from "#http";
import { asHttpError } from "./http-status.ts";
import { failureHeaders } from "./prediction-headers.ts";

/**
 * Any error as what the client may be told. A fault of the server goes to its log, and says nothing of itself unless the
 * project is in debug. `model` is the one that was asked.
 */
export function errorToTell(error: unknown, request: HttpRequest, model: string): HttpError {
  const { models, settings } = request.services;
  const known = asHttpError(error, models, model);
  const status = known instanceof HttpError ? known.status : 500;
  logProblem(request, { status, error: known });
  if (known instanceof HttpError) return known;
  const isShown = settings.debug && error instanceof CortadoError;
  const headers = failureHeaders(error);
  return new HttpError(500, isShown ? error.message : "Something went wrong in the server.", { headers });
}

/** An error in one text, for protocols that have no place of its own for the hint. */
export function errorText({ message, hint }: HttpError): string {
  return [message, hint].filter(Boolean).join(" ");
}
