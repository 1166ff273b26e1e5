import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { char, type Database, date, exclusion, generated, index, integer, text } from "cortado/orm";
import { checkMigrations, sqlMigrate } from "cortado/orm/migrations";
import {
  array,
  bigIntegerRange,
  citext,
  dateRange,
  dateTimeRange,
  decimalRange,
  hstore,
  integerRange,
  Range,
  rangeOf,
  rangeOperators,
  searchVector,
  tsvector,
} from "cortado/orm/postgres";
import { backends, type Declared, ProjectFolder } from "../../migrations/project-folder.ts";

const postgres = backends.find(({ name }) => name === "PostgreSQL");
const sqlite = backends.find(({ name }) => name === "SQLite")!;
const skip = postgres === undefined ? "no PostgreSQL: run through node scripts/start-postgres.ts -- …" : false;

const extensions = `{ dependencies: [], operations: [m.hstoreExtension(), m.citextExtension(), m.btreeGistExtension(), m.btreeGinExtension(), m.trigramExtension(), m.unaccentExtension(), m.cryptoExtension(), m.bloomExtension()] }`;

const fields = {
  title: char({ maxLength: 40, default: "" }),
  room: integer({ default: 0 }),
  from: date({ dbColumn: "starts", null: true }),
  until: date({ dbColumn: "ends", null: true }),
  tags: array(char({ maxLength: 12 }), { default: () => [], size: 5, dbDefault: [] }),
  board: array(array(integer({ null: true })), { null: true }),
  ages: integerRange({ dbDefault: new Range(1, 5) }),
  serials: bigIntegerRange({ null: true }),
  prices: decimalRange({ default: new Range(1, 2, "[]") }),
  stay: dateRange({ null: true }),
  during: dateTimeRange({ null: true, defaultBounds: "[]" }),
  labels: hstore({ default: () => ({}) }),
  code: citext({ default: "", maxLength: 20 }),
  words: tsvector({ null: true, config: "english" }),
  search: generated({
    expression: (row) => searchVector(row.title, { config: "english" }),
    output: tsvector({ config: "english" }),
  }),
};

const booking: Declared = {
  Booking: [
    fields,
    {
      indexes: [
        index(["tags"], { name: "i_tags", using: "gin" }),
        index(["labels"], { name: "i_labels", using: "gin" }),
        index(["search"], { name: "i_search", using: "gin" }),
        index(["title"], { name: "i_trigram", using: "gin", opclasses: ["gin_trgm_ops"] }),
        index(["ages", "room"], { name: "i_ages", using: "gist" }),
        index(["stay"], { name: "i_stay", using: "spgist" }),
        index(["from"], { name: "i_from", using: "brin", storage: { pages_per_range: 16 } }),
        index(["code"], { name: "i_code", using: "hash" }),
        index(["room", "title"], {
          name: "i_bloom",
          using: "bloom",
          opclasses: ["int4_ops", "text_ops"],
        }),
        index(["room"], { name: "i_btree", using: "btree", storage: { fillfactor: 70 } }),
        index((row) => searchVector(row.title, row.room, { config: "simple" }), { name: "i_words", using: "gin" }),
      ],
      constraints: [
        exclusion("no_overlap", { expressions: [["room", rangeOperators.equal], ["stay", rangeOperators.overlaps]] }), // oxfmt-ignore
        exclusion("no_overlap_of_columns", {
          expressions: [
            ["room", "="],
            [(row) => rangeOf(row.from, row.until, { output: dateRange(), bounds: "[]" }), rangeOperators.overlaps],
          ],
          condition: { room: { gt: 0 }, ages: { contains: 3 }, tags: { contains: ["checked"] } },
        }),
      ],
    },
  ],
};

