import { CortadoError } from "#kernel";
import { byMethod, csrfExempt, HttpError, type HttpRequest, type HttpResponse, json, type View, wrapView } from "#http";
import { asHttpError } from "../http-status.ts";
import type { MethodViews } from "../method-views.ts";
import type { Params } from "./tensor-model.ts";

/** A view whose errors have the protocol's shape, `{"error": "…"}`, and which no cookie authenticates. */
export function protocolView(views: MethodViews): View<any> {
  const byName = byMethod<any>(views);
  const answering: View<Params> = async (request, params) => {
    try {
      return await byName(request, params);
    } catch (error) {
      return errorAnswer(asHttpError(error, request.services.models, params.name), request);
    }
  };
  return csrfExempt(wrapView(byName, answering));
}

/** An error as the protocol's answer; a fault of the server goes to its log, and says nothing of itself. */
function errorAnswer(error: unknown, request: HttpRequest): HttpResponse {
  if (error instanceof HttpError) return json({ error: errorText(error, request) }, error);
  return json({ error: errorText(error, request) }, { status: 500 });
}

/** What a client is told of an error. */
export function errorText(error: unknown, request: HttpRequest): string {
  if (error instanceof HttpError)
    return error.status === 405 ? "Method Not Allowed" : [error.message, error.hint].filter(Boolean).join(" ");
  request.log.error({ err: error }, "The request failed.");
  if (request.services.settings.debug && error instanceof CortadoError) return error.message;
  return "Something went wrong in the server.";
}
