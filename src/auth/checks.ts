import type { CheckMessage, ProjectSettings } from "#kernel";
import type { ModelClass } from "#orm";

/** What is wrong with the user model of a project, beside what the orm sees. */
export function checkUserModel(user: ModelClass, project: ProjectSettings): CheckMessage[] {
  const found: CheckMessage[] = [];
  const owner = project.apps.find((app) => Object.values(app.models ?? {}).includes(user));
  if (owner === undefined) {
    found.push({
      level: "error",
      code: "AUTH_CHECK_USER_NOT_LISTED",
      message: `The user model ${user.name} is in no app's models.`,
      hint: "Export it from the models.ts of an app that is in the project's apps.",
    });
    return found;
  }
  const object = `${owner.name}.${user.name}`;
  if (!Object.hasOwn(user, "objects"))
    found.push({
      level: "error",
      code: "AUTH_CHECK_USER_MANAGER",
      message: `The user model ${user.name} has no user manager, so createUser is missing.`,
      hint: "Add to the class: static objects = userManager(this);",
      object,
    });
  for (const name of ["username", "email"]) {
    if (user.meta.fields.some((field) => field.name === name && field.unique)) continue;
    found.push({
      level: "error",
      code: "AUTH_CHECK_USER_FIELD",
      message: `The user model ${user.name} has no unique field "${name}".`,
      hint: `Leave ${name} as AbstractUser declares it.`,
      object,
    });
  }
  return found;
}
