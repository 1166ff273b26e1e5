import assert from "node:assert/strict";
import { test } from "node:test";
import {
  check,
  char,
  date,
  dateTime,
  type Field,
  foreignKey,
  index,
  integer,
  manyToMany,
  oneToOne,
  text,
  unique,
  uuid,
} from "cortado/orm";
import { type MakeMigrationsOptions } from "cortado/orm/migrations";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

type Models = Record<string, Declared>;

/** What is found when the models change, as `shop: + Add field price to Coffee`. */
async function changes(before: Models, after: Models, options: MakeMigrationsOptions = {}): Promise<string[]> {
  await using project = await ProjectFolder.make();
  await project.declare(before).make({ rename: false });
  const found = await project.declare(after).found({ rename: false, ...options });
  return found.map((line) => line.replace(/\.\w+: /, ": "));
}

const roaster: Declared = { Roaster: { name: char({ maxLength: 9 }) } };
const toRoaster = () => foreignKey("shop.Roaster", { onDelete: "cascade" as const, null: true });

test("what another change needs comes first: models before relations, relations away before models", async () => {
  assert.deepEqual(await changes({ shop: { Coffee: {} } }, { shop: { Coffee: { roaster: toRoaster() }, ...roaster } }), [
    "shop: + Create model Roaster",
    "shop: + Add field roaster to Coffee",
  ]);
  assert.deepEqual(await changes({ shop: { Coffee: { roaster: toRoaster() }, ...roaster } }, { shop: { Coffee: {} } }), [
    "shop: - Remove field roaster from Coffee",
    "shop: - Delete model Roaster",
  ]);
  assert.deepEqual(await changes({ shop: { Coffee: { roaster: toRoaster() }, ...roaster } }, { shop: {} }), [
    "shop: - Remove field roaster from Coffee",
    "shop: - Delete model Roaster",
    "shop: - Delete model Coffee",
  ]);
});

test("models of one app that need one another in a ring are created first and joined afterwards", async () => {
  const models: Models = {
    shop: { Coffee: { roaster: toRoaster() }, Roaster: { best: foreignKey("shop.Coffee", { onDelete: "cascade", null: true }) } },
  };
  assert.deepEqual(await changes({ shop: {} }, models), [
    "shop: + Create model Coffee",
    "shop: + Create model Roaster",
    "shop: + Add field roaster to Coffee",
  ]);
});

test("a many-to-many through a model is created after the model, whose change of table is no change of columns", async () => {
  const models = (through: string): Models => ({
    shop: {
      Coffee: { roasters: manyToMany("shop.Roaster", { through }) },
      ...roaster,
      [through.slice(5)]: {
        coffee: foreignKey("shop.Coffee", { onDelete: "cascade" }),
        roaster: foreignKey("shop.Roaster", { onDelete: "cascade" }),
      },
    },
  });
  const created = await changes({ shop: {} }, models("shop.Deal"));
  assert.ok(created.indexOf("shop: + Create model Deal") >= 0);
  assert.deepEqual(await changes(models("shop.Deal"), models("shop.Contract"), { rename: ["shop.Deal=Contract"] }), [
    "shop: ~ Rename model Deal to Contract",
  ]);
  const plain: Models = { shop: { Coffee: { roasters: manyToMany("shop.Roaster") }, ...roaster } };
  assert.deepEqual((await changes(plain, models("shop.Deal"))).slice(-1), ["shop: + Add field roasters to Coffee"]);
});

test("indexes and constraints go before the fields they cover, and come after them", async () => {
  const before: Models = {
    shop: {
      Coffee: [
        { a: integer(), b: integer() },
        { indexes: [index(["a"])], constraints: [unique(["a", "b"])] },
      ],
    },
  };
  const after: Models = {
    shop: { Coffee: [{ b: integer(), c: integer({ default: 0 }) }, { constraints: [unique(["b", "c"])] }] },
  };
  assert.deepEqual(await changes(before, after), [
    "shop: - Remove index a from Coffee",
    "shop: - Remove constraint a_b from Coffee",
    "shop: + Add field c to Coffee",
    "shop: - Remove field a from Coffee",
    "shop: + Create constraint b_c on Coffee",
  ]);
});

test("a renamed index is renamed, a constraint with another message altered, one with another rule made anew", async () => {
  const models = (name: string, message: string, rule: string): Models => ({
    shop: {
      Coffee: [
        { a: integer() },
        { indexes: [index(["a"], { name })], constraints: [check("a_fits", rule, { violationErrorMessage: message })] },
      ],
    },
  });
  assert.deepEqual(await changes(models("one", "no", "a > 0"), models("two", "never", "a > 0")), [
    "shop: ~ Rename index one on Coffee to two",
    "shop: ~ Alter constraint a_fits on Coffee",
  ]);
  assert.deepEqual(await changes(models("one", "no", "a > 0"), models("one", "no", "a > 1")), [
    "shop: - Remove constraint a_fits from Coffee",
    "shop: + Create constraint a_fits on Coffee",
  ]);
});

