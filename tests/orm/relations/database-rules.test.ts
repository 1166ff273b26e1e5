import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { char, type Database, deleteRows, extend, foreignKey, integer, manager, Model } from "cortado/orm";
import { openModels, targets } from "../open-cafe.ts";
import { countedQueries } from "./counted-queries.ts";

class Shelf extends Model({ name: char({ maxLength: 10 }) }) {
  static objects = manager(this);
}
class Box extends Model({
  name: char({ maxLength: 10 }),
  shelf: () => foreignKey(Shelf, { onDelete: "dbCascade", relatedName: "boxes" }),
}) {
  static objects = manager(this);
}
class Label extends Model({
  box: () => foreignKey(Box, { onDelete: "dbSetNull", null: true, relatedName: "+" }),
  kept: () => foreignKey(Shelf, { onDelete: "dbRestrict", null: true, relatedName: "+" }),
}) {
  static objects = manager(this);
}

class Owned extends Model(
  { owner: () => foreignKey(Shelf, { onDelete: "cascade", relatedName: "%(class)ss" }) },
  { abstract: true },
) {}
class Lamp extends extend(Owned, { watts: integer({ default: 5 }) }) {
  static objects = manager(this);
}
class Plant extends extend(Owned, {}) {
  static objects = manager(this);
}

for (const { name, url, skip } of targets) {
  describe(`rules of deletion that the database keeps, on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, { Shelf, Box, Label, Lamp, Plant });
    });
    after(() => db.close());

    test("the database carries out what onDelete leaves to it", async () => {
      const shelf = await Shelf.objects.create({ name: "low" });
      const box = await Box.objects.create({ name: "tea", shelf });
      const label = await Label.objects.create({ box });
      const { count, result } = await countedQueries(() => deleteRows([shelf]));
      assert.equal(result.total, 1);
      assert.equal(count, 3);
      assert.equal(await Box.objects.count(), 0);
      await label.refresh();
      assert.equal(label.boxId, null);
      const held = await Shelf.objects.create({ name: "high" });
      await Label.objects.create({ kept: held });
      await assert.rejects(held.delete(), { code: "ORM_INTEGRITY" });
      await Label.objects.all().delete();
    });

    test("an abstract model names the ways back of its children", async () => {
      const shelf = (await Shelf.objects.create({ name: "mid" })) as Shelf & Record<string, any>;
      await Lamp.objects.create({ owner: shelf });
      await Plant.objects.create({ owner: shelf });
      assert.equal((await shelf["lamps"]).length, 1);
      assert.equal((await shelf["plants"].all()).length, 1);
      assert.equal(await (Shelf.objects as any).filter({ lamps: { watts: 5 } }).count(), 1);
      assert.equal(await shelf.delete(), 3);
    });
  });
}

class Branch extends Model({
  name: char({ maxLength: 10 }),
  parent: () => foreignKey("self", { onDelete: "cascade", null: true, relatedName: "twigs" }),
  shelf: () => foreignKey("cafe.Shelf", { onDelete: "cascade", null: true, relatedName: "+" }),
}) {
  static objects = manager(this);
}

test("a relation may name its model by its key, or itself", async () => {
  const db = await openModels("sqlite::memory:", { Shelf, Branch });
  const shelf = await Shelf.objects.create({ name: "low" });
  const parent = await Branch.objects.create({ name: "oak", shelf });
  await Branch.objects.create({ name: "twig", parent });
  assert.equal(Branch.meta.field("parent").relation!.to, Branch);
  assert.equal(await Branch.objects.filter({ parent: { shelf: { name: "low" } } }).count(), 1);
  assert.deepEqual(Branch.meta.field("parent").deconstruct().options["to"], "cafe.Branch");
  await db.close();
});
