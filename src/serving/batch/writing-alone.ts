import { servingErrors } from "../errors.ts";
import { withFolderLock } from "../repositories/remote/folder-lock.ts";

/** Milliseconds in which a run that was killed is known to be dead, on whatever machine it was. */
const PATIENCE = 16_000;

/** The output of a run, and how long another run into it is waited for. */
interface Output {
  to: string;
  patience?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Does what writes an output while no other run does: of two at once, the lines of both would be in it. @throws SERVING_OUTPUT_TAKEN */
export async function writingAlone<T>({ to, patience = PATIENCE, signal }: Output, run: () => Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(patience);
  let hasBegun = false;
  const work = () => {
    hasBegun = true;
    return run();
  };
  try {
    return await withFolderLock(`${to}.lock`, work, signal ? AbortSignal.any([signal, limit]) : limit);
  } catch (error) {
    if (hasBegun || !limit.aborted || signal?.aborted) throw error;
    throw servingErrors.SERVING_OUTPUT_TAKEN({ to, by: "another run" });
  }
}
