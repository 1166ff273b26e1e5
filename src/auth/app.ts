import { type App, defineApp } from "#kernel";
import { gettextLazy } from "#kernel/i18n";
import { type ModelClass, registerSwappable } from "#orm";
import { isUserModel } from "./abstract-user.ts";
import { checkUserModel } from "./checks.ts";
import { authErrors } from "./errors.ts";
import { ApiToken, Group, Permission } from "./models.ts";
import { prepareUser } from "./request-user.ts";
import { shownPermissions } from "./shown-permissions.ts";

/*
 * How it works. The project's user model is registered as `@user`, so that this layer's tables can refer to it without
 * knowing it. Before each view `prepareUser` turns the session into `request.user`: the session keeps the user's key and
 * a stamp of the password, so that changing the password ends sessions. Log-ins go through `authenticate`, which takes as
 * long for an unknown user as for a wrong password, and `loginWithPassword`, which slows guessing down. Permissions are
 * rows, made after a migration, and read once for each user object. Machines bring tokens instead of sessions.
 */

/**
 * Users, groups, permissions and tokens. The project owns its user table.
 *
 * ```ts
 * defineProject({ apps: [auth({ user: User }), shop], … });
 * ```
 * @throws AUTH_NOT_A_USER_MODEL
 */
export function auth({ user }: { user: unknown }): App {
  if (!isUserModel(user)) throw authErrors.AUTH_NOT_A_USER_MODEL({ given: describe(user) });
  const model = user as ModelClass;
  registerSwappable("@user", model);
  return defineApp({
    name: "auth",
    verboseName: gettextLazy("Accounts"),
    directory: import.meta.dirname,
    models: { Permission, Group, ApiToken },
    prepareRequest: prepareUser,
    contextProcessor: (request) => ({ perms: () => shownPermissions(request) }),
    checks: [(project) => checkUserModel(model, project)],
    onOpen: async () => registerSwappable("@user", model),
  });
}

function describe(given: unknown): string {
  return typeof given === "function" ? `the class ${given.name}` : String(given);
}
