import type { AskOptions } from "../engines/engine.ts";
import { servingErrors } from "../errors.ts";

/** Milliseconds that a request without a deadline of its own waits for what is loaded; longer where its model may take longer to answer. */
const PATIENCE = 120_000;

interface Waiting {
  model: string;
  /** The request, whose own deadline counts from when it came. */
  ask: AskOptions | undefined;
  /** The model's deadline, in milliseconds. */
  usual: number;
}

/** Waits for something to be loaded as long as a request may. The load goes on. @throws SERVING_DEADLINE */
export async function waitForLoad<T>(loading: Promise<T>, { model, ask = {}, usual }: Waiting): Promise<T> {
  const milliseconds = ask.deadline ?? Math.max(usual, PATIENCE);
  const passed = ask.deadline === undefined || ask.since === undefined ? 0 : performance.now() - ask.since;
  const late = Promise.withResolvers<never>();
  const limit = setTimeout(() => late.reject(servingErrors.SERVING_DEADLINE({ model, milliseconds })), milliseconds - passed);
  try {
    return await Promise.race([loading, late.promise]);
  } finally {
    clearTimeout(limit);
  }
}
