import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  boolean,
  char,
  type Database,
  date,
  foreignKey,
  integer,
  Manager,
  manager,
  managerFrom,
  Model,
  QuerySet,
  related,
} from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";

class TeaQuery extends QuerySet<Tea> {
  cheap() {
    return this.filter({ price: { lt: 10 } });
  }
  named(name: string) {
    return this.filter({ name });
  }
}

/** Hides what is no longer sold, over a relation. */
class SoldManager extends managerFrom(TeaQuery) {
  override query() {
    return super.query().filter({ isOld: false, garden: { isOpen: true } });
  }
  async createMany(...names: string[]) {
    return this.bulkCreate(names.map((name) => ({ name })));
  }
}

class OpenManager extends Manager<Garden> {
  override query() {
    return super.query().filter({ isOpen: true });
  }
}

class Garden extends Model({
  name: char({ maxLength: 20 }),
  isOpen: boolean({ default: true }),
  teas: () => related(Tea, "garden"),
}) {
  static objects = new OpenManager(this);
  static all = manager(this);
}

class Tea extends Model(
  {
    name: char({ maxLength: 20 }),
    price: integer({ default: 1 }),
    isOld: boolean({ default: false }),
    picked: date({ null: true }),
    garden: () => foreignKey(Garden, { onDelete: "cascade", null: true }),
  },
  { ordering: ["name"], getLatestBy: "price" },
) {
  static objects = manager(this, TeaQuery);
  static sold = new SoldManager(this);
}

/** Relations find it by the manager that hides rows; its own manager hides none. */
class Cup extends Model(
  { label: char({ maxLength: 20 }), isBroken: boolean({ default: false }), tea: () => foreignKey(Tea, { onDelete: "cascade" }) },
  { baseManagerName: "whole", defaultManagerName: "whole" },
) {
  static objects = manager(this);
  static whole = new (class extends Manager<Cup> {
    override query() {
      return super.query().filter({ isBroken: false });
    }
  })(this);
}

class Saucer extends Model({ cup: () => foreignKey(Cup, { onDelete: "cascade" }) }) {
  static objects = manager(this);
}

for (const { name, url, skip } of targets) {
  describe(`managers on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, { Garden, Tea, Cup, Saucer });
    });
    after(() => db?.close());
    beforeEach(async () => {
      await Tea.objects.all().delete();
      await Garden.all.all().delete();
    });

    test("a query class's methods are on its manager and on every query that begins there", async () => {
      await Tea.objects.bulkCreate([
        { name: "Assam", price: 3 },
        { name: "Assam", price: 30 },
        { name: "Sencha", price: 5 },
      ]);
      assert.equal(await Tea.objects.cheap().count(), 2);
      const query = Tea.objects.exclude({ name: "x" }).orderBy("-price").cheap().named("Assam").all();
      assert.ok(query instanceof TeaQuery);
      assert.deepEqual(await query.valuesList("price", { flat: true }), [3]);
      assert.equal(
        await Tea.objects
          .cheap()
          .annotate((t) => ({ twice: t.price.mul(2) }))
          .filter({ twice: 10 })
          .cheap()
          .count(),
        1,
      );
      assert.equal((await Tea.objects.with("garden").cheap().reverse().first())?.name, "Sencha");
    });

    test("a manager of one's own says what its queries start from, also over a join", async () => {
      const open = await Garden.all.create({ name: "Open" });
      const shut = await Garden.all.create({ name: "Shut", isOpen: false });
      await Tea.objects.bulkCreate([
        { name: "A", garden: open },
        { name: "B", garden: shut },
        { name: "C", garden: open, isOld: true },
        { name: "D", garden: open, price: 50 },
      ]);
      assert.deepEqual(
        (await Tea.sold.all()).map((tea) => tea.name),
        ["A", "D"],
      );
      assert.deepEqual(
        (await Tea.sold.cheap()).map((tea) => tea.name),
        ["A"],
      );
      assert.equal(await Tea.sold.count(), 2);
      assert.equal(await Tea.sold.all().update({ price: 7 }), 2);
      assert.equal(
        await Tea.sold
          .filter({ price: 7 })
          .delete()
          .then(() => Tea.objects.count()),
        2,
      );
      assert.equal((await Tea.sold.createMany("E", "F")).length, 2);
      assert.deepEqual([await Tea.objects.count(), await Tea.sold.count()], [4, 0]);
    });

    test("a relation to one row finds it whatever the default manager hides; one to many goes by that manager", async () => {
      const shut = await Garden.all.create({ name: "Shut", isOpen: false });
      await Tea.objects.create({ name: "A", garden: shut });
      const tea = await Tea.objects.get();
      assert.equal((await tea.garden)?.name, "Shut");
      assert.equal(await Garden.objects.count(), 0);
      const cup = await Cup.objects.create({ label: "white", tea });
      await Cup.objects.create({ label: "blue", tea, isBroken: true });
      assert.equal(await Cup.whole.count(), 1);
      assert.deepEqual(Cup.meta.defaultManager, Cup.whole);
      assert.deepEqual(Garden.meta.defaultManager, Garden.objects);
      assert.notEqual(Garden.meta.baseManager, Garden.objects);
      await Saucer.objects.create({ cup });
      await Cup.objects.all().update({ isBroken: true });
      const saucer = await Saucer.objects.get();
      await assert.rejects(async () => saucer.cup, Cup.DoesNotExist);
    });

    test("a way to many rows has the methods of their manager", async () => {
      const garden = await Garden.objects.create({ name: "Open" });
      await Tea.objects.bulkCreate([{ name: "A", garden }, { name: "B", garden, price: 50 }, { name: "C" }]);
      assert.deepEqual(
        (await garden.teas.cheap()).map((tea) => tea.name),
        ["A"],
      );
      assert.deepEqual(
        (await garden.teas.all().exclude({ name: "x" }).named("B")).map((tea) => tea.price),
        [50],
      );
    });

    test("getLatestBy says by what latest and earliest go", async () => {
      await Tea.objects.bulkCreate([
        { name: "A", price: 3 },
        { name: "B", price: 30 },
      ]);
      assert.deepEqual([(await Tea.objects.latest()).name, (await Tea.objects.earliest()).name], ["B", "A"]);
    });

    test("a manager is not awaited and does not run by itself", () => {
      assert.equal("then" in Tea.objects, false);
      assert.equal("then" in Tea.objects.all(), true);
    });
  });
}
