import type { HttpRequest } from "#http";
import { Signal } from "#kernel";
import type { AbstractUserRow } from "./abstract-user.ts";

/** A user logged in; the sender is the class of users. */
export const userLoggedIn = new Signal<{ readonly request: HttpRequest; readonly user: AbstractUserRow }>();

/** A visitor logged out; `user` is null for one who was not logged in. */
export const userLoggedOut = new Signal<{ readonly request: HttpRequest; readonly user: AbstractUserRow | null }>();

/**
 * A log-in by password was refused. The password is not told.
 *
 * ```ts
 * userLoginFailed.connect(({ request, username }) => request.log.warn({ username }, "log-in refused"));
 * ```
 */
export const userLoginFailed = new Signal<{ readonly request: HttpRequest; readonly username: string }>();