describe("migrations of PostgreSQL's fields", { skip }, () => {
  test("every kind is made, found unchanged, altered and taken back", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(postgres!);
    await project.write("shop", "0001_extensions", extensions);
    await project.step(db, { shop: booking });
    assert.deepEqual(await project.found(), []);
    const written = await project.read("shop", (await project.files("shop"))[1]!.replace(".ts", ""));
    assert.match(written, /import \{\s+array,\s+bigIntegerRange,[^}]*\} from "cortado\/orm\/postgres";/);
    assert.match(written, /tags: array\(char\(\{ maxLength: 12 \}\), \{ size: 5, dbDefault: \[\] \}\),/);
    assert.match(written, /board: array\(array\(integer\(\{ null: true \}\)\), \{ null: true \}\),/);
    assert.match(written, /ages: integerRange\(\{ dbDefault: "\[1,5\)" \}\),/);
    assert.match(written, /during: dateTimeRange\(\{ null: true, defaultBounds: "\[\]" \}\),/);
    assert.deepEqual(await types(db), {
      title: "character varying(40)",
      room: "integer",
      starts: "date",
      ends: "date",
      tags: "character varying(12)[]",
      board: "integer[]",
      ages: "int4range",
      serials: "int8range",
      prices: "numrange",
      stay: "daterange",
      during: "tstzrange",
      labels: "hstore",
      code: "citext",
      words: "tsvector",
      search: "tsvector",
      id: "bigint", // oxfmt-ignore
    });
    const methods = await db.query(
      "SELECT c.relname AS name, m.amname AS method FROM pg_class c JOIN pg_am m ON m.oid = c.relam WHERE c.relname LIKE 'i\\_%' ORDER BY c.relname",
    );
    assert.deepEqual(Object.fromEntries(methods.map((row) => [row["name"], row["method"]])), {
      i_ages: "gist",
      i_bloom: "bloom",
      i_btree: "btree",
      i_code: "hash",
      i_from: "brin",
      i_labels: "gin",
      i_search: "gin",
      i_stay: "spgist",
      i_tags: "gin",
      i_trigram: "gin",
      i_words: "gin", // oxfmt-ignore
    });
    await db.script(
      "INSERT INTO shop_booking (title, room, stay, prices, labels, code) VALUES ('a', 1, '[2026-01-01,2026-01-05)', 'empty', '', '')",
    );
    const [row] = await db.query("SELECT tags, ages::text AS ages FROM shop_booking");
    assert.deepEqual(row, { tags: [], ages: "[1,5)" });
    await assert.rejects(
      db.execute(
        "INSERT INTO shop_booking (title, room, stay, prices, labels, code) VALUES ('a', 1, '[2026-01-04,2026-01-06)', 'empty', '', '')",
      ),
      { constraint: "no_overlap" },
    );
    const [, options] = booking["Booking"] as unknown as [unknown, object];
    const changed = { ...fields, tags: array(text(), { default: () => [], dbDefault: [] }), code: text({ default: "" }) };
    await project.step(db, { shop: { Booking: [changed, options] as never } });
    assert.deepEqual(await project.found(), []);
    const now = await types(db);
    assert.deepEqual([now["tags"], now["code"]], ["text[]", "text"]);
    await project.migrate(db, { app: "shop", target: "0002" });
    assert.deepEqual((await types(db))["tags"], "character varying(12)[]");
    await project.migrate(db, { app: "shop", target: "zero" });
    assert.deepEqual(await db.query("SELECT extname FROM pg_extension WHERE extname IN ('hstore', 'citext', 'pg_trgm')"), []);
  });

  test("what an extension brings says so where it is missing", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(postgres!);
    await db.script("CREATE TABLE plain (id integer, name text)");
    for (const [sql, name, operation] of [
      ["SELECT NULL::hstore", "hstore", "hstoreExtension"],
      ["SELECT CAST(NULL AS citext[])", "citext", "citextExtension"],
      ["SELECT 'a'::text % 'b'::text", "pg_trgm", "trigramExtension"],
      ["SELECT 'a'::text <<<-> 'b'::text", "pg_trgm", "trigramExtension"],
      ["SELECT STRICT_WORD_SIMILARITY('a', 'b')", "pg_trgm", "trigramExtension"],
      ["CREATE INDEX i ON plain USING gin (name gin_trgm_ops)", "pg_trgm", "trigramExtension"],
      ["SELECT UNACCENT('a'::text)", "unaccent", "unaccentExtension"],
      ["CREATE INDEX i ON plain USING gist (id)", "btree_gist", "btreeGistExtension"],
      ["CREATE INDEX i ON plain USING gin (id)", "btree_gin", "btreeGinExtension"],
      ["CREATE INDEX i ON plain USING bloom (id)", "bloom", "bloomExtension"],
    ] as const)
      await assert.rejects(
        db.query(sql),
        {
          code: "ORM_QUERY_FAILED",
          hint: `It comes with PostgreSQL's extension ${name}: install it by ${operation}() in a migration before.`,
        },
        sql,
      );
    await assert.rejects(db.query("SELECT nothing_like_it(1)"), { code: "ORM_QUERY_FAILED", hint: undefined });
  });

  test("a search index is made and removed while the table is in use", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(postgres!);
    const note = { Note: { tags: array(integer(), { default: () => [] }) } };
    await project.step(db, { shop: note });
    await project.write(
      "shop",
      "0002_index",
      `{ dependencies: [["shop", "0001_initial"]], atomic: false, operations: [m.addIndex({ model: "Note", index: orm.index(["tags"], { name: "note_tags", using: "gin" }), concurrently: true })] }`,
    );
    await project.write(
      "shop",
      "0003_no_index",
      `{ dependencies: [["shop", "0002_index"]], atomic: false, operations: [m.removeIndex({ model: "Note", index: orm.index(["tags"], { name: "note_tags", using: "gin" }), concurrently: true })] }`,
    );
    const found = () => db.query("SELECT 1 FROM pg_indexes WHERE indexname = 'note_tags'");
    await project.migrate(db, { app: "shop", target: "0002" });
    assert.equal((await found()).length, 1);
    await project.migrate(db);
    assert.equal((await found()).length, 0);
  });
});

async function types(db: Database): Promise<Record<string, unknown>> {
  const rows = await db.query(
    "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'shop_booking'::regclass AND attnum > 0 AND NOT attisdropped",
  );
  return Object.fromEntries(rows.map((row) => [row["name"], row["type"]]));
}

describe("PostgreSQL's fields on SQLite", () => {
  test("the system check names every such field, before a table is made", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(sqlite);
    const { title, tags, stay } = fields;
    project.declare({ shop: { Note: { title, tags, stay } } });
    const found = (await checkMigrations(project.apps, db)).filter(({ level }) => level === "error");
    assert.deepEqual(found, [
      {
        level: "error",
        code: "ORM_POSTGRES_ONLY",
        object: "shop.Note.tags",
        message: "Note.tags, of the kind array, needs PostgreSQL, and the database is SQLite.",
        hint: "Set the database's url to postgres://…, or route the model to such a database.",
      },
      {
        ...found[1]!,
        object: "shop.Note.stay",
        message: "Note.stay, of the kind dateRange, needs PostgreSQL, and the database is SQLite.",
      },
    ]);
  });

  test("a migration that makes one is refused, and PostgreSQL's SQL can be shown anywhere", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(sqlite);
    await project.declare({ shop: booking }).make();
    await assert.rejects(project.migrate(db), /Booking\.tags, of the kind array, needs PostgreSQL, and the database is SQLite/);
    const [name] = await project.files("shop");
    const sql = await sqlMigrate(project.apps, "postgres", { app: "shop", name: name!.replace(".ts", "") });
    assert.ok(sql.some((line) => line.includes("EXCLUDE USING gist")));
  });
});
