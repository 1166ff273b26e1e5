import { type HttpRequest, networkOf } from "#http";
import type { Services } from "#kernel";
import { gettext, interpolate, ngettext } from "#kernel/i18n";
import type { AbstractUserRow } from "./abstract-user.ts";
import { authenticate } from "./authenticate.ts";
import { LoginLimit } from "./login-limit.ts";
import { login } from "./request-user.ts";
import { userLoginFailed } from "./signals.ts";
import { userModel } from "./user-model.ts";

/** One for each open project. */
const limits = new WeakMap<Services, LoginLimit>();

function limitOf(services: Services): LoginLimit {
  let limit = limits.get(services);
  if (limit === undefined) limits.set(services, (limit = new LoginLimit()));
  return limit;
}

/** How a log-in with a password ended. */
export type LoginResult =
  | { readonly user: AbstractUserRow }
  | { readonly user: null; readonly message: string; readonly retryAfter?: number };

export interface PasswordLogin {
  /** Username or e-mail address. */
  username: string;
  password: string;
  /** Refuses users who may not enter here, before they are logged in. */
  admit?: (user: AbstractUserRow) => string | undefined;
}

/**
 * Logs in whoever has this name and password. Guessing is slowed down: after some failures each further one makes
 * the next try wait.
 *
 * ```ts
 * const result = await loginWithPassword(request, { username, password });
 * if (result.user === null) return render(request, "login.html", { problem: result.message });
 * ```
 */
export async function loginWithPassword(
  request: HttpRequest,
  { username, password, admit }: PasswordLogin,
): Promise<LoginResult> {
  const limit = limitOf(request.services);
  const wait = limit.begin(username, networkOf(request.ip));
  if (wait > 0) {
    const retryAfter = Math.ceil(wait / 1000);
    return {
      user: null,
      retryAfter,
      message: interpolate(gettext("Too many failed log-ins. Try again in %(time)s."), { time: inWords(retryAfter) }),
    };
  }
  const user = await authenticate({ username, password });
  if (user === null && !userLoginFailed.isIdle) await userLoginFailed.send(userModel(), { request, username });
  if (user === null)
    return { user, message: gettext("This name and password do not fit together. Mind small letters and capitals.") };
  limit.succeeded(username, networkOf(request.ip));
  const refusal = admit?.(user);
  if (refusal !== undefined) return { user: null, message: refusal };
  await login(request, user);
  return { user };
}

function inWords(seconds: number): string {
  if (seconds < 90) return interpolate(ngettext("%(count)d second", "%(count)d seconds", seconds), { count: seconds });
  const count = Math.ceil(seconds / 60);
  return interpolate(ngettext("%(count)d minute", "%(count)d minutes", count), { count });
}
