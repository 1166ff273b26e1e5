import type { HttpRequest } from "#http";

/** Gives every template something. Its names stand behind those of the view. */
export type ContextProcessor = (request: HttpRequest) => Record<string, unknown> | Promise<Record<string, unknown>>;

declare module "#kernel" {
  interface AppParts {
    /** What the app gives to every template that is rendered for a request. */
    contextProcessor?: ContextProcessor | undefined;
  }
}

/**
 * What every template has: `request`, `user`, `messages`, `csrf_token`, `debug`, and what the apps add.
 * The messages and the token are functions: a page that does not show them neither takes messages nor sets a cookie.
 */
export async function requestContext(request: HttpRequest): Promise<Record<string, unknown>> {
  let messages: unknown[] | undefined;
  const context: Record<string, unknown> = {
    request,
    user: (request as { user?: unknown }).user,
    messages: () => (messages ??= [...request.messages]),
    csrf_token: () => request.csrfToken,
    debug: request.services.settings.debug,
  };
  for (const app of request.services.settings.apps) {
    if (app.contextProcessor !== undefined) Object.assign(context, await app.contextProcessor(request));
  }
  return context;
}
