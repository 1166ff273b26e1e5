import { type Check, checkMessage, type CortadoError, type ProjectSettings } from "#kernel";
import { httpErrors } from "./errors.ts";
import { weightOf } from "./messages/message-levels.ts";
import { findLonelySessionCache, findUnknownSessionCache } from "./sessions/session-checks.ts";
import { findStaticProblems, findUncollected } from "./static/static-checks.ts";
import { findUrlProblems } from "./urls/check-urls.ts";

/** What is unsafe where strangers come. */
function* findUnsafe({
  debug,
  allowedHosts = [],
  secretKey,
  secretKeyFallbacks = [],
  security,
}: ProjectSettings): Generator<CortadoError> {
  if (debug) yield httpErrors.HTTP_CHECK_DEBUG();
  if (allowedHosts.length === 0) yield httpErrors.HTTP_CHECK_NO_HOST();
  if (allowedHosts.includes("*")) yield httpErrors.HTTP_CHECK_ANY_HOST();
  if ([secretKey, ...secretKeyFallbacks].some((key) => key.length < 32)) yield httpErrors.HTTP_CHECK_WEAK_SECRET();
  if (!security?.sslRedirect) yield httpErrors.HTTP_CHECK_HTTPS();
  if (!security?.hstsSeconds) yield httpErrors.HTTP_CHECK_HSTS();
}

/** Levels that the settings of messages name and that are none. */
function findUnknownLevels({ messages = {} }: ProjectSettings): CortadoError[] {
  const named = [...(messages.level === undefined ? [] : [messages.level]), ...Object.keys(messages.tags ?? {})];
  return named.flatMap((level) => {
    try {
      weightOf(level, messages);
      return [];
    } catch (error) {
      return [error as CortadoError];
    }
  });
}

/** What can be said of the http settings before the start; in production also what is unsafe. */
export const httpChecks: Check = (project) => {
  if (project.secretKey === "") return [checkMessage(httpErrors.HTTP_CHECK_SECRET_KEY())];
  const wrong = [...findUnknownLevels(project), ...findUnknownSessionCache(project), ...findStaticProblems(project)];
  const doubtful = [...findUrlProblems(project.urls ?? [])];
  if (project.mode === "production")
    doubtful.push(...findUnsafe(project), ...findLonelySessionCache(project), ...findUncollected(project));
  return [...wrong.map((error) => checkMessage(error)), ...doubtful.map((error) => checkMessage(error, "warning"))];
};
