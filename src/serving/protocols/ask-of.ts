import type { HttpRequest } from "#http";
import { servingErrors } from "../errors.ts";
import type { PredictOptions } from "../handlers/handler.ts";

/**
 * How a request is to be answered: by the version or alias of its address, else by the alias `default`, within what the
 * request itself says: `Cortado-Priority`, where 1 goes first, and `Cortado-Deadline` in milliseconds. The alias stands there in any case, so that a version which was chosen by it can be asked as such:
 * `{ ...ask, version }`.
 */
export function askOf(
  request: HttpRequest,
  { version, alias }: { version?: string | undefined; alias?: string | undefined } = {},
): PredictOptions {
  const { headers, id: requestId } = request;
  const ask: PredictOptions = {
    version,
    alias: alias ?? (version === undefined ? "default" : undefined),
    headers,
    signal: () => request.signal,
    requestId,
  };
  const { "cortado-priority": priority, "cortado-deadline": deadline } = headers;
  if (priority !== undefined) ask.priority = wholeNumber("Cortado-Priority", priority);
  if (deadline !== undefined) {
    ask.deadline = wholeNumber("Cortado-Deadline", deadline);
    ask.since = performance.now();
  }
  return ask;
}

/** @throws SERVING_BAD_INPUT */
function wholeNumber(header: string, given: string | string[]): number {
  if (typeof given === "string" && /^[1-9]\d{0,8}$/.test(given)) return Number(given);
  const problem = `is ${JSON.stringify(given)}, and must be a whole number from 1 to 999999999`;
  throw servingErrors.SERVING_BAD_INPUT({ where: `The header ${header}`, problem });
}
