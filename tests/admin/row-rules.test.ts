import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { defineApp, defineProject } from "cortado";
import { modelAdmin } from "cortado/admin";
import { type TestSite, testSite } from "cortado/testing";
import { Coffee, Roaster, User } from "./shop/models.ts";
import { project } from "./shop/project.ts";
import { addSample } from "./shop/sample.ts";

/** Only iced coffees are seen, and cheap ones only looked at; the roaster from Ethiopia is nobody's to see. */
const rules = defineApp({
  name: "rules",
  admin: [
    modelAdmin(Coffee, {
      queryset: (rows) => rows.filter({ isIce: true }),
      allow: { change: (_request, row) => row === undefined || row.price > 5500 },
      actions: [
        { name: "sellOut", label: "Mark as sold out", run: async (rows) => `${await rows.update({ stock: "out" })} sold out.` },
      ],
    }),
    modelAdmin(Roaster, { allow: { view: (_request, row) => row?.country !== "ET" } }),
  ],
});

let site: TestSite;
beforeEach(async () => {
  site = await testSite(defineProject({ ...project, apps: [rules, ...project.apps] }));
  await addSample();
  await site.login(await User.objects.get({ username: "admin" }));
});
afterEach(() => site.close());

const keyOf = async (name: string) => String((await Coffee.objects.get({ name })).pk);

test("an action stops at the first row that its rule refuses, and changes none", async () => {
  const [dear, cheap] = [await keyOf("Affogato"), await keyOf("Cold Brew")];
  const act = (...selected: string[]) => site.submit("/admin/shop/coffee/", { action: "sellOut", selected });
  assert.equal((await act(dear, cheap)).status, 403);
  assert.equal(await Coffee.objects.filter({ stock: "out", isIce: true }).count(), 0);
  assert.equal((await act(dear)).status, 302);
  assert.equal(await Coffee.objects.filter({ stock: "out", isIce: true }).count(), 1);
});

test("a row out of sight is neither opened, nor deleted, nor acted on, nor remembered", async () => {
  const hidden = await keyOf("Cortado");
  for (const page of ["change", "delete", "history"])
    assert.equal((await site.get(`/admin/shop/coffee/${hidden}/${page}/`)).status, 404, page);
  await site.submit("/admin/shop/coffee/", { action: "sellOut", selected: [hidden] });
  assert.equal((await Coffee.objects.get({ name: "Cortado" })).stock, "in");
});

test("the history of a row follows the row's rule", async () => {
  const [korean, ethiopian] = [await Roaster.objects.get({ name: "Fritz" }), await Roaster.objects.get({ name: "Momos" })];
  assert.equal((await site.get(`/admin/shop/roaster/${korean.pk}/history/`)).status, 200);
  assert.equal((await site.get(`/admin/shop/roaster/${ethiopian.pk}/history/`)).status, 403);
});
