import { type HttpError, json, type View } from "#http";
import { errorText } from "../error-to-tell.ts";
import type { MethodViews } from "../method-views.ts";
import { protocolView } from "../protocol-view.ts";

/** A view whose errors are `{"error": "…"}`. */
export function openInferenceView(views: MethodViews): View<any> {
  return protocolView(views, (error) => json({ error: openInferenceError(error) }, error));
}

/** What a client is told of an error. */
export function openInferenceError(error: HttpError): string {
  return error.status === 405 ? `Method Not Allowed: ${errorText(error)}` : errorText(error);
}
