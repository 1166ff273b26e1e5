/** What the project's own code threw while a form was read: the form is not to blame. */
export class ProjectFailure extends Error {}

/** Runs the project's own code; what it throws is told from what the form's parser throws. */
export async function ofProject<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new ProjectFailure("", { cause });
  }
}
