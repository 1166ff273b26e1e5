import { type HttpError, type HttpResponse, json, text, type View } from "#http";
import { errorText } from "../error-to-tell.ts";
import type { MethodViews } from "../method-views.ts";
import { protocolView } from "../protocol-view.ts";

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

/** A view whose errors have MLflow's shape. */
export function mlflowView(views: MethodViews): View<any> {
  return protocolView(views, errorAnswer);
}

function errorAnswer(error: HttpError): HttpResponse {
  const message = errorText(error);
  if (error.status === 415) return text(message, error);
  return json({ error_code: codes[error.status] ?? "INTERNAL_ERROR", message }, error);
}
