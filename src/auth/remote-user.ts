import type { HttpRequest, Middleware } from "#http";
import type { AbstractUserRow } from "./abstract-user.ts";
import { login, logout } from "./request-user.ts";
import { userModel } from "./user-model.ts";

export interface RemoteUserOptions {
  /** The header in which the proxy in front names the user: `remote-user`. */
  header?: string | undefined;
  /** Makes the user who is named and not known yet; by default nobody is let in who is not. */
  create?: ((username: string, request: HttpRequest) => Promise<AbstractUserRow | null>) | undefined;
  /** Keeps a user logged in when the header is missing: where the proxy names users on a log-in page alone. */
  persistent?: boolean | undefined;
}

/** Marks a session that a proxy's word began. */
const sessionKey = "_remoteUser";

/**
 * Believes a proxy in front that says who makes a request. It must set the header itself and take away what clients send in it:
 * whoever can send the header is whoever he says.
 *
 * ```ts
 * const middleware = [remoteUser({ header: "x-remote-user" })];
 * ```
 */
export function remoteUser({ header = "remote-user", create, persistent = false }: RemoteUserOptions = {}): Middleware {
  const name = header.toLowerCase();
  return async (request, next) => {
    const named = request.headers[name];
    const username = typeof named === "string" ? named.trim() : "";
    const { user } = request;
    const isSame = user.isAuthenticated && user.username === username;
    if (username === "") {
      if (!persistent && user.isAuthenticated && request.session.has(sessionKey)) await logout(request);
    } else if (!isSame) {
      const found = (await findUser(username)) ?? (await create?.(username, request)) ?? null;
      if (found?.isActive) {
        await login(request, found);
        request.session.set(sessionKey, true);
      } else if (user.isAuthenticated) await logout(request);
    }
    return next();
  };
}

async function findUser(username: string): Promise<AbstractUserRow | null> {
  return (await userModel().objects.filter({ username }).first()) ?? null;
}
