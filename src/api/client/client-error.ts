/** What a server answered in place of what was asked for. */
export interface Refusal {
  code: string;
  message: string;
  hint?: string | undefined;
}

/**
 * The server refused, or was not reached.
 *
 * ```ts
 * if (error instanceof ClientError && error.status === 503) await pause(error.retryAfter);
 * ```
 */
export class ClientError extends Error {
  /** The status of the answer; 0 where there was none. */
  readonly status: number;
  /** The server's code: `SERVING_BAD_INPUT`; `CLIENT_NOT_REACHED` or `CLIENT_BAD_ANSWER` where the server gave none. */
  readonly code: string;
  readonly hint: string | undefined;
  /** Milliseconds after which the server thinks that it is worth trying again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, refusal: Refusal, more: { retryAfter?: number | undefined; cause?: unknown } = {}) {
    super(refusal.message, { cause: more.cause });
    this.name = "ClientError";
    this.status = status;
    this.code = refusal.code;
    this.hint = refusal.hint;
    this.retryAfter = more.retryAfter;
  }
}

/** The connection ended within an answer, and what came of it is not whole. */
export function cutOff(status: number, cause?: unknown): ClientError {
  const message = "The answer was cut off: the connection ended before it did.";
  return new ClientError(status, { code: "CLIENT_BAD_ANSWER", message }, { cause });
}
