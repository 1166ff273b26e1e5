import type { HttpRequest } from "#http";
import { currentLanguage, currentTimeZone, i18nSettings, isRightToLeft } from "#kernel/i18n";
import { messageLevels, type ShownMessage, shownMessages } from "./shown-messages.ts";
import "./request-names.ts";

/** Gives every template something. Its names stand behind those of the view. */
export type ContextProcessor = (request: HttpRequest) => Record<string, unknown> | Promise<Record<string, unknown>>;

declare module "#kernel" {
  interface AppParts {
    /** What the app gives to every template that is rendered for a request. */
    contextProcessor?: ContextProcessor | undefined;
  }
}

/** What Django's context processors `i18n` and `tz` give; asked only where a page shows it. */
const languageNames = {
  LANGUAGE_CODE: () => currentLanguage(),
  LANGUAGE_BIDI: () => isRightToLeft(currentLanguage()),
  LANGUAGES: () => Object.entries(i18nSettings().languages),
  TIME_ZONE: () => currentTimeZone(),
};

/**
 * The names that every template has, before those that apps give.
 *
 * ```ts
 * usualContextNames.includes("user"); // true
 * ```
 */
export const usualContextNames: readonly string[] = [
  ..."request user messages DEFAULT_MESSAGE_LEVELS csrf_token csp_nonce debug".split(" "),
  ...Object.keys(languageNames),
];

/**
 * What every template has: `request`, `user`, `messages`, `csrf_token`, `csp_nonce`, `debug`, `DEFAULT_MESSAGE_LEVELS`,
 * `LANGUAGE_CODE`, `LANGUAGE_BIDI`, `LANGUAGES`, `TIME_ZONE`, and what the apps add.
 * Messages, token and nonce are functions: a page that does not show them neither takes messages nor sets a cookie.
 *
 * ```ts
 * const text = await engine.render("shop/mail.txt", { ...(await requestContext(request)), order });
 * ```
 */
export async function requestContext(request: HttpRequest): Promise<Record<string, unknown>> {
  let messages: ShownMessage[] | undefined;
  const context: Record<string, unknown> = {
    request,
    user: (request as { user?: unknown }).user,
    messages: () => (messages ??= shownMessages(request)),
    DEFAULT_MESSAGE_LEVELS: messageLevels,
    csrf_token: () => request.csrfToken,
    csp_nonce: () => request.cspNonce,
    debug: request.services.settings.debug,
    ...languageNames,
  };
  for (const app of request.services.settings.apps) {
    if (app.contextProcessor === undefined) continue;
    const given = app.contextProcessor(request);
    Object.assign(context, given instanceof Promise ? await given : given);
  }
  return context;
}
