import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { char, foreignKey, integer, manyToMany } from "cortado/orm";
import { backends, ProjectFolder } from "./project-folder.ts";

for (const backend of backends) {
  suite(`data migrations on ${backend.name}`, () => {
    test("a function sees the models as they were, and its rows are there for the schema change after it", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project
        .declare({
          shop: {
            Tag: { word: char({ maxLength: 9 }) },
            Roaster: { name: char({ maxLength: 80 }) },
            Coffee: {
              name: char({ maxLength: 30 }),
              price: integer({ default: 0 }),
              roaster: foreignKey("shop.Roaster", { onDelete: "protect", null: true }),
              tags: manyToMany("shop.Tag"),
            },
          },
        })
        .make();
      await project.write(
        "shop",
        "0002_fill",
        `{
          dependencies: [["shop", "0001_initial"]],
          operations: [
            m.run({
              forward: async ({ models }) => {
                const Coffee = models.get("shop", "Coffee");
                const Roaster = models.get("shop", "Roaster");
                const roaster = await Roaster.objects.create({ name: "Fritz" });
                const latte = await Coffee.objects.create({ name: "Latte", roasterId: roaster.pk });
                const tag = await models.get("shop", "Tag").objects.create({ word: "hot" });
                await latte.tags.add(tag);
                await Coffee.objects.filter({ price: 0 }).update({ price: 3000 });
              },
              backward: async ({ models }) => {
                const [latte] = await models.get("shop", "Coffee").objects.all();
                await latte.tags.clear();
                await models.get("shop", "Coffee").objects.all().delete();
              },
            }),
            m.addField({ model: "Coffee", name: "size", field: orm.integer(), fill: 2 }),
            m.alterField({ model: "Coffee", name: "roaster", field: orm.foreignKey("shop.Roaster", { onDelete: "cascade" }) }),
          ],
        }`,
      );
      await project.migrate(db);
      const read = async (sql: string) => (await db.query(sql)).map((row) => ({ ...row }));
      assert.deepEqual(await read("SELECT name, price, roaster_id, size FROM shop_coffee"), [
        { name: "Latte", price: 3000, roaster_id: 1, size: 2 },
      ]);
      assert.deepEqual(await read("SELECT coffee_id, tag_id FROM shop_coffee_tags"), [{ coffee_id: 1, tag_id: 1 }]);
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(await read("SELECT name FROM shop_coffee"), []);
    });
  });
}
