import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  auth,
  authenticate,
  createToken,
  forgetPermissions,
  Group,
  Permission,
  permissionFor,
  renamePermissions,
  syncPermissions,
} from "cortado/auth";
import { buildModel, registeredModels } from "cortado/orm";
import { type TestSite, testSite } from "cortado/testing";
import { ValidationError } from "cortado/validation";
import { Coffee, User } from "../admin/shop/models.ts";
import { project } from "../admin/shop/project.ts";

let site: TestSite;
before(async () => {
  site = await testSite(project);
  await User.objects.createUser({ username: "anna", email: "Anna@Example.com", password: "a long secret" });
});
after(() => site.close());

test("a user logs in by username or by e-mail address, however the address is typed", async () => {
  for (const username of ["anna", "anna@example.com", "ANNA@example.COM"])
    assert.equal((await authenticate({ username, password: "a long secret" }))?.username, "anna", username);
  assert.equal((await authenticate({ email: "anna@example.com", password: "a long secret" }))?.username, "anna");
});

test("a wrong password, an unknown user, an empty name and a user without password are all refused", async () => {
  await User.objects.createUser({ username: "robot", email: "robot@example.com" });
  const tries: [string, string][] = [
    ["anna", "wrong"],
    ["nobody", "a long secret"],
    ["", "a long secret"],
    ["robot", ""],
    ["anna", ""],
    ["anna\0", "a long secret"],
    [`a${"\u0300\u0316".repeat(500_000)}`, "a long secret"],
    ["anna", `a${"\u0300\u0316".repeat(500_000)}`],
  ];
  for (const [username, password] of tries) assert.equal(await authenticate({ username, password }), null);
});

test("an unknown user takes as long as a wrong password", async () => {
  const time = async (username: string) => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      await authenticate({ username, password: "wrong" });
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  };
  await time("anna");
  const [known, unknown] = [await time("anna"), await time("nobody")];
  assert.ok(unknown > known / 2 && unknown < known * 2, `${known} ms and ${unknown} ms`);
});

test("a deactivated user cannot log in", async () => {
  const user = await User.objects.createUser({
    username: "gone",
    email: "gone@example.com",
    password: "a long secret",
    isActive: false,
  });
  assert.equal(user.isActive, false);
  assert.equal(await authenticate({ username: "gone", password: "a long secret" }), null);
});

test("a password hashed at an older cost is hashed anew at the log-in", async () => {
  const old = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  const user = await User.objects.createUser({ username: "old", email: "old@example.com" });
  user.password = old;
  await user.save();
  assert.ok(await authenticate({ username: "old", password: "password" }));
  await user.refresh();
  assert.match(user.password, /m=19456/);
});

test("a username with an @ is refused, so that no name is another's address", async () => {
  await assert.rejects(
    User.objects.createUser({ username: "anna@example.com", email: "x@example.com", password: "a long secret" }),
    (error) => {
      assert.ok(error instanceof ValidationError);
      assert.deepEqual(error.byField?.["username"]?.messages, ["Enter a valid username: letters, digits and . + - _ only."]);
      return true;
    },
  );
});

test("a second user with the same address in other letters is refused", async () => {
  await assert.rejects(
    User.objects.createUser({ username: "anna2", email: "ANNA@example.com", password: "a long secret" }),
    (error) => {
      assert.deepEqual((error as ValidationError).byField?.["email"]?.messages, [
        "A user with that e-mail address already exists.",
      ]);
      return true;
    },
  );
});

test("a username is kept in one Unicode form, however it is typed, so that no two look alike and both log in", async () => {
  const user = await User.objects.createUser({
    username: "한글".normalize("NFD"),
    email: "hangul@example.com",
    password: "a long secret",
  });
  assert.equal(user.username, "한글");
  user.username = "ｈａｎｇｕｌ";
  await user.save();
  assert.equal((await authenticate({ username: "hangul", password: "a long secret" }))?.pk, user.pk);
  user.username = "ａｎｎａ";
  await assert.rejects(user.fullClean(), /already exists/);
});

