/** Milliseconds within which two signals are one: Ctrl-C reaches a process from its terminal, and again from the one that started it. */
const SAME = 100;

/** Aborted at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const asked = new AbortController();
  let at = 0;
  const stop = () => {
    if (asked.signal.aborted && performance.now() - at > SAME) process.exit(130);
    at ||= performance.now();
    asked.abort(new Error("The process was asked to stop."));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return asked.signal;
}

/** Fulfilled when the signal is aborted. */
export async function untilStopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((done) => signal.addEventListener("abort", done, { once: true }));
}
