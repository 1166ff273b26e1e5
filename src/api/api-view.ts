import { apiView, byMethod, csrfOnlyWithSession, HttpError, type HttpRequest, type View, wrapView } from "#http";
import { CortadoError } from "#kernel";
import { apiErrors } from "./errors.ts";

/** The errors of lower layers that are answers here. */
const statuses: Readonly<Record<string, number>> = {
  REGISTRY_BAD_PARAMETERS: 400,
  REGISTRY_BAD_ARTIFACT: 400,
  REGISTRY_BAD_FEEDBACK: 400,
  REGISTRY_UNKNOWN_PREDICTION: 404,
  REGISTRY_UNKNOWN_RUN: 404,
  REGISTRY_UNKNOWN_VERSION: 404,
  REGISTRY_NO_TRAINER: 409,
  REGISTRY_RUN_FINISHED: 409,
  REGISTRY_RUN_NOT_RESUMABLE: 409,
  REGISTRY_VERSION_IN_SOURCE: 409,
  REGISTRY_VERSION_IN_USE: 409,
  SERVING_BAD_ALIAS: 400,
  SERVING_UNKNOWN_MODEL: 404,
  SERVING_UNKNOWN_VERSION: 404,
  SERVING_VERSION_FAILED: 422,
  REGISTRY_NO_SPACE: 507,
};

type MethodViews = Partial<Record<"GET" | "POST" | "PUT" | "DELETE", View<any>>>;

/** One view for the methods of an address: JSON errors, CSRF where a session calls, and errors of the layers as answers. */
export function methodViews(views: MethodViews): View<any> {
  const byName = byMethod(views);
  return apiView(csrfOnlyWithSession(wrapView(byName, answering(byName))));
}

/** The view, with the errors that are answers made into answers. */
export function answering<P>(view: View<P>): View<P> {
  return async (request, params) => {
    try {
      return await view(request, params);
    } catch (error) {
      if (!(error instanceof CortadoError) || error instanceof HttpError) throw error;
      const status = statuses[error.code];
      throw status === undefined ? error : HttpError.from(status, error);
    }
  };
}

/** The body as an object of known names; none is an empty one. @throws HttpError 400 */
export async function readObject(
  request: HttpRequest,
  names: readonly string[],
  example: string,
): Promise<Record<string, unknown>> {
  const refuse = (problem: string) => HttpError.from(400, apiErrors.API_BAD_BODY({ problem, example }));
  if ((await request.body()).length === 0) return {};
  const body = await request.json();
  if (!isObject(body)) throw refuse("must be a JSON object");
  const unknown = Object.keys(body).find((name) => !names.includes(name));
  if (unknown !== undefined) throw refuse(`has "${unknown}", which is not taken; it takes: ${names.join(", ")}`);
  return body;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
