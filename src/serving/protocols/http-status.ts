import { CortadoError } from "#kernel";
import { HttpError } from "#http";
import { servingErrors } from "../errors.ts";
import { failedBy } from "../models/failed-by.ts";
import type { ModelInfo } from "../models/model-info.ts";
import type { ModelServer } from "../models/model-server.ts";
import { failureHeaders } from "./prediction-headers.ts";

/** The errors that are answers. Others are faults of the server, told to its log and not to strangers. */
const statuses: Readonly<Record<string, number>> = {
  SERVING_BAD_INPUT: 400,
  SERVING_BAD_ALIAS: 400,
  SERVING_UNKNOWN_SEQUENCE: 400,
  SERVING_UNKNOWN_MODEL: 404,
  SERVING_UNKNOWN_VERSION: 404,
  SERVING_UNKNOWN_ALIAS: 404,
  SERVING_NO_EARLIER_VERSION: 409,
  SERVING_MODEL_REFUSED: 422,
  SERVING_OVER_MEMORY: 422,
  SERVING_NEEDS_PROJECT: 501,
  SERVING_REMOTE_FAILED: 502,
  SERVING_REMOTE_UNREACHABLE: 503,
  SERVING_QUEUE_FULL: 503,
  SERVING_WAITED_TOO_LONG: 503,
  SERVING_TOO_MANY_SEQUENCES: 503,
  SERVING_ALIAS_NOT_KEPT: 503,
  SERVING_NOT_LOADED: 503,
  SERVING_NOT_READY: 503,
  SERVING_VERSION_FAILED: 503,
  SERVING_MODEL_BROKEN: 503,
  SERVING_HOST_LOST: 503,
  SERVING_HOST_LOAD: 503,
  SERVING_DEADLINE: 504,
};

/** What is over after a while that can be told. */
const comesBack: ReadonlySet<string> = new Set([
  "SERVING_QUEUE_FULL",
  "SERVING_WAITED_TOO_LONG",
  "SERVING_TOO_MANY_SEQUENCES",
  "SERVING_REMOTE_UNREACHABLE",
]);

/** What is not there. Where a version answered with it, as a pipeline does whose step is not there, the fault is not the client's. */
const notThere: ReadonlySet<string> = new Set(["SERVING_UNKNOWN_MODEL", "SERVING_UNKNOWN_VERSION", "SERVING_UNKNOWN_ALIAS"]);

const isPublic = ({ access }: ModelInfo): boolean => access === "public";

/** The answer for a model that is not there, which tells the names of these alone: the others may be secret. */
export function unknownModel(given: string, known: readonly ModelInfo[]): HttpError {
  return HttpError.from(404, servingErrors.SERVING_UNKNOWN_MODEL({ given, known: known.map(({ name }) => name) }));
}

/** An error of this layer as an answer; any other as it is. `model` is the one that was asked. */
export function asHttpError(error: unknown, models: ModelServer, model: string): unknown {
  if (!(error instanceof CortadoError)) return error;
  const told = failureHeaders(error);
  if (error instanceof HttpError) return withHeaders(error, told);
  const status = statuses[error.code];
  if (status === undefined || (notThere.has(error.code) && failedBy(error) !== undefined)) return error;
  if (error.code === "SERVING_UNKNOWN_MODEL") return unknownModel(model, models.list().filter(isPublic));
  const wait: Record<string, string> = comesBack.has(error.code) ? { "retry-after": String(models.retryAfter(model)) } : {};
  return HttpError.from(status, error, { ...told, ...wait });
}

function withHeaders(error: HttpError, headers: Readonly<Record<string, string>>): HttpError {
  if (Object.keys(headers).length === 0) return error;
  return HttpError.from(error.status, error, { ...headers, ...error.headers });
}
