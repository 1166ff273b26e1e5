// What keeps a model's key as text follows the model where a migration renames or moves it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { char, genericForeignKey, integer } from "cortado/orm";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

const note = {
  contentType: char({ maxLength: 100 }),
  objectId: integer(),
  subject: genericForeignKey("contentType", "objectId") as never,
};
const models = (name: string): Declared => ({ [name]: { name: char({ maxLength: 30 }) }, Note: note });

for (const backend of backends) {
  describe(`references to rows of any model on ${backend.name}`, { concurrency: false }, () => {
    test("follow a model that is renamed and moved, and back", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, { shop: models("Cafe"), menu: {} });
      await db.script("INSERT INTO shop_note (content_type, object_id) VALUES ('shop.Cafe', 1), ('shop.Tea', 1)");
      const types = async () =>
        (await db.query("SELECT content_type FROM shop_note ORDER BY id")).map((row) => row["content_type"]);
      await project.step(db, { shop: models("Bar"), menu: {} }, { rename: ["shop.Cafe=Bar"] });
      assert.deepEqual(await types(), ["shop.Bar", "shop.Tea"]);
      const { Bar, ...others } = models("Bar");
      await project.step(db, { shop: others, menu: { Bar: Bar! } }, { rename: ["shop.Bar=menu.Bar"] });
      assert.deepEqual(await types(), ["menu.Bar", "shop.Tea"]);
      const told: unknown[] = [];
      await project.migrate(db, { app: "shop", target: "0001", onRenamed: async (renamed) => void told.push(...renamed) });
      assert.deepEqual(await types(), ["shop.Cafe", "shop.Tea"]);
      assert.deepEqual(told, [
        { from: "menu.Bar", to: "shop.Bar" },
        { from: "shop.Bar", to: "shop.Cafe" },
      ]);
    });

    test("follow it also where a later migration fails", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, { shop: models("Cafe") });
      await db.script("INSERT INTO shop_note (content_type, object_id) VALUES ('shop.Cafe', 1)");
      await project.declare({ shop: models("Bar") }).make({ rename: ["shop.Cafe=Bar"] });
      await project.write("shop", "0003_wrong", '{ dependencies: [["shop", "0002_rename_cafe_bar"]], operations: [m.runSQL({ forward: "NONSENSE" })] }'); // oxfmt-ignore
      await assert.rejects(project.migrate(db), { code: "MIGRATIONS_FAILED" });
      assert.equal((await db.query("SELECT content_type FROM shop_note"))[0]!["content_type"], "shop.Bar");
    });
  });
}
