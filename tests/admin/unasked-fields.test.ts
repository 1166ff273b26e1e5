import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { defineApp, defineProject } from "cortado";
import { modelAdmin } from "cortado/admin";
import { binary, char, database, dateTime, generated, manager, Model, upper } from "cortado/orm";
import { createTables } from "cortado/orm/migrations";
import { type TestSite, testSite } from "cortado/testing";
import { User } from "./shop/models.ts";
import { project } from "./shop/project.ts";

class Stamp extends Model({
  name: char({ maxLength: 20 }),
  label: generated({ expression: (stamp) => upper(stamp.name), output: char({ maxLength: 20 }) }),
  picture: binary({ null: true, blank: true, editable: true }),
  added: dateTime({ autoNowAdd: true }),
}) {
  static objects = manager(this);
}

const post = defineApp({ name: "post", models: { Stamp }, admin: [modelAdmin(Stamp)] });

let site: TestSite;
beforeEach(async () => {
  site = await testSite(defineProject({ ...project, apps: [...project.apps, post] }));
  await createTables([post], database());
  await User.objects.createSuperuser({ username: "admin", email: "admin@example.com", password: "a long secret" });
  await site.login(await User.objects.get({ username: "admin" }));
});
afterEach(() => site.close());

test("bytes, computed columns and times of the row's own are not asked for, and stay as they are", async () => {
  const form = await site.get("/admin/post/stamp/add/");
  assert.match(form.text, /name="name"/);
  assert.doesNotMatch(form.text, /name="(?:picture|label|added)"/);
  const stamp = await Stamp.objects.create({ name: "Penny", picture: Uint8Array.of(1, 2) });
  const answer = await site.submit(`/admin/post/stamp/${stamp.id}/change/`, { name: "Black" });
  assert.equal(answer.status, 302, answer.text.slice(0, 400));
  const saved = await Stamp.objects.get({ id: stamp.id });
  assert.deepEqual([saved.name, saved.label, [...(saved.picture ?? [])]], ["Black", "BLACK", [1, 2]]);
});
