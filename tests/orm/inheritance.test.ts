import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  checkModels,
  clearModels,
  type Database,
  extend,
  foreignKey,
  manager,
  Model,
  char,
  proxy,
  registerModels,
} from "cortado/orm";
import { defineApp } from "#kernel";
import * as models from "./inheritance-models.ts";
import { openModels, targets } from "./open-cafe.ts";

const { Bar, Hotel, Named, Order, Person, PizzaPlace, Pizzeria, Place, Rated, Restaurant, Review, Ship } = models;

for (const { name, url, skip } of targets) {
  describe(`inheritance on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, models);
    });
    after(() => db?.close());
    beforeEach(async () => {
      for (const model of [Order, Review, Pizzeria, Restaurant, Bar, Place, Hotel, Ship, Person])
        await (model.objects as typeof Person.objects).all().delete();
    });

    describe("abstract bases", () => {
      test("a child has copies of the columns, the methods and the options of its base", async () => {
        const place = await Place.objects.create({ name: "Cafe", town: "Seoul" });
        assert.deepEqual(
          Place.meta.fields.map((field) => field.column),
          ["id", "name", "owner_id", "town"],
        );
        assert.equal(place.shout(), "CAFE");
        assert.equal(place.initial, "C");
        assert.ok(place instanceof Named);
        assert.deepEqual([Place.meta.ordering, Place.meta.verboseNamePlural], [["name"], "named things"]);
        assert.equal(Place.meta.options.abstract, undefined);
        assert.equal(Place.meta.field("name").model, Place);
      });

      test("an abstract base has no table and is no model of the app", async () => {
        assert.equal(await countTables(db, "cafe_named"), 0);
        assert.throws(() => Named.meta.table, /does not belong to an app/);
      });

      test("of several bases the first that declares a name counts, and the methods of all are there", async () => {
        const hotel = await Hotel.objects.create({ name: "Ritz", stars: 5 });
        assert.equal(hotel.rating(), "*****");
        assert.equal(hotel.shout(), "RITZ");
        assert.equal(Hotel.meta.field("name").kind, "char");
        assert.deepEqual(Hotel.meta.fields.map(({ name }) => name).sort(), ["id", "name", "owner", "rooms", "stars"]);
        assert.equal(Hotel.meta.verboseName, "hotel");
        assert.ok(!(hotel instanceof Rated));
      });

      test("a child leaves out a base's field with null, or declares it anew", async () => {
        const ship = await Ship.objects.create({});
        assert.deepEqual(Object.keys(ship), ["id", "name"]);
        assert.equal((await Ship.objects.get({ name: 7 })).id, ship.id);
        assert.throws(() => new Ship({ owner: null } as never), /no field "owner"|has no/i);
      });

      test("relations of an abstract base lead back under each child's own name", async () => {
        const kim = await Person.objects.create({ name: "Kim" });
        await Hotel.objects.create({ name: "Ritz", owner: kim });
        await Place.objects.create({ name: "Cafe", owner: kim });
        assert.equal(await Person.objects.filter({ hotels: { name: "Ritz" } } as never).count(), 1);
        assert.deepEqual((await kim.places).map(String), ["Cafe in "]);
      });
    });

    describe("children with a table of their own", () => {
      test("create writes every table, reads join them", async () => {
        const kim = await Person.objects.create({ name: "Kim" });
        const made = await Restaurant.objects.create({ name: "Roma", town: "Busan", servesPizza: true, cook: kim });
        assert.deepEqual(await db.rows("SELECT name, town FROM cafe_place"), [["Roma", "Busan"]]);
        assert.deepEqual(Object.keys((await db.query("SELECT * FROM cafe_restaurant"))[0]!), [
          "place_ptr_id",
          "serves_pizza",
          "cook_id",
        ]);
        const read = await Restaurant.objects.get({ name: "Roma" });
        assert.deepEqual([read.id, read.pk, read.town, read.servesPizza], [made.id, made.pk, "Busan", true]);
        assert.equal(String(read), "Roma in Busan");
        assert.equal(read.shout(), "ROMA!");
        assert.ok(read instanceof Place);
        assert.equal((await read.cook)?.name, "Kim");
      });

      test("filters, orders, values and aggregates know the inherited fields", async () => {
        const kim = await Person.objects.create({ name: "Kim" });
        await Restaurant.objects.create({ name: "B", town: "Seoul", owner: kim });
        await Restaurant.objects.create({ name: "A", town: "Seoul" });
        await Restaurant.objects.create({ name: "C", town: "Busan" });
        assert.deepEqual(
          (await Restaurant.objects.filter({ town: "Seoul" })).map((r) => r.name),
          ["A", "B"],
        );
        assert.deepEqual(await Restaurant.objects.orderBy("-town", "-name").valuesList("name", { flat: true }), ["B", "A", "C"]);
        assert.deepEqual(await Restaurant.objects.filter({ owner: { name: "Kim" } }).values("name", "servesPizza"), [
          { name: "B", servesPizza: false },
        ]);
        assert.equal(
          (await Restaurant.objects.filter((r) => r.town.eq("Seoul")).aggregate((r) => ({ n: r.id.max() }))).n !== null,
          true,
        );
        assert.equal(await Restaurant.objects.exclude({ town: "Seoul" }).count(), 1);
        assert.equal(await Restaurant.objects.filter({ town: "Seoul" }).exists(), true);
        assert.deepEqual((await Restaurant.objects.with("owner").get({ name: "B" })).owner?.name, "Kim");
      });

      test("save writes only the tables whose columns changed", async () => {
        const made = await Restaurant.objects.create({ name: "Roma", servesPizza: false });
        const read = await Restaurant.objects.get({ pk: made.pk });
        read.town = "Jeju";
        await read.save();
        assert.equal((await Place.objects.get({ pk: made.pk })).town, "Jeju");
        read.servesPizza = true;
        read.name = "Napoli";
        await read.save();
        const again = await Restaurant.objects.get({ pk: made.pk });
        assert.deepEqual([again.name, again.town, again.servesPizza], ["Napoli", "Jeju", true]);
      });

      test("a save that fails leaves neither table changed", async () => {
        const before = await Place.objects.count();
        await assert.rejects(new Restaurant({ name: "Roma", cookId: 999_999 }).save());
        assert.equal(await Place.objects.count(), before);
        const row = new Restaurant({ name: null as never });
        await assert.rejects(row.save());
        assert.equal(row.pk ?? null, null);
      });

      test("three levels share one key", async () => {
        const made = await Pizzeria.objects.create({ name: "Da Michele", ovens: 4, servesPizza: true });
        const read = await Pizzeria.objects.get({ name: "Da Michele", servesPizza: true, ovens: 4 });
        assert.equal(read.pk, made.id);
        read.name = "Michele";
        read.ovens = 5;
        await read.save();
        assert.deepEqual((await Restaurant.objects.get({ pk: made.pk })).name, "Michele");
        assert.equal(await Place.objects.count(), 1);
        assert.deepEqual(
          Pizzeria.meta.parents.map(({ model }) => model),
          [Restaurant],
        );
      });

      test("a parent's row finds its child under the child's name", async () => {
        const made = await Restaurant.objects.create({ name: "Roma" });
        const plain = await Place.objects.create({ name: "Park" });
        const [first, second] = (await Place.objects.orderBy("-name")) as any[];
        assert.equal((await first.restaurant).pk, made.pk);
        assert.ok((await first.restaurant) instanceof Restaurant);
        assert.equal(await second.restaurant, null);
        assert.equal(second.pk, plain.pk);
        assert.equal((await Place.objects.filter({ restaurant: { servesPizza: false } } as never)).length, 1);
        assert.equal((await Place.objects.filter({ restaurant: { isNull: true } } as never)).length, 1);
        const loaded = (await Place.objects.with("restaurant" as never).get({ name: "Roma" })) as any;
        assert.equal(loaded.restaurant.name, "Roma");
      });

      test("a link of one's own is the key, and names the way down", async () => {
        const made = await Bar.objects.create({ name: "Dive", beers: 3 });
        assert.equal(Bar.meta.primaryKey.name, "at");
        assert.equal(made.atId, made.id);
        const place = (await Place.objects.get({ pk: made.pk })) as any;
        assert.equal((await place.asBar).beers, 3);
      });

      test("a place becomes a restaurant by its key", async () => {
        const place = await Place.objects.create({ name: "Roma", town: "Busan" });
        const restaurant = new Restaurant({ id: place.id, name: place.name, town: place.town, servesPizza: true });
        await restaurant.save();
        assert.equal(await Place.objects.count(), 1);
        assert.equal((await Restaurant.objects.get({ town: "Busan" })).pk, place.pk);
      });

      test("a child has its parent's relations, from both sides", async () => {
        const kim = await Person.objects.create({ name: "Kim" });
        const roma = await Restaurant.objects.create({ name: "Roma", owner: kim });
        await Review.objects.create({ place: roma, text: "good" });
        await roma.friends.add(kim);
        const read = await Restaurant.objects.with("reviews", "friends").get({ reviews: { text: "good" } });
        assert.deepEqual(
          (await read.reviews).map((review) => review.text),
          ["good"],
        );
        assert.deepEqual(
          (await read.friends).map((friend) => friend.name),
          ["Kim"],
        );
        assert.equal(await Restaurant.objects.filter({ friends: { name: "Kim" } }).count(), 1);
        const [counted] = await Restaurant.objects.annotate((r) => ({ n: r.reviews.count() }));
        assert.equal(counted!.n, 1);
        assert.deepEqual(
          (await kim.places).map((place) => place.pk),
          [roma.pk],
        );
        assert.deepEqual(
          Restaurant.meta.reverse.map((relation) => relation.name).sort(),
          ["pizzeria", "reviews", "orderSet"].sort(),
        );
      });

      test("update splits over the tables", async () => {
        await Restaurant.objects.create({ name: "A", town: "Seoul" });
        await Restaurant.objects.create({ name: "B", town: "Busan" });
        await Place.objects.create({ name: "Park", town: "Seoul" });
        assert.equal(await Restaurant.objects.filter({ town: "Seoul" }).update({ town: "Jeju", servesPizza: true }), 1);
        assert.equal(await Restaurant.objects.all().update({ servesPizza: true }), 2);
        assert.equal(await Restaurant.objects.filter({ town: "Jeju" }).update({ name: "Z" }), 1);
        assert.deepEqual(
          (await Place.objects.orderBy("name")).map((place) => `${place.name} ${place.town}`),
          ["B Busan", "Park Seoul", "Z Jeju"],
        );
        assert.equal(await Restaurant.objects.all().update((r) => ({ name: r.town })), 2);
        assert.deepEqual(await Restaurant.objects.valuesList("name", { flat: true }), ["Busan", "Jeju"]);
      });

      test("delete takes the parents and the children along", async () => {
        const pizzeria = await Pizzeria.objects.create({ name: "Michele" });
        await Review.objects.create({ place: pizzeria, text: "good" });
        await (await Place.objects.get({ pk: pizzeria.pk })).delete();
        assert.deepEqual(await counts(), [0, 0, 0, 0]);
        const restaurant = await Restaurant.objects.create({ name: "Roma" });
        await restaurant.delete();
        assert.deepEqual(await counts(), [0, 0, 0, 0]);
        await Pizzeria.objects.create({ name: "Michele" });
        await Restaurant.objects.create({ name: "Roma" });
        await Place.objects.create({ name: "Park" });
        await Restaurant.objects.filter({ name: { in: ["Michele", "Roma"] } }).delete();
        assert.deepEqual(await counts(), [1, 0, 0, 0]);
      });

      test("bulkCreate writes every table", async () => {
        const rows = await Restaurant.objects.bulkCreate([{ name: "A", servesPizza: true }, { name: "B" }]);
        assert.equal(new Set(rows.map((row) => row.pk)).size, 2);
        assert.deepEqual(await Restaurant.objects.values("name", "servesPizza"), [
          { name: "A", servesPizza: true },
          { name: "B", servesPizza: false },
        ]);
      });

      test("refresh, only and defer read from both tables", async () => {
        const made = await Restaurant.objects.create({ name: "Roma", town: "Busan" });
        await Place.objects.all().update({ town: "Jeju" });
        await made.refresh();
        assert.equal(made.town, "Jeju");
        const [slim] = await Restaurant.objects.only("servesPizza");
        assert.throws(() => slim!.name, /left out/);
        slim!.servesPizza = true;
        await slim!.save();
        assert.equal((await Restaurant.objects.defer("town").get()).servesPizza, true);
      });

      test("a child is wherever its parent's rows are asked for", async () => {
        const roma = await Restaurant.objects.create({ name: "Roma" });
        const review = await Review.objects.create({ place: roma, text: "good" });
        assert.equal(review.placeId, roma.id);
        assert.equal(await Review.objects.filter({ place: roma }).count(), 1);
        assert.equal((await Review.objects.with("place").get()).place.name, "Roma");
      });

      test("a parent's manager gives the child's rows in the child's own manager", async () => {
        await Restaurant.objects.create({ name: "Roma", town: "Busan" });
        class Diner extends extend(Place, { booths: char({ maxLength: 3, default: "" }) }) {}
        assert.equal((Diner as any).objects.model, Diner);
        assert.equal(typeof (Diner as any).objects.inTown, "function");
        assert.equal(await Place.objects.inTown("Busan").count(), 1);
      });
    });

    describe("proxies", () => {
      test("a proxy has the table's rows as its own class, in its own order, by its own manager", async () => {
        await Restaurant.objects.create({ name: "A", servesPizza: true });
        await Restaurant.objects.create({ name: "Bob", servesPizza: true });
        await Restaurant.objects.create({ name: "C" });
        const rows = await PizzaPlace.objects.all();
        assert.deepEqual(
          rows.map((row) => [row.name, row.slices()]),
          [
            ["Bob", 3],
            ["A", 1],
          ],
        );
        assert.ok(rows[0] instanceof PizzaPlace && rows[0] instanceof Restaurant);
        assert.equal(PizzaPlace.meta.table, Restaurant.meta.table);
        assert.equal(PizzaPlace.meta.concrete, Restaurant);
        assert.deepEqual([PizzaPlace.meta.proxyFor, PizzaPlace.meta.localFields.length], [Restaurant, 0]);
        assert.equal(await countTables(db, "cafe_pizzaplace"), 0);
      });

      test("a proxy creates, saves and deletes rows of the model it stands for", async () => {
        const made = await PizzaPlace.objects.create({ name: "Roma", servesPizza: true });
        made.town = "Seoul";
        await made.save();
        assert.equal((await Restaurant.objects.get({ pk: made.pk })).town, "Seoul");
        assert.ok(made.equals(await Restaurant.objects.get({ pk: made.pk })));
        await made.delete();
        assert.deepEqual(await counts(), [0, 0, 0, 0]);
      });

      test("relations to a proxy lead to the same rows as to its model", async () => {
        const roma = await Restaurant.objects.create({ name: "Roma", servesPizza: true });
        const order = await Order.objects.create({ place: roma as never });
        assert.ok((await (await Order.objects.get({ pk: order.pk })).place) instanceof PizzaPlace);
        assert.equal(await Restaurant.objects.filter({ orderSet: { id: order.id } } as never).count(), 1);
        await roma.delete();
        assert.equal(await Order.objects.count(), 0);
      });
    });

    async function counts(): Promise<number[]> {
      return Promise.all(
        [Place, Restaurant, Pizzeria, Review].map((model) => (model.objects as unknown as typeof Person.objects).count()),
      );
    }
  });
}

test("a child's field may not have the name of one that its parent's table has", () => {
  class Base extends Model({ title: char({ maxLength: 3 }) }) {}
  class Child extends (extend as any)(Base, { title: char({ maxLength: 5 }) }) {}
  clearModels();
  registerModels(defineApp({ name: "clash", models: { Base } }));
  assert.throws(() => (Child as any).meta.fields, {
    code: "ORM_FIELD_CLASH",
    message: /Child declares "title", which it has from Base/,
    hint: /Give it another name/,
  });
});

test("children, proxies and several bases pass the checks of the project", async () => {
  const app = defineApp({ name: "cafe", models });
  clearModels();
  registerModels(app);
  assert.deepEqual(await checkModels({ apps: [app] } as never), []);
});

test("a relation leads to a model with a table, not to an abstract base", () => {
  class Owned extends Model({ thing: () => foreignKey(Named as never, { onDelete: "cascade" }) }) {}
  Owned.meta.register("clash", "Owned");
  assert.throws(() => Owned.meta.field("thing").relation, { code: "ORM_RELATION_TARGET", message: /the abstract Named/ });
});

test("extend and proxy say what they cannot come from", () => {
  class One extends Model({}) {}
  class Two extends Model({}) {}
  class Ghost extends Model({}, { abstract: true }) {}
  assert.throws(() => extend([One, Two] as const), {
    code: "ORM_BAD_BASE",
    message: /two models with tables, One and Two/,
    hint: /at most one/,
  });
  assert.throws(() => extend({} as never), { code: "ORM_BAD_BASE", message: /extend\(\) was given/ });
  assert.throws(() => proxy(Ghost), { code: "ORM_BAD_BASE", message: /Ghost, which has no table/ });
  void manager;
});

async function countTables(db: Database, table: string): Promise<number> {
  const sql =
    db.dialect === "sqlite" ? "SELECT 1 FROM sqlite_master WHERE name = ?" : "SELECT 1 FROM pg_tables WHERE tablename = $1";
  return (await db.rows(sql, [table])).length;
}
