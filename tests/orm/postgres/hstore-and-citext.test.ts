import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { char, type Database, type Expression, manager, Model, type Refs, type Where } from "cortado/orm";
import { array, citext, hstore, keysValidator } from "cortado/orm/postgres";
import { ValidationError } from "cortado/validation";
import { onPostgres, openPostgres } from "./open-postgres.ts";

class Bean extends Model({
  name: char({ maxLength: 20, default: "" }),
  labels: hstore({ default: () => ({}) }),
  extra: hstore({ null: true, validators: [keysValidator(["size"], { strict: true })] }),
  history: array(hstore(), { default: () => [], blank: true }),
}) {
  static objects = manager(this);
}

class Guest extends Model({
  email: citext({ unique: true, maxLength: 20 }),
  nick: citext({ null: true }),
  tags: array(citext(), { default: () => [] }),
}) {
  static objects = manager(this);
}

const hostile = [
  "",
  "NULL",
  '"',
  "'",
  "\\",
  '"=>"',
  "a, b",
  "'); DROP TABLE cafe_bean; --",
  "é 🦊",
  "\n",
  "$1",
  "__proto__",
  "constructor",
  "eq",
];

describe("maps of texts on PostgreSQL", onPostgres, () => {
  let db: Database;
  before(async () => {
    db = await openPostgres({ Bean }, ["hstore"]);
  });
  after(() => db?.close());

  const names = async (where: Where<Bean> | ((bean: Refs<Bean>) => Expression<boolean>)) =>
    await Bean.objects.filter(where).orderBy("name").valuesList("name", { flat: true });

  test("any keys and texts are kept and found", async () => {
    for (const text of hostile) {
      const labels = Object.fromEntries([[text, text], ["other", null]]); // oxfmt-ignore
      const { id } = await Bean.objects.create({ labels, history: [labels] });
      const row = await Bean.objects.get({ id });
      assert.deepEqual(Object.entries(row.labels).sort(), Object.entries(labels).sort());
      assert.deepEqual(
        row.history.map((one) => Object.entries(one).sort()),
        [Object.entries(labels).sort()],
      );
      const beans = Bean.objects.filter({ id });
      const wheres: Where<Bean>[] = [
        { labels: { eq: labels } },
        { labels: { in: [labels, {}] } },
        { labels: { contains: Object.fromEntries([[text, text]]) } },
        { labels: { containedBy: labels } },
        { labels: { hasKey: text } },
        { labels: { hasKeys: [text, "other"] } },
        { labels: { hasAnyKeys: [text, "none"] } },
        { labels: { keys: { contains: [text] } } },
        { labels: { values: { contains: [text] } } },
        ...(text === "eq" ? [] : [{ labels: Object.fromEntries([[text, text]]) }]),
      ];
      for (const where of wheres)
        assert.equal(await beans.filter(where).count(), 1, `${JSON.stringify(text)} by ${JSON.stringify(where)}`);
      assert.equal(await beans.filter({ labels: { hasKey: `${text}!` } }).count(), 0);
    }
    await Bean.objects.all().delete();
  });

  test("a map is found by its keys, by what they hold, and by null", async () => {
    await Bean.objects.bulkCreate([
      { name: "a", labels: { colour: "red", size: "10" }, extra: { size: "1" } },
      { name: "b", labels: { colour: "green" } },
      { name: "c", labels: { colour: null } },
    ]);
    assert.deepEqual(await names({ labels: { colour: "red" } }), ["a"]);
    assert.deepEqual(await names({ labels: { colour: { startsWith: "gr" } } }), ["b"]);
    assert.deepEqual(await names({ labels: { colour: { in: ["red", "green"] } } }), ["a", "b"]);
    assert.deepEqual(await names({ labels: { colour: { isNull: true } } }), ["c"]);
    assert.deepEqual(await names({ labels: { size: { isNull: true } } }), ["b", "c"]);
    assert.deepEqual(await names({ labels: { colour: "red", size: { gte: "1" } } }), ["a"]);
    assert.deepEqual(await names({ labels: { contains: { size: "10" } } }), ["a"]);
    assert.deepEqual(await names({ labels: { containedBy: { colour: "green", x: "y" } } }), ["b"]);
    assert.deepEqual(await names({ labels: { hasAnyKeys: ["size", "weight"] } }), ["a"]);
    assert.deepEqual(await names({ labels: { keys: { len: 2 } } }), ["a"]);
    assert.deepEqual(await names({ labels: { values: { overlap: ["green", "10"] } } }), ["a", "b"]);
    assert.deepEqual(await names({ extra: { isNull: true } }), ["b", "c"]);
    assert.deepEqual(await names({ extra: null }), ["b", "c"]);
    assert.deepEqual(await names((b) => b.labels.lookup("hasKey", "size")), ["a"]);
    assert.deepEqual(await names((b) => b.labels.lookup("colour", "green")), ["b"]);
    const row = await Bean.objects.get({ name: "a" });
    row.labels["size"] = "11";
    await row.save();
    assert.deepEqual(await names({ labels: { size: "11" } }), ["a"]);
    await Bean.objects.filter({ name: "b" }).update({ labels: { colour: "blue" } });
    assert.deepEqual(await names({ labels: { colour: "blue" } }), ["b"]);
  });

  test("what is no map of texts is refused, and says what is", async () => {
    await assert.rejects(Bean.objects.create({ labels: { size: 10 } as never }), {
      code: "ORM_BAD_VALUE",
      message: /^Bean\.labels cannot hold .*\. It takes an object whose values are texts or null\.$/,
    });
    for (const labels of ["a", [], { a: "\0" }])
      await assert.rejects(Bean.objects.create({ labels: labels as never }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(names({ labels: { contains: "x" } as never }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(names({ labels: { hasKey: "\0" } }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(names({ labels: { "\0": "x" } }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(names({ labels: { hasKey: {} } as never }), { code: "ORM_BAD_LOOKUP_VALUE" });
    await assert.rejects(names({ labels: {} }), { code: "ORM_BAD_LOOKUP_VALUE" });
    const refused = async (values: object) => {
      const error = await new Bean({ name: "x", ...values } as never).fullClean().catch((caught: unknown) => caught);
      assert.ok(error instanceof ValidationError, String(error));
      return error.toJSON();
    };
    assert.deepEqual(await refused({ extra: {}, labels: { a: "b" } }), { extra: ["Some keys were missing: size"] });
    assert.deepEqual(await refused({ extra: { size: "1", x: "2" }, labels: { a: "b" } }), {
      extra: ["Some unknown keys were provided: x"],
    });
    assert.deepEqual(await refused({ labels: { a: {} } }), { labels: ["The value of “a” is not a string or null."] });
  });
});

describe("texts without case on PostgreSQL", onPostgres, () => {
  let db: Database;
  before(async () => {
    db = await openPostgres({ Guest }, ["citext"]);
  });
  after(() => db?.close());

  test("a text keeps its case, and is unique and found without regard to it", async () => {
    await Guest.objects.create({ email: "Ada@Example.com", tags: ["Hot"] });
    const found = await Guest.objects.get({ email: "ada@example.COM" });
    assert.deepEqual([found.email, found.nick, found.tags], ["Ada@Example.com", null, ["Hot"]]);
    await assert.rejects(Guest.objects.create({ email: "ADA@example.com" }), { code: "ORM_INTEGRITY" });
    const wheres: Where<Guest>[] = [
      { email: { in: ["ADA@EXAMPLE.COM"] } },
      { email: { contains: "EXAMPLE" } },
      { email: { startsWith: "ADA" } },
      { email: { endsWith: ".COM" } },
      { email: { regex: "^ADA@" } },
      { email: { lower: "ada@example.com" } },
      { email: { length: 15 } },
      { nick: null },
      { tags: { contains: ["HOT"] } },
    ];
    for (const where of wheres) assert.equal(await Guest.objects.filter(where).count(), 1, JSON.stringify(where));
    assert.equal(await Guest.objects.filter({ email: { contains: "%" } }).count(), 0);
    assert.equal(await Guest.objects.filter({ email: "'; DROP TABLE cafe_guest; --" }).count(), 0);
    await assert.rejects(Guest.objects.create({ email: "x".repeat(21) }), { code: "ORM_BAD_VALUE" });
  });
});
