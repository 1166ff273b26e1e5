import { byMethod, csrfExempt, HttpError, type HttpRequest, type HttpResponse, json, type View, wrapView } from "#http";
import { asHttpError } from "../http-status.ts";
import type { MethodViews } from "../method-views.ts";

/** A view whose errors have the protocol's shape, and which no cookie authenticates. */
export function openaiView(views: MethodViews): View<any> {
  const byName = byMethod<any>(views);
  const answering: View<any> = async (request, params) => {
    try {
      return await byName(request, params);
    } catch (error) {
      return errorAnswer(error, request);
    }
  };
  return csrfExempt(wrapView(byName, answering));
}

function errorAnswer(error: unknown, request: HttpRequest): HttpResponse {
  const known = asHttpError(error, request.services.models, "");
  const { status, headers } = known instanceof HttpError ? known : { status: 500, headers: {} };
  return json(errorBody(error, request), { status, headers });
}

const types: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

/** An error as the protocol writes it. A fault of the server goes to its log, and says nothing of itself. */
export function errorBody(error: unknown, request: HttpRequest): object {
  const known = asHttpError(error, request.services.models, "");
  if (!(known instanceof HttpError)) {
    request.log.error({ err: error }, "The request failed.");
    return { error: { message: "Something went wrong in the server.", type: "server_error", param: null, code: null } };
  }
  const message = [known.message, known.hint].filter(Boolean).join(" ");
  const type = types[known.status] ?? (known.status < 500 ? "invalid_request_error" : "server_error");
  const code = known.status === 401 ? "invalid_api_key" : known.code;
  return { error: { message, type, param: paramOf(known), code } };
}

/** The part of the body that does not fit: `messages[0].role`. */
function paramOf({ code, message }: HttpError): string | null {
  if (code !== "SERVING_BAD_INPUT") return null;
  return /^[a-z_]+(?:\[\d+\]|\.[a-z_]+)*(?= )/.exec(message)?.[0] ?? null;
}
