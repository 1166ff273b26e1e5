import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  auto,
  char,
  date,
  type Database,
  exclusion,
  generated,
  type Field,
  index,
  integer,
  json,
  type ModelOptions,
  text,
  unique,
} from "cortado/orm";
import { sqlMigrate } from "cortado/orm/migrations";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

const backend = backends.find(({ name }) => name === "PostgreSQL");
const skip = backend ? false : "no PostgreSQL: run through node scripts/start-postgres.ts -- …";

const fields = () => ({ name: char({ maxLength: 30 }), price: integer({ default: 0 }), data: json({ default: {} }) });

function coffee(options: ModelOptions, own: Record<string, Field> = fields()): Record<string, Declared> {
  return { shop: { Coffee: [own, options] } };
}

async function definitions(db: Database): Promise<string[]> {
  const rows = await db.query(
    "SELECT indexdef FROM pg_indexes WHERE tablename = 'shop_coffee' AND indexname NOT LIKE '%pkey' ORDER BY indexname",
  );
  return rows.map((row) => String(row["indexdef"]).replace(/^CREATE (UNIQUE )?INDEX \w+ ON public\.shop_coffee USING /, "$1"));
}

suite("PostgreSQL's own tables", { skip }, () => {
  test("indexes have kinds, operator classes, other fields and storage, and texts one for startsWith", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(backend!);
    const indexes = [
      index(["data"], { name: "i1", using: "gin", opclasses: ["jsonb_path_ops"], storage: { fastupdate: false } }),
      index(["price"], { name: "i2", include: ["name"], storage: { fillfactor: 70 } }),
      index(["price"], { name: "i3", using: "hash" }),
      index(["price"], { name: "i4", using: "brin", storage: { pages_per_range: 16, autosummarize: true } }),
      index(["name"], { name: "i5", opclasses: ["varchar_pattern_ops"] }),
      index(["price"], { name: "i6", using: "btree", storage: { deduplicate_items: false } }),
    ];
    await project.step(db, coffee({ indexes }, { ...fields(), code: char({ maxLength: 9, dbIndex: true, default: "" }) }));
    assert.deepEqual(await definitions(db), [
      "gin (data jsonb_path_ops) WITH (fastupdate='false')",
      "btree (price) INCLUDE (name) WITH (fillfactor='70')",
      "hash (price)",
      "brin (price) WITH (pages_per_range='16', autosummarize='true')",
      "btree (name varchar_pattern_ops)",
      "btree (price) WITH (deduplicate_items='false')",
      "btree (code)",
      "btree (code varchar_pattern_ops)",
    ]);
    assert.deepEqual(await project.found(), []);
    await project.step(db, coffee({ indexes: indexes.slice(0, 1) }));
    assert.deepEqual(await definitions(db), ["gin (data jsonb_path_ops) WITH (fastupdate='false')"]);
    await project.migrate(db, { app: "shop", target: "0001" });
    assert.equal((await definitions(db)).length, 8);
  });

  test("extensions bring gist, spgist and bloom, and exclusion constraints over plain types", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(backend!);
    await project.write(
      "shop",
      "0001_extensions",
      `{ dependencies: [], operations: [m.btreeGistExtension(), m.bloomExtension(), m.trigramExtension(), m.createExtension({ name: "btree_gin" }),
        m.createCollation({ name: "any_case", provider: "icu", locale: "und-u-ks-level2", deterministic: false })] }`,
    );
    const booking: Declared = {
      Booking: [
        {
          room: integer(),
          from: date({ dbColumn: "starts" }),
          to: date({ dbColumn: "ends" }),
          guest: char({ maxLength: 20, default: "", dbCollation: "any_case" }),
          code: text({ default: "" }),
        },
        {
          constraints: [
            exclusion("no_overlap", {
              expressions: [
                ["room", "="],
                [{ sql: "daterange(starts, ends)" }, "&&"],
              ],
              condition: { room: { gt: 0 } },
              violationErrorMessage: "The room is taken.",
            }),
          ],
          indexes: [
            index(["room"], { name: "b1", using: "gist" }),
            index(["code"], { name: "b2", using: "spgist" }),
            index(["room", "code"], { name: "b3", using: "bloom", storage: { length: 96, col1: 4 } }),
            index(["code"], { name: "b4", using: "gin", opclasses: ["gin_trgm_ops"] }),
          ],
        },
      ],
    };
    await project.step(db, { shop: booking });
    await db.script(
      "INSERT INTO shop_booking (room, starts, ends, guest, code) VALUES (1, '2026-01-01', '2026-01-05', 'Ann', ''), (0, '2026-01-01', '2026-01-05', 'Bob', ''), (0, '2026-01-01', '2026-01-05', 'Bob', '')",
    );
    await assert.rejects(
      db.execute("INSERT INTO shop_booking (room, starts, ends, guest, code) VALUES (1, '2026-01-04', '2026-01-06', 'Cid', '')"),
      (error: Error & { constraint: string; columns: string[] }) => {
        assert.equal(error.constraint, "no_overlap");
        assert.deepEqual(error.columns, ["room", "starts", "ends"]);
        return true;
      },
    );
    assert.equal((await db.query("SELECT 1 FROM shop_booking WHERE guest = 'ANN'")).length, 1);
    assert.deepEqual(await project.found(), []);
    await project.migrate(db, { app: "shop", target: "zero" });
    assert.deepEqual(await db.query("SELECT extname FROM pg_extension WHERE extname IN ('bloom', 'btree_gist')"), []);
    const sqlite = await sqlMigrate(project.apps, "sqlite", { app: "shop", name: "0001" });
    assert.deepEqual(
      sqlite.filter((line) => !line.startsWith("--")),
      ["BEGIN;", "COMMIT;"],
    );
  });

  test("unique rules are put off to the end of a transaction, hold other fields, and take NULLs as equal", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(backend!);
    await project.step(
      db,
      coffee(
        {
          constraints: [
            unique(["price"], { deferrable: "deferred" }),
            unique(["name"], { name: "name_once", include: ["price"], nullsDistinct: false }),
            unique(["name"], { name: "name_for_search", opclasses: ["varchar_pattern_ops"] }),
          ],
        },
        { ...fields(), name: char({ maxLength: 30, null: true }) },
      ),
    );
    await db.script("INSERT INTO shop_coffee (name, price, data) VALUES ('a', 1, '{}'), (NULL, 2, '{}')");
    await db.transaction(async () => {
      await db.execute("UPDATE shop_coffee SET price = 2 WHERE name = 'a'");
      await db.execute("UPDATE shop_coffee SET price = 1 WHERE name IS NULL");
    });
    await assert.rejects(db.execute("INSERT INTO shop_coffee (price, data) VALUES (9, '{}')"), { constraint: "name_once" });
    assert.ok((await definitions(db)).includes("UNIQUE btree (name varchar_pattern_ops)"));
    await assert.rejects(
      db.transaction(() => db.execute("UPDATE shop_coffee SET price = 2")),
      { constraint: "shop_coffee_price_uniq" },
    );
  });

  test("tables and columns have comments, and a sequence keeps to its table's name", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(backend!);
    const comments = async () => {
      const [table] = await db.query(
        "SELECT relname, obj_description(oid) AS comment FROM pg_class WHERE relkind = 'r' AND relname LIKE 'shop%'",
      );
      const [column] = await db.query(`SELECT col_description('${String(table!["relname"])}'::regclass, 2) AS comment`);
      return [table!["comment"], column!["comment"]];
    };
    const named = (options: ModelOptions, dbComment?: string): Record<string, Declared> =>
      coffee(options, {
        id: auto({ primaryKey: true }),
        name: text({ default: "", ...(dbComment !== undefined && { dbComment }) }),
      });
    await project.step(db, named({ dbTableComment: "What it's" }, "As sold"));
    assert.deepEqual(await comments(), ["What it's", "As sold"]);
    await project.step(db, named({ dbTableComment: "Drinks" }));
    assert.deepEqual(await comments(), ["Drinks", null]);
    await project.step(db, named({ dbTable: "shop_drinks" }));
    assert.deepEqual(await comments(), [null, null]);
    const [sequence] = await db.query("SELECT pg_get_serial_sequence('shop_drinks', 'id') AS name");
    assert.equal(sequence!["name"], "public.shop_drinks_id_seq");
    await project.migrate(db, { app: "shop", target: "0001" });
    assert.deepEqual(await comments(), ["What it's", "As sold"]);
    const [key] = await db.query("SELECT conname FROM pg_constraint WHERE contype = 'p' AND conrelid = 'shop_coffee'::regclass");
    assert.equal(key!["conname"], "shop_coffee_pkey");
  });

  test("an index is built while others write, and a rule added without reading rows until it is validated", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(backend!);
    await project.step(db, coffee({}));
    await db.script("INSERT INTO shop_coffee (name, price, data) VALUES ('a', -1, '{}')");
    await project.write(
      "shop",
      "0002_patient",
      `{ atomic: false, dependencies: [["shop", "0001_initial"]], operations: [
        m.addIndex({ model: "Coffee", index: orm.index(["price"], { name: "patient", dbTablespace: "pg_default" }), concurrently: true }),
        m.addConstraint({ model: "Coffee", constraint: orm.check("positive", { price: { gte: 0 } }), validate: false }),
      ] }`,
    );
    await project.write(
      "shop",
      "0003_validate",
      `{ dependencies: [["shop", "0002_patient"]], operations: [m.validateConstraint({ model: "Coffee", name: "positive" })] }`,
    );
    await assert.rejects(project.migrate(db), /0003_validate failed .*positive/);
    assert.deepEqual(await definitions(db), ["btree (price)"]);
    await assert.rejects(db.execute("INSERT INTO shop_coffee (name, price, data) VALUES ('b', -2, '{}')"), {
      constraint: "positive",
    });
    await db.script("UPDATE shop_coffee SET price = 1");
    await project.migrate(db);
    await project.migrate(db, { app: "shop", target: "0001" });
    assert.deepEqual(await definitions(db), []);
  });

  test("a column computed on reading is refused with what to write instead", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(backend!);
    const [version] = await db.query("SELECT current_setting('server_version_num')::integer AS number");
    if (Number(version!["number"]) >= 180_000) return;
    const double = generated({ expression: (row) => row.price.mul(2), output: integer(), stored: false });
    await assert.rejects(
      project.step(db, coffee({}, { ...fields(), double })),
      (error: Error & { cause: { code: string; message: string; hint: string } }) => {
        assert.equal(error.cause.code, "MIGRATIONS_UNSUPPORTED");
        assert.equal(
          error.cause.message,
          "shop.Coffee.double is computed whenever it is read, which PostgreSQL has since version 18.",
        );
        assert.equal(error.cause.hint, "Let the database keep it: generated({ …, stored: true }).");
        return true;
      },
    );
  });
});
