import { servingErrors } from "../../errors.ts";

/** Asks something that must be answered within some milliseconds. @throws SERVING_SOURCE_FAILED when it is not */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  ask: (patient: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = AbortSignal.timeout(milliseconds);
  try {
    return await ask(AbortSignal.any([signal, end]));
  } catch (error) {
    if (!end.aborted || signal.aborted) throw error;
    const problem = `did not answer within ${milliseconds / 1000} seconds`;
    throw servingErrors.SERVING_SOURCE_FAILED({ what: "The source", problem, cause: error });
  }
}
