import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { count, type Database, type Expression, Q } from "cortado/orm";
import { Coffee, Node, Roaster, Sample, Tag } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

/** Values as they come from outside, where no type was there to refuse them. */
const any = (value: unknown) => value as never;
const names = async (rows: PromiseLike<{ name: string }[]>) => (await rows).map((row) => row.name);

for (const { name, url, skip } of targets) {
  describe(`hostile values on ${name}`, { skip }, () => {
    let db: Database;
    let fritz: Roaster;
    let hot: Tag;
    before(async () => {
      db = await openCafe(url!);
      fritz = await Roaster.objects.create({ name: "Fritz", country: "KR" });
      hot = await Tag.objects.create({ label: "hot" });
      const fresh = await Tag.objects.create({ label: "new" });
      const latte = await Coffee.objects.create({ name: "Latte", price: 4500, roaster: fritz });
      const mocha = await Coffee.objects.create({ name: "Mocha", price: 5000, roaster: fritz });
      await Coffee.objects.create({ name: "Tea", price: 5000, isIce: true });
      await latte.tags.add(hot, fresh);
      await mocha.tags.add(hot);
    });
    after(() => db?.close());

    test("a whole number is compared with numbers of any size and kind", async () => {
      for (const huge of [2 ** 40, 1e30, Number.POSITIVE_INFINITY, 2n ** 70n]) {
        assert.deepEqual(await names(Coffee.objects.filter({ id: any(huge) })), []);
        assert.deepEqual(await names(Coffee.objects.filter({ price: { gt: any(huge) } })), []);
        assert.equal(await Coffee.objects.filter({ price: { lt: any(huge) } }).count(), 3);
        assert.equal(await Sample.objects.filter({ big: any(huge) }).count(), 0);
      }
      assert.deepEqual(await names(Coffee.objects.filter({ price: { lt: 4500.5 } })), ["Latte"]);
      assert.deepEqual(await names(Coffee.objects.filter({ price: { range: [4499.5, 4500.5] } })), ["Latte"]);
      assert.deepEqual(await names(Coffee.objects.filter({ price: { in: [4500, 4500.5, 2 ** 40, 1e30] } })), ["Latte"]);
      assert.deepEqual(await names(Coffee.objects.filter({ price: any("4500") })), ["Latte"]);
    });

    test("a value of another kind is refused, compared or stored", async () => {
      const refusals: [() => Promise<unknown>, string][] = [
        [() => Coffee.objects.filter({ price: any("1 OR 1=1") }), 'Coffee.price cannot hold "1 OR 1=1".'],
        [() => Coffee.objects.filter({ price: { in: any(["x"]) } }), 'Coffee.price cannot hold "x".'],
        [() => Coffee.objects.filter({ id: any(Number.NaN) }), "Coffee.id cannot hold NaN."],
        [() => Coffee.objects.filter({ roasterId: any("x") }), 'Coffee.roasterId cannot hold "x".'],
        [() => Coffee.objects.filter({ isIce: any("maybe") }), 'Coffee.isIce cannot hold "maybe".'],
        [() => Sample.objects.filter({ day: any("2026-13-45") }), 'Sample.day cannot hold "2026-13-45".'],
        [() => Sample.objects.filter({ key: "zz" }), 'Sample.key cannot hold "zz".'],
        [() => Sample.objects.filter({ cost: any("abc") }), 'Sample.cost cannot hold "abc".'],
        [() => Coffee.objects.filter({ name: { contains: "a\0b" } }), 'A pattern cannot hold "a\\u0000b".'],
        [() => Coffee.objects.filter({ name: { icontains: "\0" } }), 'A pattern cannot hold "\\u0000".'],
        [() => Coffee.objects.create({ price: any("abc") }), 'Coffee.price cannot hold "abc".'],
        [() => Coffee.objects.create({ price: 1.5 }), "Coffee.price cannot hold 1.5."],
        [() => Coffee.objects.create({ name: any({ a: 1 }) }), "Coffee.name cannot hold [object Object]."],
        [() => Coffee.objects.all().update({ price: any("abc") }), 'Coffee.price cannot hold "abc".'],
        [
          async () => Coffee.objects.create({ roaster: any(hot) }),
          "Coffee.roaster cannot hold a Tag. It takes a Roaster or its key.",
        ],
        [() => Coffee.objects.all().update({ roaster: any(hot) }), "Coffee.roaster cannot hold a Tag."],
        [() => fritz.coffees.add(any(hot)), "Roaster.coffees cannot hold a Tag. It takes a Coffee or its key."],
        [() => hot.coffees.set([any(fritz)]), "Tag.coffees cannot hold a Roaster. It takes a Coffee or its key."],
      ];
      for (const [refused, message] of refusals) {
        await assert.rejects(refused, (error: Error & { code: string }) => {
          assert.equal(error.code, "ORM_BAD_VALUE", message);
          assert.ok(
            error.message.startsWith(message.replace("roasterId", "roaster")),
            `${error.message} does not begin with ${message}`,
          );
          return true;
        });
      }
      assert.equal(await Coffee.objects.count(), 3);
    });

    test("a lookup that says nothing, or not what it takes, does not widen a query", async () => {
      const refusals: [object, string][] = [
        [{ price: {} }, 'The lookup "eq" on Coffee.price was given {}. It takes a value, or an object with a lookup.'],
        [{ roaster: {} }, 'The lookup "eq" on Coffee.roaster was given {}. It takes a value, or an object with a lookup.'],
        [{ price: [4500] }, 'The lookup "eq" on Coffee.price was given 4500. It takes one value; "in" takes a list.'],
        [{ price: { range: [1] } }, 'The lookup "range" on Coffee.price was given 1. It takes a list of two values.'],
        [{ price: () => 1 }, 'The lookup "eq" on Coffee.price was given a function. It takes a value or an expression.'],
        [{ roaster: hot }, 'The lookup "eq" on Coffee.roaster was given a Tag. It takes a Roaster or its key.'],
      ];
      for (const [where, message] of refusals)
        await assert.rejects(async () => Coffee.objects.filter(any(where)), { code: "ORM_BAD_LOOKUP_VALUE", message });
      await assert.doesNotReject(async () => Coffee.objects.filter({ roaster: fritz }));
      await assert.rejects(async () => Coffee.objects.filter({ roaster: any(hot) }), { code: "ORM_BAD_LOOKUP_VALUE" });
    });

    test("lookups of a to-many relation and of its fields hold together", async () => {
      assert.deepEqual(await names(Coffee.objects.filter(any({ tags: { isNull: false, label: "new" } }))), ["Latte"]);
      assert.deepEqual(await names(Coffee.objects.filter(any({ tags: { in: [hot], label: "new" } }))), []);
      assert.deepEqual(await names(Coffee.objects.filter(any({ tags: { isNull: true } }))), ["Tea"]);
      assert.deepEqual(await names(Coffee.objects.filter(any({ tags: { isNull: true, label: "new" } }))), []);
      assert.deepEqual(await names(Coffee.objects.filter(any({ tags: { eq: hot } }))), ["Latte", "Mocha"]);
    });

    test("a part of a Q that says nothing holds for every row", async () => {
      assert.equal(await Coffee.objects.filter(Q.or({}, { id: -1 }, { price: 3 })).count(), 3);
      assert.equal(await Coffee.objects.filter(Q.and({}, { name: "Tea" })).count(), 1);
    });

    test("distinct values are counted as they are selected", async () => {
      assert.equal(await Coffee.objects.values("isIce").distinct().count(), 2);
      assert.equal(await Coffee.objects.values("price", "isIce").distinct().count(), 3);
      assert.equal((await Coffee.objects.values("isIce").aggregate(() => ({ n: count() }))).n, 3);
    });

    test("an aggregate is filtered by an object as by a function", async () => {
      const prices = Coffee.objects.values("price").annotate(() => ({ n: count() }));
      const expected = [{ price: 5000, n: 2 }];
      assert.deepEqual(await prices.filter((c) => c.n.gt(1)), expected);
      assert.deepEqual(await prices.filter({ n: { gt: 1 } }), expected);
      assert.deepEqual(await prices.filter({ n: 2 }), expected);
      assert.deepEqual(await prices.filter(Q.or({ n: 2 }, (c: { n: Expression<number> }) => c.n.gt(5))), expected);
      assert.deepEqual(await prices.exclude({ n: 1 }), expected);
    });

    test("rows without a joined row are first, on every database", async () => {
      assert.deepEqual(await names(Coffee.objects.orderBy("roaster.id", "name")), ["Tea", "Latte", "Mocha"]);
      assert.deepEqual(await names(Coffee.objects.orderBy("-roaster", "name")), ["Latte", "Mocha", "Tea"]);
      assert.equal((await Node.objects.orderBy("parent")).length, 0);
    });

    test("what a query cannot do any more is refused", async () => {
      const sliced = Coffee.objects.orderBy("id").slice(0, 2);
      const refusals: [() => unknown, string, string][] = [
        [() => sliced.last(), "A query that was sliced cannot be read from its end.", "await it and take its last row."],
        [() => sliced.orderBy("name"), "A query that was sliced cannot be ordered anew.", "Order first, then slice."],
        [
          () => Coffee.objects.orderBy((c) => [c.price, c.name] as never),
          "The function given to orderBy() gives nothing that has one value for each row.",
          "Give one expression for each function: orderBy((r) => r.coffees.count().desc(), (r) => r.name).",
        ],
        [() => sliced.latest("id"), "A query that was sliced cannot be ordered anew.", "Order first, then slice."],
        [() => sliced.reverse(), "A query that was sliced cannot be reversed.", "Reverse first, then slice."],
        [
          () => sliced.slice(Number.NaN),
          "slice(NaN, undefined) is not given whole numbers.",
          "Give positions as slice(20, 40) does.",
        ],
        [
          () => Coffee.objects.annotate((c) => ({ price: c.price.add(1) })),
          'The annotation "price" has the name of something that every Coffee has.',
          "Give it another name: r => ({ price2: … }).",
        ],
        [
          () => Coffee.objects.values("name").delete(),
          "delete() on Coffee cannot follow values() or valuesList().",
          "Delete the rows: leave the values() out.",
        ],
        [
          () => sliced.delete(),
          "delete() on Coffee cannot follow a query that was sliced.",
          "Name the rows by their keys: filter({ pk: { in: query } }).delete().",
        ],
        [
          () => Coffee.objects.filter({ id: { in: any(Coffee.objects.values("id", "name")) } }).count(),
          "A query of several values of Coffee (id, name) stands where one is compared.",
          'Select one: values("id").',
        ],
        [
          () =>
            Coffee.objects
              .orderBy(any("tags"))
              .count()
              .then(() => Coffee.objects.orderBy(any("tags")).first()),
          "Coffee.tags leads to other rows and has no value of its own.",
          "Name a field, or what is behind the relation by an aggregate: r => r.tags.count().",
        ],
      ];
      for (const [refused, message, hint] of refusals)
        await assert.rejects(async () => refused(), { code: "ORM_BAD_QUERY", message, hint });
    });

    test("a database is known by its own names only", async () => {
      await assert.rejects(Coffee.objects.using("constructor").count(), { code: "ORM_NO_DATABASE" });
    });

    test("rows are not made or deleted in another database by way of the default one", async () => {
      const elsewhere = Coffee.objects.using("archive");
      for (const write of [
        () => elsewhere.create({ name: "x" }),
        () => elsewhere.bulkCreate([{ name: "x" }]),
        () => elsewhere.getOrCreate({ name: "x" }),
        () => elsewhere.filter({ name: "Tea" }).delete(),
        () => elsewhere.update({ name: "x" }),
      ])
        await assert.rejects(async () => write(), { code: "ORM_NO_DATABASE" });
      assert.equal(await Coffee.objects.count(), 3);
    });
  });
}
