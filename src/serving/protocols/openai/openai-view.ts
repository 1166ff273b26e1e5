import { type HttpError, json, type View } from "#http";
import { errorText } from "../error-to-tell.ts";
import type { MethodViews } from "../method-views.ts";
import { protocolView } from "../protocol-view.ts";

/** A view whose errors are `{"error": {…}}` as OpenAI's clients read them. */
export function openaiView(views: MethodViews): View<any> {
  return protocolView(views, (error) => json(errorBody(error), error));
}

const types: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

/** An error as the protocol writes it. */
export function errorBody(error: HttpError): object {
  const { status } = error;
  const type = types[status] ?? (status < 500 ? "invalid_request_error" : "server_error");
  const code = status === 500 ? null : status === 401 ? "invalid_api_key" : error.code;
  return { error: { message: errorText(error), type, param: paramOf(error), code } };
}

/** The part of the body that does not fit: `messages[0].role`. */
function paramOf({ code, message }: HttpError): string | null {
  if (code !== "SERVING_BAD_INPUT") return null;
  return /^[a-z_]+(?:\[\d+\]|\.[a-z_]+)*(?= )/.exec(message)?.[0] ?? null;
}
