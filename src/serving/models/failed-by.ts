/** Which version a prediction failed at, and how long that took. */
export interface FailedBy {
  model: string;
  version: string;
  milliseconds: number;
}

const failures = new WeakMap<object, FailedBy>();

/** Remembers which version an error came from, for the headers of its answer. */
export function noteFailure(error: unknown, by: FailedBy): void {
  if (typeof error === "object" && error !== null) failures.set(error, by);
}

/** Which version an error came from; undefined where it is not known. */
export function failedBy(error: unknown): FailedBy | undefined {
  return typeof error === "object" && error !== null ? failures.get(error) : undefined;
}
