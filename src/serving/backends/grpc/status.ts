import { CortadoError } from "#kernel";
import { HttpError } from "#http";
import type { ModelServer } from "../../models/model-server.ts";
import { failureHeaders } from "../../protocols/prediction-headers.ts";
import { asHttpError } from "../../protocols/http-status.ts";

/** The protocol's numbers of what a call came to. */
export const grpcStatus = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const byHttpStatus: Readonly<Record<number, number>> = {
  400: grpcStatus.invalidArgument,
  401: grpcStatus.unauthenticated,
  403: grpcStatus.permissionDenied,
  404: grpcStatus.notFound,
  409: grpcStatus.failedPrecondition,
  413: grpcStatus.resourceExhausted,
  422: grpcStatus.invalidArgument,
  429: grpcStatus.resourceExhausted,
  501: grpcStatus.unimplemented,
  503: grpcStatus.unavailable,
  504: grpcStatus.deadlineExceeded,
};

/** What a call that failed is answered with. */
export interface CallFailure {
  code: number;
  details: string;
  /** Told beside it: the error's code, and when to try again. */
  metadata: Record<string, string>;
}

/** Details travel in a header, and headers have a limit. */
const LONGEST_DETAILS = 2000;

/** An error as the end of a call. A fault of the server is told to its log, and not to strangers. */
export function failureOf(error: unknown, { models, model, log, requestId }: FailureContext): CallFailure {
  const known = asHttpError(error, models, model);
  if (!(known instanceof HttpError)) {
    if (isGivenUp(error)) return { code: grpcStatus.cancelled, details: "The call was given up.", metadata: {} };
    log.warn(
      `${requestId === undefined ? "A call over gRPC" : `The request ${requestId} over gRPC`} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return { code: grpcStatus.internal, details: "Something went wrong in the server.", metadata: failureHeaders(error) };
  }
  const details = [known.message, known.hint].filter(Boolean).join(" ");
  const wait = known.headers["retry-after"];
  return {
    code: byHttpStatus[known.status] ?? (known.status < 500 ? grpcStatus.invalidArgument : grpcStatus.internal),
    details: details.length > LONGEST_DETAILS ? `${details.slice(0, LONGEST_DETAILS)}…` : details,
    metadata: {
      ...failureHeaders(error),
      "cortado-code": known.code,
      ...(wait === undefined ? {} : { "retry-after": wait, "grpc-retry-pushback-ms": String(Number(wait) * 1000) }),
    },
  };
}

export interface FailureContext {
  models: ModelServer;
  /** The model that was asked. */
  model: string;
  log: { warn(message: string): void };
  /** What the client calls its request. */
  requestId?: string | undefined;
}

function isGivenUp(error: unknown): boolean {
  return !(error instanceof CortadoError) && error instanceof Error && error.name === "AbortError";
}