test("every model has four permissions, middle tables none, and syncing again makes nothing", async () => {
  const names = (await Permission.objects.all()).map((permission) => permission.codename);
  for (const action of ["add", "change", "delete", "view"] as const) assert.ok(names.includes(permissionFor(Coffee, action)));
  assert.deepEqual(
    names.filter((name) => /coffeetags/.test(name)),
    [],
  );
  assert.deepEqual(await syncPermissions(registeredModels()), []);
  assert.deepEqual(await syncPermissions([], ["digits"]), [
    "models.predict_digits",
    "models.train_digits",
    "models.manage_digits",
  ]);
});

test("a model says which permissions it has", async () => {
  const options = { permissions: { frost: "Can frost cakes" }, defaultPermissions: ["view"] };
  const cake = buildModel({ app: "bakery", name: "Cake", fields: {}, options });
  assert.deepEqual(await syncPermissions([cake]), ["bakery.view_cake", "bakery.frost"]);
  assert.equal((await Permission.objects.get({ codename: "bakery.frost" })).name, "Can frost cakes");
});

test("permissions follow a model that a migration renamed or moved", async () => {
  await syncPermissions([
    buildModel({ app: "bakery", name: "Bun", fields: {}, options: { permissions: { glaze: "Can glaze buns" } } }),
  ]);
  await renamePermissions([
    { from: "bakery.Bun", to: "bakery.SweetRoll" },
    { from: "bakery.SweetRoll", to: "pastry.SweetRoll" },
  ]);
  const roll = await Permission.objects.get({ codename: "pastry.change_sweetroll" });
  assert.deepEqual([roll.app, roll.subject, roll.name], ["pastry", "SweetRoll", "Can change sweet roll"]);
  assert.equal(await Permission.objects.filter({ codename: "pastry.glaze" }).exists(), true);
  assert.equal(await Permission.objects.filter({ app: "bakery", subject: "Bun" }).exists(), false);
});

test("permissions come from the user and from groups, superusers have all, inactive users none", async () => {
  const [change, view] = await Promise.all(
    ["shop.change_coffee", "shop.view_coffee"].map((codename) => Permission.objects.get({ codename })),
  );
  const group = await Group.objects.create({ name: "baristas" });
  await group.permissions.set([view!]);
  const user = await User.objects.createUser({ username: "may", email: "may@example.com", password: "a long secret" });
  assert.equal(await user.hasPermission("shop.view_coffee"), false);
  await user.groups.add(group);
  await user.userPermissions.add(change!);
  assert.equal(await user.hasPermission("shop.view_coffee"), false, "what was read for this object stays");
  forgetPermissions(user);
  assert.equal(await user.hasPermission("shop.view_coffee"), true);
  assert.equal(await user.hasPermission("shop.change_coffee"), true);
  assert.equal(await user.hasPermission("shop.delete_coffee"), false);
  const root = await User.objects.createSuperuser({ username: "root", email: "root@example.com", password: "a long secret" });
  assert.equal(await root.hasPermission("shop.delete_coffee"), true);
  root.isActive = false;
  assert.equal(await root.hasPermission("shop.delete_coffee"), false);
});

test("a token of an unknown scope is refused with the nearest one", async () => {
  const user = await User.objects.get({ username: "anna" });
  await assert.rejects(createToken(user, ["trian"]), {
    code: "AUTH_UNKNOWN_SCOPE",
    message: 'A token has no scope "trian". The scopes are: predict, train, manage.',
    hint: 'Did you mean "train"?',
  });
});

test("auth() refuses what AbstractUser did not make", () => {
  assert.throws(() => auth({ user: Coffee }), {
    code: "AUTH_NOT_A_USER_MODEL",
    message: "auth({ user }) needs a model made by AbstractUser; it was given the class Coffee.",
    hint: "class User extends AbstractUser() { static objects = userManager(this); }",
  });
});
