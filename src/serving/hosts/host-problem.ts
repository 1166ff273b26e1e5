import { CortadoError } from "#kernel";

/** What went wrong in another process or thread: in words, and as the error that it was, where that has a code. */
export interface HostProblem {
  problem: string;
  error?: { code: string; message: string; hint?: string | undefined };
}

/** A problem as it is told over there. */
export function problemFrom(thrown: unknown): HostProblem {
  const { message, hint, cause } = thrown as { message: string; hint?: string; cause?: unknown };
  const known = [thrown, cause].find((each) => each instanceof CortadoError);
  const error = known && { code: known.code, message: known.message, hint: known.hint };
  return { problem: hint ? `${message} ${hint}` : message, ...(error && { error }) };
}

/** The problem here again: an error in its words, whose `cause` is the error that it was. */
export function errorFrom({ problem, error }: HostProblem): Error {
  return new Error(problem, error && { cause: new CortadoError(error.code, error.message, { hint: error.hint }) });
}
