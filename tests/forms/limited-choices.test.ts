import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ModelForm } from "cortado/forms";
import { boolean, char, type Database, foreignKey, manager, manyToMany, Model, Q } from "cortado/orm";
import { openModels } from "../orm/open-cafe.ts";

class Region extends Model(
  { code: char({ maxLength: 4, unique: true }), isOpen: boolean({ default: true }) },
  { ordering: ["id"] },
) {
  static objects = manager(this);
  override toString() {
    return this.code;
  }
}
const open: { only: boolean } = { only: true };
class Shop extends Model({
  region: () => foreignKey(Region, { onDelete: "cascade", toField: "code", limitChoicesTo: { isOpen: true } }),
  spare: () =>
    foreignKey(Region, {
      onDelete: "cascade",
      relatedName: "+",
      blank: true,
      null: true,
      limitChoicesTo: () => (open.only ? { isOpen: true } : {}),
    }),
  others: () => manyToMany(Region, { blank: true, relatedName: "+", limitChoicesTo: Q.not({ isOpen: true }) }),
}) {
  static objects = manager(this);
}
class ShopForm extends ModelForm(Shop, { fields: ["region", "spare", "others"] }) {}

let db: Database;
before(async () => {
  db = await openModels("sqlite::memory:", { Region, Shop });
  await Region.objects.bulkCreate([{ code: "east" }, { code: "west" }, { code: "gone", isOpen: false }]);
});
after(() => db.close());

test("a form offers the rows that limitChoicesTo leaves, by the field that the relation leads to", async () => {
  const html = String(await new ShopForm({}).asP);
  const region = html.slice(html.indexOf('name="region"'), html.indexOf('name="spare"'));
  assert.deepEqual(
    [...region.matchAll(/value="(\w*)"/g)].map(([, value]) => value),
    ["", "east", "west"],
  );
  const others = html.slice(html.indexOf('name="others"'));
  assert.deepEqual(
    [...others.matchAll(/>(\w+)<\/option>/g)].map(([, label]) => label),
    ["gone"],
  );
});

test("a row that was not offered is not taken, and one that was is kept by its field", async () => {
  const bad = new ShopForm({ data: { region: "gone" } });
  assert.equal(await bad.isValid(), false);
  const good = new ShopForm({ data: { region: "west" } });
  assert.equal(await good.isValid(), true);
  const shop = (await good.save()) as Shop;
  assert.equal(shop.regionId, "west");
  open.only = false;
  const third = await Region.objects.get({ code: "gone" });
  assert.equal(await new ShopForm({ data: { region: "west", spare: String(third.id) } }).isValid(), true);
});
