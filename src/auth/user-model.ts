import { type ModelClass, swappableModel } from "#orm";
import { authErrors } from "./errors.ts";
import type { AbstractUserRow, UserCreation } from "./abstract-user.ts";

/**
 * The project's own user model.
 *
 * ```ts
 * const admins = await userModel().objects.filter({ isSuperuser: true });
 * ```
 * @throws AUTH_NO_USER_MODEL
 */
export function userModel(): ModelClass<AbstractUserRow> & { objects: UserCreation<AbstractUserRow> } {
  const found = swappableModel("@user");
  if (found === undefined) throw authErrors.AUTH_NO_USER_MODEL();
  return found as ReturnType<typeof userModel>;
}
