import { gettextLazy } from "#kernel/i18n";
import { boolean, char, dateTime, foreignKey, json, manager, manyToMany, Model } from "#orm";

/** The right to do one thing: `shop.change_coffee`, `models.train_digits`. Made by `syncPermissions` after a migration. */
export class Permission extends Model(
  {
    codename: char({ maxLength: 200, unique: true, verboseName: gettextLazy("codename") }),
    /** The app and what of it the permission is about, for grouping: `shop`, `Coffee`. */
    app: char({ maxLength: 100, verboseName: gettextLazy("app") }),
    subject: char({ maxLength: 100, verboseName: gettextLazy("subject") }),
    name: char({ maxLength: 255, verboseName: gettextLazy("name") }),
  },
  {
    ordering: ["app", "subject", "codename"],
    verboseName: gettextLazy("permission"),
    verboseNamePlural: gettextLazy("permissions"),
  },
) {
  static objects = manager(this);
  override toString(): string {
    return this.name;
  }
}

/** Users that share permissions. */
export class Group extends Model(
  {
    name: char({ maxLength: 150, unique: true, verboseName: gettextLazy("name") }),
    permissions: () => manyToMany(Permission, { blank: true, relatedName: "groups", verboseName: gettextLazy("permissions") }),
  },
  { ordering: ["name"], verboseName: gettextLazy("group"), verboseNamePlural: gettextLazy("groups") },
) {
  static objects = manager(this);
  override toString(): string {
    return this.name;
  }
}

/** A bearer token of a user, for machines. Only its hash is kept; the token itself is shown once, when it is made. */
export class ApiToken extends Model(
  {
    user: () => foreignKey("@user", { onDelete: "cascade", relatedName: "apiTokens" }),
    name: char({ maxLength: 100, blank: true, default: "", verboseName: gettextLazy("name") }),
    /** The first letters, by which a person knows the token again. */
    prefix: char({ maxLength: 16, editable: false }),
    digest: char({ maxLength: 64, unique: true, editable: false }),
    scopes: json<string[]>(),
    isActive: boolean({ default: true, verboseName: gettextLazy("active") }),
    created: dateTime({ autoNowAdd: true }),
    expires: dateTime({ null: true, blank: true }),
    lastUsed: dateTime({ null: true, blank: true, editable: false }),
  },
  { ordering: ["-created"], verboseName: gettextLazy("API token"), verboseNamePlural: gettextLazy("API tokens") },
) {
  static objects = manager(this);
  override toString(): string {
    return this.name === "" ? `${this.prefix}…` : this.name;
  }
}
