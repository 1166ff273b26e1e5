import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a client may call its request: nothing that has a meaning in a log. */
const allowed = /^[\w.:/+=@-]{1,128}$/;

/** Not to be confused with those of other processes, or of this one before it was started again. */
const ownPrefix = randomBytes(5).toString("hex");
let count = 0;

/** The name of a request in logs: that in its `X-Request-Id`, where it has a sound one, else a new one. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  if (given !== undefined && allowed.test(given as string)) return given as string;
  return `${ownPrefix}-${(++count).toString(36)}`;
}
