import type { AbstractUserRow } from "./abstract-user.ts";
import { longestName, normaliseEmail, normaliseUsername } from "./abstract-user.ts";
import { isUsablePassword, longestPassword, needsRehash, spendPasswordTime } from "./password-hash.ts";
import { userModel } from "./user-model.ts";

/** What a person types to log in: the username or the e-mail address, and the password. */
export interface Credentials {
  username?: string | undefined;
  email?: string | undefined;
  password: string;
}

/**
 * The active user with this name or address and this password, or null. It takes as long for an unknown user as for
 * a wrong password. A password hashed at an older cost is hashed anew.
 *
 * ```ts
 * const user = await authenticate({ username: "anna@example.com", password });
 * ```
 */
export async function authenticate({ username, email, password }: Credentials): Promise<AbstractUserRow | null> {
  if (password.length > longestPassword) return null;
  const user = await findUser(email ?? username ?? "");
  if (user === null || !isUsablePassword(user.password)) {
    await spendPasswordTime(password);
    return null;
  }
  if (!(await user.checkPassword(password)) || !user.isActive) return null;
  if (needsRehash(user.password)) {
    await user.setPassword(password);
    await user.save();
  }
  return user;
}

async function findUser(typed: string): Promise<AbstractUserRow | null> {
  const users = userModel().objects;
  if (typed === "" || typed.length > longestName || typed.includes("\0")) return null;
  if (typed.includes("@")) return users.filter({ email: normaliseEmail(typed) }).first();
  return users.filter({ username: normaliseUsername(typed) }).first();
}
