import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type CortadoError, defineApp } from "#kernel";
import {
  boolean,
  buildModel,
  char,
  check,
  checkModels,
  clearModels,
  type Database,
  exclusion,
  foreignKey,
  type Field,
  index,
  type IntegrityError,
  integer,
  json,
  lower,
  type ModelOptions,
  positiveInteger,
  Q,
  refusedConstraint,
  registerModels,
  text,
  unique,
} from "cortado/orm";
import { checkMigrations } from "cortado/orm/migrations";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

const fields = () => ({
  name: char({ maxLength: 30 }),
  price: integer({ default: 0 }),
  sale: integer({ null: true }),
  active: boolean({ default: true }),
});

function coffee(options: ModelOptions, own: Record<string, Field> = fields()): Record<string, Declared> {
  return { shop: { Coffee: [own, options] } };
}

async function refused(db: Database, sql: string, wanted: { constraint?: string; columns?: string[] }): Promise<void> {
  await assert.rejects(db.execute(sql), (error: CortadoError & { constraint?: string; columns?: string[] }) => {
    assert.equal(error.code, "ORM_INTEGRITY", error.message);
    if (wanted.constraint !== undefined) assert.equal(error.constraint, wanted.constraint);
    if (wanted.columns !== undefined) assert.deepEqual(error.columns, wanted.columns);
    return true;
  });
}

async function definitions(db: Database, table: string): Promise<Record<string, string>> {
  const sql =
    db.dialect === "sqlite"
      ? `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '${table}' AND sql IS NOT NULL`
      : `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE tablename = '${table}' AND indexname NOT LIKE '%pkey'`;
  return Object.fromEntries((await db.query(sql)).map((row) => [String(row["name"]), String(row["sql"])]));
}

const add = (name: string, rest = "price, sale, active) VALUES", values = "1, NULL, true"): string =>
  `INSERT INTO shop_coffee (name, ${rest} ('${name}', ${values})`;

