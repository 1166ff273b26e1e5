import { servingErrors } from "../errors.ts";

/** Milliseconds that a request without a deadline of its own waits for what is loaded; longer where its model may take longer to answer. */
const PATIENCE = 120_000;

interface Waiting {
  model: string;
  /** The request's own deadline, where it has one, and the model's, in milliseconds. */
  deadline: number | undefined;
  usual: number;
}

/** Waits for something to be loaded as long as a request may. The load goes on. @throws SERVING_DEADLINE */
export async function waitForLoad<T>(loading: Promise<T>, { model, deadline, usual }: Waiting): Promise<T> {
  const milliseconds = deadline ?? Math.max(usual, PATIENCE);
  const late = Promise.withResolvers<never>();
  const limit = setTimeout(() => late.reject(servingErrors.SERVING_DEADLINE({ model, milliseconds })), milliseconds);
  try {
    return await Promise.race([loading, late.promise]);
  } finally {
    clearTimeout(limit);
  }
}
