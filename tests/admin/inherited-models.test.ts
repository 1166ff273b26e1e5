import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { defineApp, defineProject } from "cortado";
import { modelAdmin } from "cortado/admin";
import { database } from "cortado/orm";
import { createTables } from "cortado/orm/migrations";
import { type TestSite, testSite } from "cortado/testing";
import * as models from "../orm/inheritance-models.ts";
import { User } from "./shop/models.ts";
import { project } from "./shop/project.ts";

const { PizzaPlace, Place, Restaurant } = models;

const town = defineApp({
  name: "town",
  models,
  admin: [
    modelAdmin(Restaurant, {
      listDisplay: ["name", "town", "servesPizza"],
      listFilter: ["servesPizza"],
      searchFields: ["name"],
      fields: ["name", "town", "servesPizza"],
    }),
    modelAdmin(PizzaPlace),
  ],
});

let site: TestSite;
beforeEach(async () => {
  site = await testSite(defineProject({ ...project, apps: [...project.apps, town] }));
  await createTables([town], database());
  await User.objects.createSuperuser({ username: "admin", email: "admin@example.com", password: "a long secret" });
  await site.login(await User.objects.get({ username: "admin" }));
});
afterEach(() => site.close());

test("a child is listed, added, changed and deleted in the admin with its parent's fields", async () => {
  const added = await site.submit("/admin/town/restaurant/add/", { name: "Roma", town: "Busan", servesPizza: true });
  assert.equal(added.status, 302, added.text.slice(0, 400));
  const roma = await Restaurant.objects.get({ name: "Roma", town: "Busan", servesPizza: true });
  assert.match((await site.get("/admin/town/restaurant/")).text, /Roma/);
  await site.submit(`/admin/town/restaurant/${roma.pk}/change/`, { name: "Napoli", town: "Busan", servesPizza: true });
  assert.equal((await Place.objects.get({ pk: roma.pk })).name, "Napoli");
  assert.match((await site.get("/admin/town/pizzaplace/")).text, /Napoli/);
  await site.submit(`/admin/town/restaurant/${roma.pk}/delete/`, { post: "yes" });
  assert.deepEqual([await Place.objects.count(), await Restaurant.objects.count()], [0, 0]);
});
