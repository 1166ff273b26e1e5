import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { defineApp } from "cortado";
import { admin, modelAdmin, type ModelAdminOptions } from "cortado/admin";
import { AbstractUser, auth, userManager } from "cortado/auth";
import { runChecks } from "#kernel";
import { char, integer, manager, Model, registerModels } from "cortado/orm";
import { type TestSite, testSite } from "cortado/testing";
import { Coffee, User } from "./shop/models.ts";
import { project } from "./shop/project.ts";

let site: TestSite;
before(async () => {
  site = await testSite(project);
});
after(() => site.close());

function check(options: ModelAdminOptions, name = "extra") {
  const extra = defineApp({ name, admin: [modelAdmin(Coffee, options)] });
  return runChecks(admin().checks!, { ...project, apps: [extra] });
}

test("a mistyped field in an option is found before the start, with the nearest name", async () => {
  const known = "id, name, price, isIce, stock, weight, about, page, roastedOn, extra, changed, roaster, tags";
  for (const option of ["listDisplay", "listFilter", "searchFields", "ordering", "fields", "exclude", "readonlyFields"]) {
    assert.deepEqual(await check({ [option]: ["prise"] }), [
      {
        level: "error",
        code: "ADMIN_CHECK_UNKNOWN_FIELD",
        message: `${option} of Coffee's admin names "prise", which Coffee does not have. It has: ${known}.`,
        hint: 'Did you mean "price"?',
        object: "Coffee",
      },
    ]);
  }
});

test("fields, relations' fields, getters and the text of a row are known", async () => {
  assert.deepEqual(
    await check({ listDisplay: ["toString", "roaster.country", "pk"], ordering: ["-price"], listFilter: ["roaster.country"] }),
    [],
  );
});

test("a filter over text is refused with what to use instead", async () => {
  assert.deepEqual(await check({ listFilter: ["about"] }), [
    {
      level: "error",
      code: "ADMIN_CHECK_FILTER",
      message: `listFilter of Coffee's admin names "about", a text, for which there is no filter.`,
      hint: "Filters are made for booleans, choices, relations, dates and times. Look for text with searchFields.",
      object: "Coffee",
    },
  ]);
});

test("a many-to-many column is refused, for it would ask once for each line", async () => {
  assert.deepEqual(await check({ listDisplay: ["tags"] }), [
    {
      level: "error",
      code: "ADMIN_CHECK_MANY_IN_LIST",
      message: `listDisplay of Coffee's admin names "tags", which holds many rows: one query for each line of the list.`,
      hint: "Use a column of your own: { name, value: (row) => … } over what the list's query annotates.",
      object: "Coffee",
    },
  ]);
});

test("a model that is registered twice is a warning", async () => {
  const twice = defineApp({ name: "extra", admin: [modelAdmin(Coffee), modelAdmin(Coffee)] });
  const [found] = await runChecks(admin().checks!, { ...project, apps: [twice] });
  assert.equal(found?.code, "ADMIN_CHECK_TWICE");
  assert.equal(found?.level, "warning");
});

test("modelAdmin refuses what is no model", () => {
  assert.throws(() => modelAdmin(Map as never), {
    code: "ADMIN_NOT_A_MODEL",
    message: "modelAdmin(Model, options) needs a model; it was given Map.",
    hint: 'modelAdmin(Coffee, { listDisplay: ["name", "price"] })',
  });
});

test("pages of the admin in a project without the app say what is missing", async () => {
  const apps = project.apps.filter((app) => app.name !== "admin");
  const bare = await testSite({ ...project, apps, debug: true });
  try {
    const answer = await bare.get("/admin/login/", { headers: { accept: "application/json" } });
    const { code, message, hint } = answer.json().error;
    assert.deepEqual(
      { code, message, hint },
      {
        code: "ADMIN_NOT_OPEN",
        message: "The admin's pages are in urls, but admin() is not among the project's apps.",
        hint: "Add admin() to apps in cortado.config.ts.",
      },
    );
  } finally {
    await bare.close();
  }
});

test("a user model that no app lists, or that has no user manager, is found before the start", async () => {
  class Lost extends AbstractUser() {}
  const found = await runChecks(auth({ user: Lost }).checks!, project);
  auth({ user: User });
  assert.deepEqual(found, [
    {
      level: "error",
      code: "AUTH_CHECK_USER_NOT_LISTED",
      message: "The user model Lost is in no app's models.",
      hint: "Export it from the models.ts of an app that is in the project's apps.",
    },
  ]);
  const listed = { ...project, apps: [defineApp({ name: "accounts", models: { Lost } })] };
  const [lacking] = await runChecks(auth({ user: Lost }).checks!, listed);
  auth({ user: User });
  assert.equal(lacking?.code, "AUTH_CHECK_USER_MANAGER");
  assert.equal(lacking?.message, "The user model Lost has no user manager, so createUser is missing.");
  assert.equal(lacking?.hint, "Add to the class: static objects = userManager(this);");
});

test("a user model without the unique name that log-ins look for is found before the start", async () => {
  class Nameless extends AbstractUser({ username: char({ maxLength: 20 }) }) {
    static objects = userManager(this);
  }
  const apps = [defineApp({ name: "accounts", models: { Nameless } })];
  const found = await runChecks(auth({ user: Nameless }).checks!, { ...project, apps });
  auth({ user: User });
  assert.deepEqual(found, [
    {
      level: "error",
      code: "AUTH_CHECK_USER_FIELD",
      message: 'The user model Nameless has no unique field "username".',
      hint: "Leave username as AbstractUser declares it.",
      object: "accounts.Nameless",
    },
  ]);
});

test("an app whose pages would lie under the admin's own is found before the start", async () => {
  class Jog extends Model({ distance: integer() }) {
    static objects = manager(this);
  }
  const runs = defineApp({ name: "runs", models: { Jog }, admin: [modelAdmin(Jog)] });
  registerModels(runs);
  assert.deepEqual(await runChecks(admin().checks!, { ...project, apps: [runs] }), [
    {
      level: "error",
      code: "ADMIN_CHECK_APP_NAME",
      message: 'The app "runs" cannot be shown in the admin: its address /runs/ is one of the admin\'s own pages.',
      hint: "Give the app another name.",
      object: "runs",
    },
  ]);
});