for (const backend of backends) {
  suite(`constraints on ${backend.name}`, () => {
    test("conditions of every kind become checks, print as one reads them, and go again", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const constraints = [
        check("price_positive", { price: { gte: 0 } }),
        check("sale_below_price", (row) => row.sale.lt(row.price)),
        check("named_or_off", Q.or({ active: false }, { name: { gt: "" } })),
        check("short", "length(name) < 20"),
      ];
      await project.step(db, coffee({ constraints }));
      const source = await project.read("shop", "0001_initial");
      assert.match(source, /check\("price_positive", \{ price: \{ gte: 0 \} \}\)/);
      assert.match(source, /check\("sale_below_price", '"sale" < "price"'\)/);
      assert.match(source, /check\("short", "length\(name\) < 20"\)/);
      assert.deepEqual(await project.found(), []);
      await db.execute(add("Latte"));
      await refused(db, add("Latte", undefined, "-1, NULL, true"), { constraint: "price_positive", columns: ["price"] });
      await refused(db, add("Latte", undefined, "3, 4, true"), { constraint: "sale_below_price", columns: ["price", "sale"] });
      await refused(db, add("", undefined, "3, NULL, true"), { constraint: "named_or_off" });
      await refused(db, add("x".repeat(25)), { constraint: "short" });
      await project.step(db, coffee({ constraints: constraints.slice(1) }));
      await db.execute(add("Mocha", undefined, "-1, NULL, true"));
      await assert.rejects(project.migrate(db, { app: "shop", target: "0001" }), /price_positive/);
      await db.execute("DELETE FROM shop_coffee WHERE price < 0");
      await project.migrate(db, { app: "shop", target: "0001" });
      await refused(db, add("Latte", undefined, "-1, NULL, true"), { constraint: "price_positive" });
    });

    test("rows are unique by a condition, by an expression, and with NULLs that equal one another", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(
        db,
        coffee({
          constraints: [
            unique(["price"], { name: "price_of_active", condition: { active: true } }),
            unique((row) => lower(row.name), { name: "name_any_case" }),
            unique(["active", "sale"], { name: "one_sale", nullsDistinct: false }),
          ],
        }),
      );
      assert.match(
        await project.read("shop", "0001_initial"),
        /unique\(\["price"\], \{ name: "price_of_active", condition: \{ active: true \} \}\)/,
      );
      assert.deepEqual(await project.found(), []);
      await db.execute(add("Latte", undefined, "1, 1, true"));
      await db.execute(add("Mocha", undefined, "1, 1, false"));
      await refused(db, add("Flat", undefined, "1, 2, true"), { constraint: "price_of_active", columns: ["price"] });
      await refused(db, add("LATTE", undefined, "9, 9, true"), { constraint: "name_any_case" });
      await db.execute(add("Flat", undefined, "2, NULL, true"));
      await db.execute(add("Zero", undefined, "3, 0, true"));
      await refused(db, add("Drip", undefined, "4, NULL, true"), { constraint: "one_sale" });
    });

    test("a unique rule that the database names otherwise is told by its name and columns", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(
        db,
        coffee(
          { constraints: [unique(["name", "price"], { violationErrorMessage: "Taken." })] },
          { ...fields(), code: char({ maxLength: 5, unique: true, default: "a" }) },
        ),
      );
      await db.execute(add("Latte", "price, active, code) VALUES", "1, true, 'a'"));
      await refused(db, add("Latte", "price, active, code) VALUES", "1, true, 'b'"), {
        constraint: "shop_coffee_name_price_uniq",
        columns: ["name", "price"],
      });
      await refused(db, add("Mocha", "price, active, code) VALUES", "1, true, 'a'"), {
        constraint: "shop_coffee_code_uniq",
        columns: ["code"],
      });
      await refused(db, "INSERT INTO shop_coffee (name, price, active, code) VALUES (NULL, 1, true, 'c')", { columns: ["name"] });
    });

    test("indexes are functional, partial and descending, and keep their names through a rename", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const indexes = (price: string) => [
        index((row) => [lower(row.name), row[price].desc()], { name: "by_name" }),
        index([`-${price}`], { name: "dear", condition: { active: true, [price]: { gt: 5 } } }),
      ];
      const rule = (price: string) => [check("positive", { [price]: { gte: 0 } }), check("low", `${price} < 100`)];
      await project.step(db, coffee({ indexes: indexes("price"), constraints: rule("price") }));
      assert.deepEqual(Object.keys(await definitions(db, "shop_coffee")).sort(), ["by_name", "dear"]);
      assert.match((await definitions(db, "shop_coffee"))["dear"]!, /"?price"? DESC\) WHERE /);
      await db.execute(add("Latte"));
      const { name, price, ...others } = fields();
      const renamed = { name, cost: price, ...others };
      await project.step(db, coffee({ indexes: indexes("cost"), constraints: rule("cost") }, renamed), {
        rename: ["shop.Coffee.price=cost"],
      });
      const [written] = (await project.files("shop")).slice(-1);
      assert.match(await project.read("shop", written!.replace(".ts", "")), /operations: \[\s*renameField/);
      assert.match((await definitions(db, "shop_coffee"))["dear"]!, /cost/);
      await refused(db, "UPDATE shop_coffee SET cost = -1", { constraint: "positive" });
      await refused(db, "UPDATE shop_coffee SET cost = 200", { constraint: "low" });
      assert.deepEqual(await project.found(), []);
      await project.migrate(db, { app: "shop", target: "zero" });
    });

    test("a type, a default or a rule that rows do not fit is refused with the rows' number, and nothing changes", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const models = (field: Field): Record<string, Declared> => ({ shop: { Coffee: { size: field } } });
      await project.step(db, models(text({ null: true })));
      await db.script("INSERT INTO shop_coffee (size) VALUES ('12'), ('large'), (NULL)");
      await assert.rejects(project.step(db, models(integer({ null: true }))), (error: CortadoError) => {
        assert.equal(error.code, "MIGRATIONS_FAILED");
        assert.match(error.message, /shop\.Coffee\.size cannot go from text to integer: .*large/);
        assert.equal((error.cause as CortadoError).code, "MIGRATIONS_UNFIT_VALUES");
        assert.match((error.cause as CortadoError).hint!, /Mend the values by a `run`/);
        return true;
      });
      assert.equal((await db.query("SELECT * FROM shop_coffee WHERE size = 'large'")).length, 1);
      await db.script("UPDATE shop_coffee SET size = '7' WHERE size = 'large'");
      await project.migrate(db);
      assert.deepEqual(
        (await db.query("SELECT size FROM shop_coffee ORDER BY size")).map((row) => row["size"]).filter((size) => size !== null),
        [7, 12],
      );
      await project.write(
        "shop",
        "0003_required",
        '{ dependencies: [["shop", "0002_alter_coffee_size"]], operations: [m.alterField({ model: "Coffee", name: "size", field: orm.integer() })] }',
      );
      await assert.rejects(project.migrate(db), (error: CortadoError) => {
        assert.equal((error.cause as CortadoError).code, "MIGRATIONS_NULLS_LEFT");
        assert.match(error.message, /1 row has no value for shop\.Coffee\.size, which becomes required\./);
        assert.equal((error.cause as CortadoError).hint, "Give the operation a `fill`, or fill the rows by a `run` before it.");
        return true;
      });
    });

    test("a shorter text is refused where a value is longer, not cut off", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const models = (maxLength: number): Record<string, Declared> => ({ shop: { Coffee: { name: char({ maxLength }) } } });
      await project.step(db, models(30));
      await db.script("INSERT INTO shop_coffee (name) VALUES ('Cappuccino')");
      await assert.rejects(project.step(db, models(5)), /shop\.Coffee\.name cannot go from varchar\(30\) to varchar\(5\)/);
      assert.deepEqual(
        (await db.query("SELECT name FROM shop_coffee")).map((row) => row["name"]),
        ["Cappuccino"],
      );
    });

    test("a number that is never below zero is kept so by the table, with the field named", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, { shop: { Coffee: { stock: positiveInteger({ default: 0 }) } } });
      await db.script("INSERT INTO shop_coffee (stock) VALUES (1)");
      await refused(db, "UPDATE shop_coffee SET stock = stock - 2", {
        constraint: "shop_coffee_stock_check",
        columns: ["stock"],
      });
      await project.step(db, { shop: { Coffee: { stock: integer({ default: 0 }) } } });
      await db.script("UPDATE shop_coffee SET stock = stock - 2");
    });

    test("the rule that refused a row is found with its message", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const rules = [
        unique(["name", "price"], { violationErrorMessage: "Taken." }),
        check("positive", (row) => row.price.gte(0), { violationErrorMessage: "Too cheap." }),
        unique((row) => [lower(row.name), row.sale.desc()], { name: "any_case", violationErrorMessage: "Alike." }),
      ];
      await project.step(db, coffee({ constraints: rules }));
      await db.execute(add("Latte"));
      const told = async (sql: string): Promise<unknown> => {
        const error = await db.execute(sql).then(
          () => assert.fail("not refused"),
          (thrown: IntegrityError) => thrown,
        );
        const found = refusedConstraint(error)!;
        return [found.model.meta.key, found.name, found.fields.map(({ name }) => name), found.constraint?.violationErrorMessage];
      };
      assert.deepEqual(await told(add("Latte")), ["shop.Coffee", "shop_coffee_name_price_uniq", ["name", "price"], "Taken."]);
      assert.deepEqual(await told(add("Mocha", undefined, "-1, NULL, true")), [
        "shop.Coffee",
        "positive",
        ["price"],
        "Too cheap.",
      ]);
      await db.execute(add("Mocha", undefined, "1, 7, true"));
      assert.deepEqual(await told(add("mocha", undefined, "2, 7, true")), [
        "shop.Coffee",
        "any_case",
        ["name", "sale"],
        "Alike.",
      ]);
    });

    test("a view over a column that goes is named, and the column stays", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, coffee({}));
      await db.script("CREATE VIEW cheap AS SELECT name FROM shop_coffee WHERE price < 5");
      const { price: _price, ...others } = fields();
      await assert.rejects(project.step(db, coffee({}, others)), (error: CortadoError) => {
        assert.match(error.message, /view cheap/);
        return true;
      });
      assert.deepEqual(await db.query("SELECT price FROM shop_coffee"), []);
    });
  });
}

