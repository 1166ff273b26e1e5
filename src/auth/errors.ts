import { defineErrors } from "#kernel";

export const authErrors = defineErrors({
  /** `auth({ user })` was given something that `AbstractUser` did not make. */
  AUTH_NOT_A_USER_MODEL: (d: { given: string }) => ({
    message: `auth({ user }) needs a model made by AbstractUser; it was given ${d.given}.`,
    hint: "class User extends AbstractUser() { static objects = userManager(this); }",
  }),
  /** A user model is asked for before a project with the auth app is open. */
  AUTH_NO_USER_MODEL: () => ({
    message: "No user model is known: the project's apps do not contain auth({ user: User }).",
    hint: "Add auth({ user: User }) to apps in cortado.config.ts.",
  }),
  /** A stored password is neither in the form that hashPassword writes nor in one of Django's. */
  AUTH_BAD_PASSWORD_HASH: (d: { start: string }) => ({
    message: `A stored password starts with "${d.start}", which is neither an argon2id hash nor one of Django's (pbkdf2_sha256, pbkdf2_sha1, scrypt, argon2, bcrypt_sha256, bcrypt, md5, sha1).`,
    hint: "Set the password again with setPassword, or mark it unusable.",
  }),
  /** A password was to be hashed that is longer than any that is taken. */
  AUTH_PASSWORD_TOO_LONG: (d: { length: number; most: number }) => ({
    message: `A password has ${d.length} characters; at most ${d.most} are taken.`,
    hint: "Check it with validatePassword before it is set, which says so to whoever chose it.",
  }),
  /** A token was asked for with a scope that does not exist. */
  AUTH_UNKNOWN_SCOPE: (d: { given: string; known: readonly string[]; hint?: string | undefined }) => ({
    message: `A token has no scope "${d.given}". The scopes are: ${d.known.join(", ")}.`,
    hint: d.hint,
  }),
});
