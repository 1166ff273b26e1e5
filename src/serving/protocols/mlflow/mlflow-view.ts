import { CortadoError } from "#kernel";
import { byMethod, csrfExempt, HttpError, type HttpRequest, type HttpResponse, json, text, type View, wrapView } from "#http";
import { asHttpError } from "../http-status.ts";
import type { MethodViews } from "../method-views.ts";

/** MLflow's names of errors; other statuses have none but that of a fault. */
const codes: Readonly<Record<number, string>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "RESOURCE_DOES_NOT_EXIST",
  405: "ENDPOINT_NOT_FOUND",
  422: "BAD_REQUEST",
  429: "RESOURCE_EXHAUSTED",
  503: "TEMPORARILY_UNAVAILABLE",
};

/** A view whose errors have MLflow's shape, and which no cookie authenticates. */
export function mlflowView(views: MethodViews): View<any> {
  const byName = byMethod<any>(views);
  const answering: View<{ name: string }> = async (request, params) => {
    try {
      return await byName(request, params);
    } catch (error) {
      return errorAnswer(request, error, params.name);
    }
  };
  return csrfExempt(wrapView(byName, answering));
}

function errorAnswer(request: HttpRequest, error: unknown, model: string): HttpResponse {
  const known = asHttpError(error, request.services.models, model);
  if (!(known instanceof HttpError)) {
    request.log.error({ err: error }, "The request failed.");
    const shown = request.services.settings.debug && error instanceof CortadoError;
    const message = shown ? error.message : "Something went wrong in the server.";
    return json({ error_code: "INTERNAL_ERROR", message }, { status: 500 });
  }
  const message = [known.message, known.hint].filter(Boolean).join(" ");
  if (known.status === 415) return text(message, { status: 415, headers: known.headers });
  const error_code = codes[known.status] ?? "INTERNAL_ERROR";
  return json({ error_code, message }, { status: known.status, headers: known.headers });
}
