export {
  AbstractUser,
  type AbstractUserRow,
  isUserModel,
  type NewUser,
  type UserCreation,
  userManager,
  type UserMethods,
  type UserModel,
} from "./abstract-user.ts";
export {
  authenticateToken,
  createToken,
  findToken,
  type NewTokenOptions,
  type TokenIdentity,
  type TokenScope,
  tokenScopes,
} from "./api-tokens.ts";
export { auth } from "./app.ts";
export { authenticate, type Credentials } from "./authenticate.ts";
export { authErrors } from "./errors.ts";
export { askToLogIn, loginRequired, permissionRequired } from "./guards.ts";
export { loginNotRequired, loginRequiredMiddleware } from "./login-required.ts";
export { ApiToken, Group, Permission } from "./models.ts";
export { hashPassword, isUsablePassword, needsRehash, unusablePassword, verifyPassword } from "./password-hash.ts";
export { loginWithPassword, type LoginResult, type PasswordLogin } from "./password-login.ts";
export {
  commonPasswordRule,
  defaultPasswordRules,
  maximumLengthRule,
  minimumLengthRule,
  numericPasswordRule,
  type PasswordContext,
  type PasswordRule,
  similarToUserRule,
  validatePassword,
} from "./password-rules.ts";
export { type AnonymousUser, anonymousUser, keepLoggedIn, login, logout, type RequestUser } from "./request-user.ts";
export { remoteUser, type RemoteUserOptions } from "./remote-user.ts";
export { renamePermissions } from "./rename-permissions.ts";
export { type HandlerAction, handlerPermission, type ModelAction, permissionFor, syncPermissions } from "./sync-permissions.ts";
export { userLoggedIn, userLoggedOut, userLoginFailed } from "./signals.ts";
export { userModel } from "./user-model.ts";
export { forgetPermissions } from "./user-permissions.ts";
