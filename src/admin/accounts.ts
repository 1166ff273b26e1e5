import { type AbstractUserRow, Group, type RequestUser, validatePassword } from "#auth";
import { charField, Form, modelFormClass, passwordInput } from "#forms";
import type { HttpRequest } from "#http";
import { gettext, gettextLazy } from "#kernel/i18n";
import type { ModelClass } from "#orm";
import { ValidationError } from "#validation";
import { type AdminForm, type ModelAdmin, modelAdmin } from "./model-admin.ts";

const newPassword = { attrs: { autocomplete: "new-password" } };
const passwordHelp = gettextLazy("At least 8 characters, not only digits, not a common one, not like the name or the address.");

/** Only superusers give out rights: whoever may edit users must not be able to make one of them more than oneself. */
function rightsOnlyForSuperusers(names: readonly string[], others: readonly string[] = []) {
  return (request: HttpRequest) => (request.user.isSuperuser ? others : [...others, ...names]);
}

/** Users in the admin: the password has a form of its own, rights are given by superusers only. */
export function userAdmin(User: ModelClass<any>): ModelAdmin {
  const known = ["username", "email", "password", "firstName", "lastName", "isActive", "isStaff", "isSuperuser", "groups"];
  const shown = [...known, "userPermissions", "lastLogin", "dateJoined"];
  const own = [...User.meta.fields, ...User.meta.manyToMany].filter(
    (field) => field.editable && !field.primaryKey && !shown.includes(field.name),
  );
  return modelAdmin(User, {
    listDisplay: ["username", "email", "fullName", "isStaff", "isActive", "lastLogin"],
    listFilter: ["isStaff", "isSuperuser", "isActive", "groups"],
    searchFields: ["username", "email", "firstName", "lastName"],
    addForm: userAddForm(User),
    addFields: ["username", "email", "password", "passwordAgain"],
    readonlyFields: rightsOnlyForSuperusers(["isStaff", "isSuperuser", "groups", "userPermissions"], ["lastLogin", "dateJoined"]),
    fieldsets: [
      { fields: ["username", "email", "firstName", "lastName", ...own.map((field) => field.name)] },
      { title: gettextLazy("Rights"), fields: ["isActive", "isStaff", "isSuperuser", "groups", "userPermissions"] },
      { title: gettextLazy("Dates"), fields: ["lastLogin", "dateJoined"] },
    ],
    allow: { change: mayTouch, delete: mayTouch },
  });
}

/**
 * A user is changed and deleted by superusers, and by those who have every right that the user has: whoever sets
 * another's password or address could log in as that user.
 */
async function mayTouch({ user }: HttpRequest, row?: AbstractUserRow): Promise<boolean> {
  if (user.isSuperuser || row === undefined || row.pk === user.pk) return true;
  if (row.isSuperuser) return false;
  return (await row.permissions()).isSubsetOf(await user.permissions());
}

export function groupAdmin(): ModelAdmin {
  return modelAdmin(Group, { searchFields: ["name"], readonlyFields: rightsOnlyForSuperusers(["permissions"]) });
}

function userAddForm(User: ModelClass<any>): AdminForm {
  const Base = modelFormClass(User, { fields: ["username", "email"] } as never) as unknown as new (options: any) => any;
  return class extends Base {
    constructor(options: any) {
      super(options);
      this["fields"].set("password", charField({ widget: passwordInput(newPassword), helpText: passwordHelp, strip: false }));
      this["fields"].set(
        "passwordAgain",
        charField({ label: gettextLazy("Password again"), widget: passwordInput(newPassword), strip: false }),
      );
    }
    clean(values: Record<string, any>): void {
      checkNewPassword(values, values);
    }
    async save(): Promise<any> {
      await this["instance"].setPassword(this["cleanedData"].password);
      return super["save"]();
    }
  };
}

/** Sets a password: one's own, with the old one, or another user's. */
export class SetPasswordForm extends Form({
  password: charField({
    label: gettextLazy("New password"),
    widget: passwordInput(newPassword),
    helpText: passwordHelp,
    strip: false,
  }),
  passwordAgain: charField({ label: gettextLazy("New password again"), widget: passwordInput(newPassword), strip: false }),
}) {
  /** Whose password it is. */
  user!: Exclude<RequestUser, { isAuthenticated: false }>;

  override clean(values: Record<string, any>): void {
    checkNewPassword(values, this.user);
  }
}

export class ChangePasswordForm extends Form({
  oldPassword: charField({
    label: gettextLazy("Present password"),
    widget: passwordInput({ attrs: { autocomplete: "current-password" } }),
    strip: false,
  }),
  ...SetPasswordForm.fields,
}) {
  user!: Exclude<RequestUser, { isAuthenticated: false }>;

  async cleanOldPassword(given: string): Promise<string> {
    if (await this.user.checkPassword(given)) return given;
    throw new ValidationError(gettext("This is not your present password."));
  }

  override clean(values: Record<string, any>): void {
    checkNewPassword(values, this.user);
  }
}

/** Both equal, and strong enough; a field that was refused already is not looked at again. */
function checkNewPassword(values: Record<string, any>, user: Record<string, any>): void {
  const { password, passwordAgain } = values;
  if (typeof password !== "string" || typeof passwordAgain !== "string") return;
  if (password !== passwordAgain) throw new ValidationError({ passwordAgain: [gettext("The two passwords differ.")] });
  try {
    validatePassword(password, user);
  } catch (error) {
    if (error instanceof ValidationError) throw new ValidationError({ password: error.messages });
    throw error;
  }
}
