import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";
import type { Middleware } from "../view.ts";

/** Answers 403 to programs whose `User-Agent` matches one of the expressions: the setting `disallowedUserAgents`. */
export function refuseAgents(agents: readonly RegExp[]): Middleware {
  return (request, next) => {
    const agent = request.headers["user-agent"] ?? "";
    if (agents.some((pattern) => agent.search(pattern) >= 0)) throw HttpError.from(403, httpErrors.HTTP_AGENT_REFUSED());
    return next();
  };
}
