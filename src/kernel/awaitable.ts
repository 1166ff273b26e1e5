/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/** True for what has to be waited for. */
export function isPending<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** Goes on with a value when it is there; at once where it is, for waiting costs a turn even then. */
export function whenReady<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return isPending(value) ? value.then(next) : next(value);
}
