const carried = new WeakMap<object, Readonly<Record<string, string>>>();
const none: Readonly<Record<string, string>> = {};

/**
 * Gives the answer to an error these headers, whatever the answer says: for errors that strangers are told nothing of.
 *
 * ```ts
 * throw withAnswerHeaders(error, { "cortado-model": "digits@3" });
 * ```
 */
export function withAnswerHeaders<T>(error: T, headers: Readonly<Record<string, string>>): T {
  if (typeof error === "object" && error !== null) carried.set(error, headers);
  return error;
}

/** The headers that the answer to an error is to have. */
export function answerHeadersOf(error: unknown): Readonly<Record<string, string>> {
  return (typeof error === "object" && error !== null ? carried.get(error) : undefined) ?? none;
}
