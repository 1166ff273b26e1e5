import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { defineApp } from "#kernel";
import {
  char,
  clearModels,
  openDatabase,
  useDatabases,
  type Database,
  foreignKey,
  integer,
  manager,
  Model,
  modelForKey,
  nextInOrder,
  orderOf,
  previousInOrder,
  setOrder,
  registerModels,
  registerSwappable,
} from "cortado/orm";
import { createTables } from "cortado/orm/migrations";
import { openModels, targets } from "./open-cafe.ts";

class Shop extends Model(
  { name: char({ maxLength: 20 }), staff: () => foreignKey("@user", { onDelete: "setNull", null: true }) },
  {
    verboseName: "corner shop",
    verboseNamePlural: "corner shops",
    dbTable: "old_shops",
    defaultRelatedName: "%(class)sList",
    ordering: ["-name"],
  },
) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

class Clerk extends Model({ name: char({ maxLength: 20 }) }) {
  static objects = manager(this);
}

class Sale extends Model(
  { shop: () => foreignKey(Shop, { onDelete: "cascade" }), amount: integer() },
  { defaultRelatedName: "sales" },
) {
  static objects = manager(this);
}

/** A view, which is read as a table is. */
class ShopTotal extends Model({ name: char({ maxLength: 20 }), total: integer() }, { managed: false, dbTable: "shop_totals" }) {
  static objects = manager(this);
}

class OnlyPostgres extends Model({ name: char({ maxLength: 20 }) }, { requiredDbVendor: "postgres" }) {
  static objects = manager(this);
}

for (const { name, url, skip } of targets) {
  describe(`model options on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openWithUser(url!);
      const view = `CREATE VIEW shop_totals AS SELECT s.id, s.name, SUM(a.amount) AS total FROM old_shops s JOIN cafe_sale a ON a.shop_id = s.id GROUP BY s.id, s.name`; // oxfmt-ignore
      await db.script(view);
    });
    after(async () => {
      await db?.script("DROP VIEW shop_totals");
      await db?.close();
    });

    test("a view is a model that migrations leave alone", async () => {
      const shop = await Shop.objects.create({ name: "Kiosk" });
      await Sale.objects.bulkCreate([
        { shop, amount: 3 },
        { shop, amount: 4 },
      ]);
      const total = await ShopTotal.objects.get({ name: "Kiosk" });
      assert.deepEqual([Number(total.total), total.pk], [7, shop.pk]);
      assert.equal(await ShopTotal.objects.filter({ total: { gt: 10 } }).count(), 0);
    });

    test("a model has a table on the database that it requires alone", async () => {
      const isThere = OnlyPostgres.objects.count().then(
        () => true,
        () => false,
      );
      assert.equal(await isThere, db.dialect === "postgres");
    });

    test("the swappable user model is whoever the project says", async () => {
      const clerk = await Clerk.objects.create({ name: "Anna" });
      const shop = await Shop.objects.create({ name: "Corner", staff: clerk });
      assert.equal(modelForKey("@user"), Clerk);
      assert.equal(Shop.meta.field("staff").relation!.toKey, "@user");
      assert.equal(((await shop.staff) as Clerk).name, "Anna");
      assert.equal(await Clerk.objects.filter({ shopList: { name: "Corner" } } as never).count(), 1);
    });

    test("names, labels and the names of ways back are as declared", async () => {
      assert.deepEqual(
        [Shop.meta.verboseName, Shop.meta.verboseNamePlural, Shop.meta.table, Shop.meta.key, Shop.meta.slug],
        ["corner shop", "corner shops", "old_shops", "cafe.Shop", "shop"],
      );
      assert.deepEqual([Sale.meta.verboseName, Sale.meta.verboseNamePlural], ["sale", "sales"]);
      assert.deepEqual(
        Shop.meta.reverse.map((relation) => relation.name),
        ["sales"],
      );
      assert.equal(String(new Shop({ name: "Kiosk" })), "Kiosk");
      assert.equal(String(new Sale({ amount: 1 })), "Sale (not saved)");
    });

    test("rows come in the model's ordering, unless a query has its own", async () => {
      await Shop.objects.bulkCreate([{ name: "B" }, { name: "A" }, { name: "C" }]);
      const letters = Shop.objects.filter({ name: { in: ["A", "B", "C"] } });
      assert.deepEqual(await letters.valuesList("name", { flat: true }), ["C", "B", "A"]);
      assert.equal((await letters.first())?.name, "C");
      assert.equal((await letters.orderBy("name").first())?.name, "A");
    });

    test("meta tells every field, relation and way back", () => {
      const told = Shop.meta.getFields().map((member) => (member.type === "reverse" ? member.relation.name : member.field.name));
      assert.deepEqual(told, ["id", "name", "staff", "sales"]);
      assert.equal(Shop.meta.field("staffId").name, "staff");
      assert.throws(() => Shop.meta.field("nmae"), { code: "ORM_UNKNOWN_FIELD", hint: /name/ });
    });
  });
}

/** `openModels` empties the registry, the user model included. */
async function openWithUser(url: string): Promise<Database> {
  const app = defineApp({ name: "cafe", models: { Clerk, Shop, Sale, ShopTotal, OnlyPostgres } });
  clearModels();
  registerModels(app);
  registerSwappable("@user", Clerk);
  const db = await openDatabase(url);
  useDatabases({ default: db });
  const tables = ["cafe_onlypostgres", "cafe_sale", "old_shops", "cafe_clerk"].map((table) => `DROP TABLE IF EXISTS ${table}`);
  await db.script(["DROP VIEW IF EXISTS shop_totals", ...tables].join("; "));
  await createTables([app], db);
  return db;
}

class Question extends Model({ text: char({ maxLength: 20 }) }) {
  static objects = manager(this);
}
class Answer extends Model(
  { text: char({ maxLength: 20 }), question: () => foreignKey(Question, { onDelete: "cascade" }) },
  { orderWithRespectTo: "question" },
) {
  static objects = manager(this);
}

for (const { name, url, skip } of targets) {
  test(`rows keep an order in respect to another on ${name}`, { skip }, async () => {
    const db = await openModels(url!, { Question, Answer });
    const question = await Question.objects.create({ text: "?" });
    const other = await Question.objects.create({ text: "!" });
    const a = await Answer.objects.create({ text: "a", question });
    const b = await Answer.objects.create({ text: "b", question });
    await Answer.objects.create({ text: "x", question: other });
    const [c] = await Answer.objects.bulkCreate([{ text: "c", question }]);
    const texts = () => Answer.objects.filter({ question }).valuesList("text", { flat: true });
    assert.deepEqual(await texts(), ["a", "b", "c"]);
    assert.deepEqual(await orderOf(question, Answer), [a.pk, b.pk, c!.pk]);
    assert.equal((await nextInOrder(a)).text, "b");
    assert.equal((await previousInOrder(b)).text, "a");
    await assert.rejects(previousInOrder(a), Answer.DoesNotExist);
    await setOrder(question, Answer, [c!.pk, a.pk, b.pk]);
    assert.deepEqual(await texts(), ["c", "a", "b"]);
    await assert.rejects(orderOf(question, Question), { code: "ORM_BAD_QUERY", message: /no order of their own/ });
    await db.close();
  });
}
