import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ModelForm } from "cortado/forms";
import { type Database } from "cortado/orm";
import * as models from "../orm/inheritance-models.ts";
import { openModels } from "../orm/open-cafe.ts";

const { Person, PizzaPlace, Place, Restaurant } = models;

class RestaurantForm extends ModelForm(Restaurant, { fields: ["name", "town", "owner", "servesPizza", "friends"] }) {}
class WholeForm extends ModelForm(Restaurant, { fields: "all" }) {}
class PizzaForm extends ModelForm(PizzaPlace, { fields: ["name"] }) {}

let db: Database;
before(async () => {
  db = await openModels("sqlite::memory:", models);
});
after(() => db.close());

test("the form of a child writes its parent's fields and relations too", async () => {
  const kim = await Person.objects.create({ name: "Kim" });
  const form = new RestaurantForm({
    data: { name: "Roma", town: "Busan", owner: String(kim.pk), servesPizza: "on", friends: [String(kim.pk)] },
  });
  assert.ok(await form.isValid(), JSON.stringify(form.errors));
  const saved = await form.save();
  const read = await Restaurant.objects.get({ town: "Busan" });
  assert.deepEqual([read.pk, read.name, read.ownerId, read.servesPizza], [saved.pk, "Roma", kim.pk, true]);
  assert.deepEqual(
    (await read.friends).map((friend) => friend.name),
    ["Kim"],
  );
  const change = new RestaurantForm({
    instance: read,
    data: { name: "Napoli", town: "Busan", owner: String(kim.pk), friends: [String(kim.pk)] },
  });
  assert.ok(await change.isValid());
  await change.save();
  assert.deepEqual((await Place.objects.get({ pk: saved.pk })).pick("name", "owner"), { name: "Napoli", owner: kim.pk });
  assert.equal((await Restaurant.objects.get({ pk: saved.pk })).servesPizza, false);
});

test("the link to the parent and inherited keys are no fields of the form", () => {
  assert.deepEqual([...new WholeForm().fields.keys()].sort(), ["cook", "friends", "name", "owner", "servesPizza", "town"]);
});

test("the form of a proxy makes rows of the proxy", async () => {
  const form = new PizzaForm({ data: { name: "Michele" } });
  assert.ok(await form.isValid());
  assert.ok((await form.save()) instanceof PizzaPlace);
  await assert.doesNotReject(Restaurant.objects.get({ name: "Michele" }));
});
