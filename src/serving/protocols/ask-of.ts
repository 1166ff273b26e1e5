import type { HttpRequest } from "#http";
import type { PredictOptions } from "../handlers/handler.ts";

/**
 * How a request is to be answered: by the version or alias of its address, else by the alias `default`, within what the
 * request itself says. The alias stands there in any case, so that a version which was chosen by it can be asked as such:
 * `{ ...ask, version }`.
 */
export function askOf(
  request: HttpRequest,
  { version, alias }: { version?: string | undefined; alias?: string | undefined } = {},
): PredictOptions {
  const { headers, id: requestId } = request;
  return {
    version,
    alias: alias ?? (version === undefined ? "default" : undefined),
    headers,
    signal: () => request.signal,
    requestId,
  };
}
