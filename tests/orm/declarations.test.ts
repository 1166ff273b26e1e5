import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { type CortadoError, defineApp, type ProjectSettings } from "#kernel";
import {
  auto,
  boolean,
  buildModel,
  char,
  checkModels,
  clearModels,
  database,
  decimal,
  foreignKey,
  getModel,
  integer,
  manager,
  manyToMany,
  Model,
  openDatabase,
  registeredModels,
  registerModels,
  registerSwappable,
  related,
  useDatabases,
} from "cortado/orm";
import * as models from "./cafe-models.ts";

afterEach(clearModels);

const inspect = async (given: Record<string, unknown>) => {
  const app = defineApp({ name: "shop", models: given });
  registerModels(app);
  return checkModels({ apps: [app] } as unknown as ProjectSettings);
};

describe("a declaration", () => {
  test("gives names, tables and columns", () => {
    registerModels(defineApp({ name: "cafe", models }));
    const { meta } = models.Coffee;
    assert.deepEqual(
      [meta.key, meta.slug, meta.table, meta.verboseName, meta.verboseNamePlural],
      ["cafe.Coffee", "coffee", "cafe_coffee", "coffee", "coffees"],
    );
    assert.deepEqual(
      meta.fields.map((field) => [field.name, field.attname, field.column, field.kind]),
      [
        ["id", "id", "id", "auto"],
        ["name", "name", "name", "char"],
        ["price", "price", "price", "integer"],
        ["isIce", "isIce", "is_ice", "boolean"],
        ["roaster", "roasterId", "roaster_id", "foreignKey"],
      ],
    );
    assert.equal(getModel("cafe.Coffee"), models.Coffee);
    assert.ok(registeredModels().some((model) => model.meta.table === "cafe_coffee_tags"));
    assert.deepEqual(models.Roaster.meta.field("country").choices, [
      ["KR", "Korea"],
      ["ET", "Ethiopia"],
    ]);
  });

  test("is deconstructed without functions, labels and choices", () => {
    assert.deepEqual(char({ maxLength: 3, choices: { a: "A" }, helpText: "…", default: "" }).deconstruct(), {
      kind: "char",
      options: { default: "", maxLength: 3 },
    });
    assert.deepEqual(boolean({ default: false }).deconstruct(), { kind: "boolean", options: { default: false } });
    assert.deepEqual(integer({ default: () => 1 }).deconstruct(), { kind: "integer", options: {} });
    class User extends Model({}) {}
    registerSwappable("@user", User as never);
    assert.deepEqual(foreignKey(User, { onDelete: "cascade" }).deconstruct(), {
      kind: "foreignKey",
      options: { to: "@user", onDelete: "cascade" },
    });
  });

  test("buildModel makes a model of the past", () => {
    const Roaster = buildModel({ app: "shop", name: "Roaster", fields: { id: auto(), name: char({ maxLength: 3 }) } });
    const fields = {
      id: auto(),
      roaster: foreignKey("shop.Roaster", { onDelete: "protect", null: true }),
      friends: manyToMany("shop.Roaster"),
    };
    const Coffee = buildModel({ app: "shop", name: "Coffee", fields, resolve: () => Roaster });
    assert.equal(Coffee.meta.field("roaster").relation?.to, Roaster);
    assert.deepEqual(
      Coffee.meta.manyToMany[0]!.relation.through!.meta.fields.map((field) => field.column),
      ["id", "coffee_id", "roaster_id"],
    );
    assert.deepEqual(registeredModels(), []);
  });
});