test("what SQLite has nothing like is a warning, and PostgreSQL's alone", async () => {
  await using project = await ProjectFolder.make();
  const db = await project.open(backends[0]!);
  project.declare(
    coffee(
      {
        constraints: [unique(["name"], { deferrable: "deferred" }), exclusion("no_overlap", { expressions: [["price", "="]] })],
        indexes: [index(["data"], { using: "gin" }), index(["price"], { include: ["sale"] })],
      },
      { ...fields(), data: json({ default: {} }) },
    ),
  );
  await project.make();
  await project.migrate(db);
  assert.deepEqual(
    (await checkMigrations(project.apps, db)).map(({ code, message }) => `${code}: ${message}`),
    [
      "MIGRATIONS_CHECK_UNSUPPORTED: name: SQLite checks what is unique at each statement, not when the transaction ends.",
      "MIGRATIONS_CHECK_UNSUPPORTED: no_overlap: SQLite has no exclusion constraints; no rule is made.",
      "MIGRATIONS_CHECK_UNSUPPORTED: data: SQLite has no gin indexes; none is made.",
      "MIGRATIONS_CHECK_UNSUPPORTED: price_sale: SQLite keeps no other fields in an index; `include` is left out.",
    ],
  );
  assert.deepEqual(Object.keys(await definitions(db, "shop_coffee")).sort(), ["shop_coffee_name_uniq", "shop_coffee_price_idx"]);
});

