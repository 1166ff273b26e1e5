import type { ProjectSettings } from "#kernel";
import { Signer } from "#kernel/signing";
import type { HttpRequest } from "#http";
import type { AbstractUserRow } from "./abstract-user.ts";
import { userLoggedIn, userLoggedOut } from "./signals.ts";
import { userModel } from "./user-model.ts";

/** A visitor who is not logged in. */
export interface AnonymousUser {
  readonly isAuthenticated: false;
  readonly isActive: false;
  readonly isStaff: false;
  readonly isSuperuser: false;
  readonly pk: null;
  readonly username: "";
  hasPermission(codename: string): Promise<false>;
  permissions(): Promise<ReadonlySet<string>>;
}

export type RequestUser = AbstractUserRow | AnonymousUser;

declare module "#http" {
  interface HttpRequest {
    /** Who makes the request: a user, or `{ isAuthenticated: false }`. */
    user: RequestUser;
  }
}

const nothing: ReadonlySet<string> = new Set();

export const anonymousUser: AnonymousUser = Object.freeze({
  isAuthenticated: false,
  isActive: false,
  isStaff: false,
  isSuperuser: false,
  pk: null,
  username: "",
  hasPermission: async () => false as const,
  permissions: async () => nothing,
  toString: () => "anonymous",
});

const idKey = "_userId";
const stampKey = "_userStamp";

/** Sets `request.user` before the view: one query where the session names a user, none otherwise. */
export function prepareUser(request: HttpRequest): void | Promise<void> {
  request.user = anonymousUser;
  if (request.hasSessionCookie) return userOfSession(request).then((user) => void (request.user = user));
}

/**
 * Logs a user in: the session gets a new key, and the log-in's time is kept.
 *
 * ```ts
 * const user = await authenticate(credentials);
 * if (user) await login(request, user);
 * ```
 */
export async function login(request: HttpRequest, user: AbstractUserRow): Promise<void> {
  const { session } = request;
  const other = session.has(idKey) && session.get(idKey) !== user.pk;
  if (other) session.flush();
  else session.cycleKey();
  session.set(idKey, user.pk);
  session.set(stampKey, passwordStamp(request, user));
  request.rotateCsrfToken();
  request.user = user;
  user.lastLogin = new Date();
  await user.save();
  if (!userLoggedIn.isIdle) await userLoggedIn.send(userModel(), { request, user });
}

/** Logs the visitor out and forgets the session. Await it where receivers of `userLoggedOut` write. */
export function logout(request: HttpRequest): Promise<void> {
  const { user } = request;
  request.session.flush();
  request.user = anonymousUser;
  if (userLoggedOut.isIdle) return Promise.resolve();
  const left = user.isAuthenticated ? (user as AbstractUserRow) : null;
  return userLoggedOut.send(userModel(), { request, user: left }).then(() => undefined);
}

/** Keeps this session alive when its own user has changed the password; the user's other sessions end. */
export function keepLoggedIn(request: HttpRequest, user: AbstractUserRow): void {
  request.session.cycleKey();
  request.session.set(stampKey, passwordStamp(request, user));
}

async function userOfSession(request: HttpRequest): Promise<RequestUser> {
  const id = request.session.get(idKey);
  if (id === undefined) return anonymousUser;
  const user = await userModel()
    .objects.filter({ pk: id as AbstractUserRow["pk"] })
    .first();
  if (!user?.isActive || !hasPasswordStamp(request, user)) {
    request.session.flush();
    return anonymousUser;
  }
  return user;
}

/** What a session remembers of the password: it changes with it, and says nothing of it. */
function passwordStamp(request: HttpRequest, user: AbstractUserRow): string {
  return stampSigner(request).signature(user.password);
}

/** Whether the session is of today's password. A stamp that an older secret key made is renewed, and the session's key with it. */
function hasPasswordStamp(request: HttpRequest, user: AbstractUserRow): boolean {
  const stamp = request.session.get(stampKey);
  const wanted = passwordStamp(request, user);
  if (stamp === wanted) return true;
  if (typeof stamp !== "string" || !stampSigner(request).verify(user.password, stamp)) return false;
  request.session.cycleKey();
  request.session.set(stampKey, wanted);
  return true;
}

const stampSigners = new WeakMap<ProjectSettings, Signer>();

function stampSigner({ services: { settings } }: HttpRequest): Signer {
  let signer = stampSigners.get(settings);
  if (signer === undefined) {
    const { secretKey: key, secretKeyFallbacks: fallbackKeys } = settings;
    stampSigners.set(settings, (signer = new Signer({ key, fallbackKeys, salt: "cortado.auth.session" })));
  }
  return signer;
}