describe("a wrong declaration", () => {
  const throws = (make: () => unknown, code: string, [message, hint]: [RegExp, RegExp?]) =>
    assert.throws(make, (error: CortadoError) => {
      assert.equal(error.code, code);
      assert.match(error.message, message);
      if (hint) assert.match(error.hint ?? "", hint);
      return true;
    });

  test("names the field and the way to mend it", () => {
    throws(() => Model({ roaster: foreignKey("shop.Roaster", { onDelete: "cascade" }) } as never), "ORM_RELATION_NOT_THUNK", [
      /"roaster" is declared directly/,
      /roaster: \(\) => foreignKey/,
    ]);
    throws(() => Model({ x: 5 } as never), "ORM_NOT_A_FIELD", [/"x" is declared as 5/]);
    throws(() => Model({ save: char({ maxLength: 3 }) }), "ORM_RESERVED_FIELD_NAME", [/cannot be named "save"/, /dbColumn/]);
    throws(() => Model({ a__b: char({ maxLength: 3 }) }), "ORM_BAD_FIELD_NAME", [/"a__b"/]);
    throws(() => decimal({ maxDigits: 2, decimalPlaces: 3 }), "ORM_BAD_FIELD_OPTION", [/maxDigits is 2/]);
    throws(() => foreignKey("a.B", { onDelete: "setNull" }), "ORM_BAD_FIELD_OPTION", [/cannot be null/, /null: true/]);
    throws(() => foreignKey("a.B", {} as never), "ORM_BAD_FIELD_OPTION", [/onDelete is missing/]);
  });

  test("whatever every row has, no field is named like it", () => {
    const row = Object.getPrototypeOf(Model({}).prototype) as object;
    const names = Object.getOwnPropertyNames(row);
    assert.ok(names.includes("validateConstraints"));
    for (const name of names) throws(() => Model({ [name]: char() } as never), "ORM_RESERVED_FIELD_NAME", [/cannot be named/]);
  });

  test("an unregistered or unknown model says so", () => {
    class Lonely extends Model({}) {}
    throws(() => Lonely.meta.table, "ORM_MODEL_NOT_REGISTERED", [/Lonely does not belong to an app/, /defineApp/]);
    registerModels(defineApp({ name: "cafe", models }));
    throws(() => getModel("cafe.Cofee"), "ORM_UNKNOWN_MODEL", [/no model "cafe.Cofee"/, /Did you mean "cafe.Coffee"\?/]);
    class Astray extends Model({ x: () => foreignKey(undefined as never, { onDelete: "cascade" }) }) {}
    throws(() => Astray.meta.field("x").relation, "ORM_RELATION_TARGET", [/relates to undefined/, /cycle/]);
    throws(() => new models.Coffee({ nme: "x" } as never), "ORM_UNKNOWN_FIELD", [/no field "nme"/, /"name"/]);
  });

  test("databases are named wrongly, missing or closed", async () => {
    await assert.rejects(openDatabase("mysql://x"), {
      code: "ORM_BAD_DATABASE_URL",
      message: 'The database URL "mysql://x" begins with "mysql:", and only sqlite: and postgres: are known.',
    });
    await assert.rejects(openDatabase("nonsense"), { code: "ORM_BAD_DATABASE_URL" });
    await assert.rejects(openDatabase("sqlite:/no/such/folder/db.sqlite3"), { code: "ORM_CANNOT_CONNECT" });
    await assert.rejects(
      openDatabase("postgres://me:secret@127.0.0.1:1/x"),
      (error: CortadoError) => error.code === "ORM_CANNOT_CONNECT" && !error.message.includes("secret"),
    );
    useDatabases({});
    assert.throws(() => database("other"), { code: "ORM_NO_DATABASE" });
    const db = await openDatabase("sqlite::memory:");
    await assert.rejects(db.query("SELECT * FROM nowhere"), {
      code: "ORM_MISSING_TABLE",
      hint: "Run: npx cortado migrate. For a model that is new: npx cortado makemigrations before it",
    });
    await db.script("CREATE TABLE a (id integer)");
    await assert.rejects(db.query("SELECT colour FROM a"), { code: "ORM_MISSING_COLUMN" });
    await assert.rejects(db.query("SELEKT"), { code: "ORM_QUERY_FAILED" });
    await db.close();
    await assert.rejects(db.query("SELECT 1"), { code: "ORM_DATABASE_CLOSED" });
  });
});

describe("checks", () => {
  test("report a relation to an app that is left out, which queries of other models do not mind", async () => {
    class Entry extends Model({ user: () => foreignKey("@user", { onDelete: "cascade" }) }) {
      static objects = manager(this);
    }
    const found = await inspect({ ...models, Entry });
    assert.deepEqual(
      found.map(({ code, object }) => [code, object]),
      [["ORM_UNKNOWN_MODEL", "shop.Entry"]],
    );
  });

  test("find nothing in sound models", async () => assert.deepEqual(await inspect(models), []));

  test("find a way back that names another relation than the one that has its name", async () => {
    class Branch extends Model({
      parent: () => foreignKey(Branch, { onDelete: "cascade", null: true, relatedName: "children" }),
      children: () => related(Branch, "parnt" as never),
    }) {
      static objects = manager(this);
    }
    const found = (await inspect({ Branch })).map(({ code, object, message, hint }) => [code, object, message, hint]);
    assert.deepEqual(found, [
      [
        "ORM_CHECK_NO_REVERSE",
        "shop.Branch.children",
        'related(Branch, "parnt"): Branch has no relation "parnt" to Branch. It has: parent.',
        'Did you mean "parent"?',
      ],
    ]);
  });

  test("find clashes, unknown fields and inherited managers", async () => {
    class Target extends Model({ pair: integer(), one: () => related(Source as never, "nothing" as never) }) {
      static objects = manager(this);
    }
    class Source extends Model(
      { name: char(), target: () => foreignKey(Target, { onDelete: "cascade", relatedName: "pair" }) },
      { ordering: ["nme"] },
    ) {
      static objects = manager(this);
    }
    class Child extends Source {}
    const codes = (await inspect({ Target, Source, Child })).map((message) => message.code);
    for (const code of [
      "ORM_CHECK_REVERSE_CLASH",
      "ORM_CHECK_UNKNOWN_FIELD",
      "ORM_CHECK_INHERITED_MANAGER",
      "ORM_CHECK_NO_REVERSE",
    ]) {
      assert.ok(codes.includes(code), code);
    }
  });
});
