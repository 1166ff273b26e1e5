import { gettextLazy } from "#kernel/i18n";
import {
  boolean,
  char,
  dateTime,
  email,
  type Manager,
  manager,
  manyToMany,
  Model,
  type ModelClass,
  type ModelOptions,
  type SaveOptions,
} from "#orm";
import { regexValidator } from "#validation";
import { Group, Permission } from "./models.ts";
import { hashPassword, unusablePassword, verifyPassword } from "./password-hash.ts";
import { holdsPermission, permissionsOf } from "./user-permissions.ts";

/**
 * A name has no "@", so that what is typed at the log-in is either a name or an address, never one user's name
 * that is another's address.
 */
const usernameValidator = regexValidator(/^[\p{L}\p{N}.+_-]+$/u, {
  message: gettextLazy("Enter a valid username: letters, digits and . + - _ only."),
});

/** The fields that every user has. */
const userFields = {
  username: char({
    maxLength: 150,
    unique: true,
    verboseName: gettextLazy("username"),
    validators: [usernameValidator],
    helpText: gettextLazy("Letters, digits and . + - _ only."),
    errorMessages: { unique: gettextLazy("A user with that username already exists.") },
  }),
  email: email({
    unique: true,
    verboseName: gettextLazy("e-mail address"),
    errorMessages: { unique: gettextLazy("A user with that e-mail address already exists.") },
  }),
  password: char({ maxLength: 200, editable: false, default: "", verboseName: gettextLazy("password") }),
  firstName: char({ maxLength: 150, blank: true, default: "", verboseName: gettextLazy("first name") }),
  lastName: char({ maxLength: 150, blank: true, default: "", verboseName: gettextLazy("last name") }),
  isActive: boolean({
    default: true,
    verboseName: gettextLazy("active"),
    helpText: gettextLazy("May log in. Take this away instead of deleting an account."),
  }),
  isStaff: boolean({ default: false, verboseName: gettextLazy("staff"), helpText: gettextLazy("May enter the admin.") }),
  isSuperuser: boolean({
    default: false,
    verboseName: gettextLazy("superuser"),
    helpText: gettextLazy("Has every permission without being given any."),
  }),
  lastLogin: dateTime({ null: true, blank: true, editable: false, verboseName: gettextLazy("last log-in") }),
  dateJoined: dateTime({ autoNowAdd: true, verboseName: gettextLazy("joined") }),
  groups: () => manyToMany(Group, { blank: true, relatedName: "users", verboseName: gettextLazy("groups") }),
  userPermissions: () =>
    manyToMany(Permission, {
      blank: true,
      relatedName: "users",
      verboseName: gettextLazy("permissions"),
      helpText: gettextLazy("Those of this user alone, beside what the groups give."),
    }),
};

/** What every user can do; the project's own class inherits it. */
export interface UserMethods {
  readonly isAuthenticated: true;
  /** First and last name, or the username where there is neither. */
  readonly fullName: string;
  /** Whether the user may: `await user.hasPermission("shop.change_coffee")`. Read once a request. */
  hasPermission(codename: string): Promise<boolean>;
  /** The codenames that were given to the user and the user's groups. */
  permissions(): Promise<ReadonlySet<string>>;
  /** Hashes a password into the user, which is not saved yet; without one the user cannot log in by password. */
  setPassword(password: string | null): Promise<void>;
  checkPassword(password: string): Promise<boolean>;
}

type UserRow = InstanceType<ReturnType<typeof Model<typeof userFields>>>;
type UserBase<F> = ReturnType<typeof Model<typeof userFields & F>>;

/** The class that `AbstractUser()` gives: a model with a user's fields and methods. */
export type UserModel<F = {}> = UserBase<F> & { new (...values: any[]): UserMethods };

/** Any user, for code that knows no project's user model. */
export type AbstractUserRow = UserRow & UserMethods;

const marked = new WeakSet<object>();

/**
 * The base of a project's user model: the fields and methods that every user has, and your own fields.
 *
 * ```ts
 * export class User extends AbstractUser({ phone: char({ maxLength: 20, blank: true, default: "" }) }) {
 *   static objects = userManager(this);
 * }
 * ```
 */
export function AbstractUser<const F extends Record<string, unknown> = {}>(fields?: F, options: ModelOptions = {}): UserModel<F> {
  const base = Model(
    { ...userFields, ...fields },
    { verboseName: gettextLazy("user"), verboseNamePlural: gettextLazy("users"), ordering: ["username"], ...options },
  ) as unknown as ModelClass<UserRow>;
  class User extends base {
    get isAuthenticated(): true {
      return true;
    }
    get fullName(): string {
      return `${this.firstName} ${this.lastName}`.trim() || this.username;
    }
    hasPermission(codename: string): Promise<boolean> {
      return holdsPermission(this, codename);
    }
    permissions(): Promise<ReadonlySet<string>> {
      return permissionsOf(this);
    }
    async setPassword(password: string | null): Promise<void> {
      this.password = password === null ? unusablePassword() : await hashPassword(password);
    }
    checkPassword(password: string): Promise<boolean> {
      return verifyPassword(password, this.password);
    }
    override fullClean(options?: { exclude?: readonly string[] }): Promise<void> {
      normaliseNames(this);
      return super.fullClean(options);
    }
    override save(options?: SaveOptions): Promise<void> {
      normaliseNames(this);
      return super.save(options);
    }
    override toString(): string {
      return this.username;
    }
  }
  marked.add(User);
  return User as unknown as UserModel<F>;
}

/** Whether a class comes from `AbstractUser`. */
export function isUserModel(model: unknown): boolean {
  for (let at: unknown = model; typeof at === "function"; at = Object.getPrototypeOf(at)) if (marked.has(at)) return true;
  return false;
}

/** One spelling an address, so that it is found however it is typed. */
export function normaliseEmail(address: string): string {
  return address.trim().toLowerCase();
}

/** No username and no address is longer. */
export const longestName = 254;

/** One spelling a username: `ａｎｎａ`, or Hangul written jamo by jamo, is nobody else. What is too long to be one stays. */
export function normaliseUsername(username: string): string {
  return username.length > longestName ? username : username.normalize("NFKC");
}

/** What was not loaded stays as it is. */
function normaliseNames(user: { username?: string; email?: string }): void {
  if (typeof user.username === "string") user.username = normaliseUsername(user.username);
  if (typeof user.email === "string") user.email = normaliseEmail(user.email);
}

/** A new user's values; without a password the user cannot log in by one. */
export interface NewUser {
  username: string;
  email: string;
  password?: string | undefined;
  [field: string]: unknown;
}

/** What a user model's manager can do beside querying. */
export interface UserCreation<T> {
  /** A validated, saved user. @throws ValidationError */
  createUser(values: NewUser): Promise<T>;
  /** A user who may do everything. @throws ValidationError */
  createSuperuser(values: NewUser): Promise<T>;
}

/**
 * The manager of a user model.
 *
 * ```ts
 * await User.objects.createUser({ username: "anna", email: "anna@example.com", password: "a long secret" });
 * ```
 */
export function userManager<M extends { new (...values: any[]): any }>(
  model: M,
): Manager<InstanceType<M>> & UserCreation<InstanceType<M>> {
  const create = async ({ password, ...values }: NewUser): Promise<InstanceType<M>> => {
    const user = new model(values);
    await user.setPassword(password ?? null);
    await user.fullClean();
    await user.save();
    return user;
  };
  return Object.assign(manager(model as never), {
    createUser: create,
    createSuperuser: (values: NewUser) => create({ isStaff: true, isSuperuser: true, ...values }),
  }) as never;
}