test("a table's name and comment are changes of their own, options that no table knows are one", async () => {
  const models = (options: object): Models => ({ shop: { Coffee: [{ a: integer() }, options] } });
  assert.deepEqual(await changes(models({}), models({ dbTable: "drinks", dbTableComment: "What is sold", ordering: ["a"] })), [
    "shop: ~ Change options of Coffee",
    "shop: ~ Rename the table of Coffee to drinks",
    "shop: ~ Alter the table comment of Coffee",
  ]);
  assert.deepEqual(await changes(models({ dbTable: "drinks", dbTableComment: "x" }), models({})), [
    "shop: ~ Rename the table of Coffee to its automatic name",
    "shop: ~ Remove the table comment of Coffee",
  ]);
  assert.deepEqual(await changes(models({}), models({ managed: false })), ["shop: ~ Change options of Coffee"]);
  assert.deepEqual(await changes(models({}), models({ verboseName: "brew" })), []);
});

test("a field that becomes a relation to many, or one to another kind of relation, is removed and added or altered", async () => {
  const models = (field: Field): Models => ({ shop: { Coffee: { roaster: field }, ...roaster } });
  assert.deepEqual(await changes(models(text({ default: "" })), models(manyToMany("shop.Roaster"))), [
    "shop: - Remove field roaster from Coffee",
    "shop: + Add field roaster to Coffee",
  ]);
  assert.deepEqual(await changes(models(toRoaster()), models(oneToOne("shop.Roaster", { onDelete: "cascade", null: true }))), [
    "shop: ~ Alter field roaster on Coffee",
  ]);
});

test("times that the database row gets by itself need no answer, and a column that becomes required needs one", async () => {
  const times = { day: date({ autoNowAdd: true }), at: dateTime({ autoNow: true }) };
  assert.equal((await changes({ shop: { Coffee: {} } }, { shop: { Coffee: times } })).length, 2);
  const [before, after] = [{ shop: { Coffee: { n: integer({ null: true }) } } }, { shop: { Coffee: { n: integer() } } }];
  await assert.rejects(changes(before, after), {
    code: "MIGRATIONS_FILL_UNANSWERED",
    message: "shop.Coffee.n becomes required and has no default: rows that exist need a value for it.",
  });
  assert.deepEqual(await changes(before, after, { defaults: ["shop.Coffee.n=3"] }), ["shop: ~ Alter field n on Coffee"]);
});

test("a new unique field whose default would be the same for all rows is refused with the steps to take", async () => {
  const after: Models = { shop: { Coffee: { code: uuid({ unique: true, default: () => crypto.randomUUID() }) } } };
  await assert.rejects(changes({ shop: { Coffee: {} } }, after), {
    code: "MIGRATIONS_UNIQUE_DEFAULT",
    message: "shop.Coffee.code is new and unique, and its default would give all rows that exist one value.",
    hint: "Add it with `null: true` and without `unique`, fill it with run() in a migration of its own, then make it unique. For a table with one row at most: --default shop.Coffee.code=VALUE",
  });
  assert.equal(
    (await changes({ shop: { Coffee: {} } }, after, { defaults: ["shop.Coffee.code=6f1c1a34-9a55-4c8e-9d26-0d0b4e1d0c11"] }))
      .length,
    1,
  );
});

test("a rename and a move with nobody to ask name the flag, and a field's rename keeps what covers it", async () => {
  const models = (name: string): Models => ({
    shop: { Coffee: [{ [name]: integer() }, { indexes: [index([name], { name: "by_it" })], ordering: [name] }] },
  });
  assert.deepEqual(await changes(models("cost"), models("price"), { rename: ["shop.Coffee.cost=price"] }), [
    "shop: ~ Rename field cost on Coffee to price",
  ]);
});

test("a migration for one app brings along those of others that it needs, and no more", async () => {
  await using project = await ProjectFolder.make();
  project.declare({ a: { One: {} }, b: { Two: { one: foreignKey("a.One", { onDelete: "cascade" }) } }, c: { Three: {} } });
  const made = await project.make({ app: "b", dryRun: true });
  assert.deepEqual(made.map(({ app }) => app).sort(), ["a", "b"]);
});

test("models that were moved, renamed and squashed over leave nothing to find on any database", async (t) => {
  for (const backend of backends)
    await t.test(backend.name, async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, { a: { One: { n: integer({ default: 0 }) } }, b: {} });
      await project.step(db, { a: { Uno: { n: integer({ default: 0 }) } }, b: {} }, { rename: ["a.One=Uno"] });
      await project.step(db, { a: {}, b: { Uno: { n: integer({ default: 0 }) } } }, { rename: ["a.Uno=b.Uno"] });
      await project.step(db, { a: {}, b: { Uno: { m: integer({ default: 0 }) } } }, { rename: ["b.Uno.n=m"] });
      await db.script("INSERT INTO b_uno (m) VALUES (1)");
      assert.deepEqual(await project.found(), []);
    });
});