test("a rule that cannot be put off, and operator classes that are too few, are refused", () => {
  assert.throws(
    () => unique(["name"], { name: "n", condition: { active: true }, deferrable: "deferred" }),
    /^CortadoError: unique\(\) is declared wrongly: .* is an index, which cannot be put off\.$/m,
  );
  assert.throws(
    () => index(["name", "price"], { opclasses: ["text_ops"] }),
    /index\(\) is declared wrongly: it has 2 fields and 1 operator class\./,
  );
});

test("two parts of one name, and a name too long, are errors of a check", async () => {
  const long = "n".repeat(64);
  const Coffee = buildModel({
    app: "shop",
    name: "Coffee",
    fields: fields(),
    options: { indexes: [index(["name"], { name: "same" }), index(["price"], { name: long })] },
  });
  const Tea = buildModel({
    app: "shop",
    name: "Tea",
    fields: fields(),
    options: { constraints: [unique(["name"], { name: "same" })], indexes: [index(["nam"])] },
  });
  const app = defineApp({ name: "shop", models: { Coffee, Tea } });
  registerModels(app);
  const found = await checkModels({ apps: [app] } as never);
  assert.deepEqual(
    found.map(({ code, object, message, hint }) => [code, object, message, hint]),
    [
      ["ORM_CHECK_INHERITED_MANAGER"],
      [
        "ORM_CHECK_UNKNOWN_FIELD",
        "shop.Tea",
        'In indexes: Tea has no field "nam". It has: id, name, price, sale, active.',
        'Did you mean "name"?',
      ],
      [
        "ORM_CHECK_PART_NAME",
        "shop.Coffee",
        `The name "${long}" is longer than the 63 bytes that PostgreSQL keeps of it.`,
        "Give a shorter name.",
      ],
      [
        "ORM_CHECK_PART_NAME",
        "shop.Tea",
        'The name "same" is taken by an index or constraint of shop.Coffee.',
        "Give one of them another name.",
      ],
    ].slice(1),
  );
  clearModels();
});

test("an index or a constraint over expressions or under a condition needs a name", () => {
  const wanted = { code: "ORM_BAD_MODEL_OPTION", message: "index() is declared wrongly: it has expressions and no name." };
  assert.throws(() => index((row) => lower(row.name)), wanted);
  assert.throws(
    () => unique(["name"], { condition: { active: true } }),
    (error: CortadoError) => {
      assert.equal(error.message, "unique() is declared wrongly: it has a condition and no name.");
      assert.equal(error.hint, 'Name it: unique(…, { name: "coffee_name_any_case" }).');
      return true;
    },
  );
});

test("a rule whose condition reads a relation of a ring waits for it, and goes before it", async () => {
  await using project = await ProjectFolder.make();
  const db = await project.open(backends[0]!);
  await project.step(db, {
    shop: {
      One: [
        { two: foreignKey("shop.Two", { onDelete: "cascade", null: true }), rank: integer({ default: 0 }) },
        {
          constraints: [
            unique(["rank"], { name: "rank_of_lone", condition: { two: { isNull: true } } }),
            check("two_or_rank", "two_id IS NULL OR rank > 0"),
          ],
        },
      ],
      Two: { one: foreignKey("shop.One", { onDelete: "cascade", null: true }) },
    },
  });
  await db.execute("INSERT INTO shop_one (rank) VALUES (1)");
  await refused(db, "INSERT INTO shop_one (rank) VALUES (1)", { constraint: "rank_of_lone" });
  assert.deepEqual(await project.found(), []);
  await project.step(db, { shop: {} });
  await project.migrate(db, { app: "shop", target: "zero" });
});
