import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  char,
  type Database,
  type Expression,
  foreignKey,
  generated,
  index,
  manager,
  Model,
  type Refs,
  text,
  type Where,
} from "cortado/orm";
import {
  lexeme,
  searchHeadline,
  searchQuery,
  searchRank,
  searchVector,
  trigramDistance,
  trigramSimilarity,
  trigramStrictWordDistance,
  trigramStrictWordSimilarity,
  trigramWordDistance,
  trigramWordSimilarity,
  tsvector,
  unaccent,
} from "cortado/orm/postgres";
import { onPostgres, openPostgres } from "./open-postgres.ts";

class Author extends Model({ name: char({ maxLength: 40 }) }) {
  static objects = manager(this);
}

class Article extends Model(
  {
    title: char({ maxLength: 80 }),
    body: text({ default: "" }),
    note: text({ null: true }),
    author: () => foreignKey(Author, { onDelete: "cascade", null: true }),
    document: generated({
      expression: (a) =>
        searchVector(a.title, { config: "english", weight: "A" }).concat(
          searchVector(a.body, { config: "english", weight: "B" }),
        ),
      output: tsvector({ config: "english" }),
    }),
    plain: tsvector({ null: true, config: "simple" }),
  },
  { indexes: [index(["document"], { using: "gin" }), index(["title"], { using: "gist", opclasses: ["gist_trgm_ops"] })] },
) {
  static objects = manager(this);
}

const hostile = [
  "'",
  '"',
  "\\",
  "a & b | !c",
  "(((",
  ":*",
  "<->",
  "'); DROP TABLE cafe_article; --",
  "$1",
  "%",
  "_",
  "é 🦊",
  "&&&",
  "\\'",
];

describe("text search on PostgreSQL", onPostgres, () => {
  let db: Database;
  before(async () => {
    db = await openPostgres({ Author, Article }, ["pg_trgm", "unaccent"]);
    const ada = await Author.objects.create({ name: "Ada Cherry" });
    await Article.objects.bulkCreate([
      { title: "Sweet cherries", body: "A bitter espresso with cherries on top.", author: ada },
      { title: "Sour milk", body: "It turned. The cherry was fine." },
      { title: "Crème brûlée", body: "Sugar, burning." },
    ]);
  });
  after(() => db?.close());

  const titles = async (where: Where<Article> | ((article: Refs<Article>) => Expression<boolean>)) =>
    await Article.objects.filter(where).orderBy("id").valuesList("title", { flat: true });
  const [sweet, sour, creme] = ["Sweet cherries", "Sour milk", "Crème brûlée"] as const;

  test("a text is searched for words", async () => {
    assert.deepEqual(await titles({ body: { search: "cherry" } }), [sweet, sour]);
    assert.deepEqual(await titles({ body: { search: "bitter espresso" } }), [sweet]);
    assert.deepEqual(await titles({ note: { search: "cherry" } }), []);
    assert.deepEqual(await titles((a) => a.body.lookup("search", searchQuery("burning", { config: "simple" }))), []);
    assert.deepEqual(await titles({ body: { search: searchQuery("burn", { config: "english" }) } }), [creme]);
  });

  test("a document that the database keeps is searched with the configuration of its own", async () => {
    assert.deepEqual(await titles({ document: { search: "cherries" } }), [sweet, sour]);
    assert.deepEqual(await titles({ document: "cherry" }), [sweet, sour]);
    assert.deepEqual(await titles({ document: { search: searchQuery("sour cherry", { config: "english" }) } }), [sour]);
    const [row] = await Article.objects.filter({ title: creme });
    assert.match(row!.document, /burn/);
    const plan = await Article.objects.filter({ document: { search: "cherry" } }).explain();
    assert.ok(plan.length > 0);
  });

  test("a document column is written by an update", async () => {
    await Article.objects.all().update((a) => ({ plain: searchVector(a.title, { config: "simple" }) }));
    assert.deepEqual(await titles({ plain: "cherries" }), [sweet]);
    await Article.objects.filter({ title: sour }).update({ plain: null });
    assert.deepEqual(await titles({ plain: { isNull: true } }), [sour]);
  });

  test("documents of several texts, of related rows too, are searched", async () => {
    const found = await Article.objects
      .annotate((a) => ({ all: searchVector(a.title, a.author.name, { config: "english" }) }))
      .filter({ all: { search: "ada" } });
    assert.deepEqual(
      found.map((row) => row.title),
      [sweet],
    );
    const mixed = searchVectors();
    assert.deepEqual(
      (await Article.objects.annotate(mixed).filter((a) => a.all.lookup("search", "milk"))).map((row) => row.title),
      [sour],
    );
  });
  const searchVectors = () => (a: Refs<Article>) => ({
    all: searchVector(a.title, { weight: "A" }).concat(searchVector(a.body)),
  });

  test("queries are plain, phrases, of a search box or raw, and combine", async () => {
    const by = (query: Expression<string>) => titles((a) => a.document.lookup("search", query));
    const config = "english";
    assert.deepEqual(await by(searchQuery("fine cherry", { config })), [sour]);
    assert.deepEqual(await by(searchQuery("cherry fine", { config, type: "phrase" })), []);
    assert.deepEqual(await by(searchQuery("cherry was fine", { config, type: "phrase" })), [sour]);
    assert.deepEqual(await by(searchQuery("cherry -milk", { config, type: "websearch" })), [sweet]);
    assert.deepEqual(await by(searchQuery("milk | sugar", { config, type: "raw" })), [sour, creme]);
    assert.deepEqual(await by(searchQuery("cherry", { config }).and(searchQuery("milk", { config }).not())), [sweet]);
    assert.deepEqual(await by(searchQuery("milk", { config }).or(searchQuery("sugar", { config }))), [sour, creme]);
    assert.deepEqual(await by(lexeme("esp", { prefix: true })), [sweet]);
    assert.deepEqual(await by(lexeme("cherri", { weights: ["A"] })), [sweet]);
    assert.deepEqual(await by(lexeme("milk").or(lexeme("sugar"))), [sour, creme]);
  });

  test("no text from outside is more than words", async () => {
    for (const given of hostile) {
      for (const type of ["plain", "phrase", "websearch"] as const)
        await titles({ body: { search: searchQuery(given, { type }) } });
      await titles({ body: { search: given } });
      await titles({ document: { search: lexeme(given, { prefix: true }) } });
      await titles({ title: { trigramSimilar: given } });
      await titles({ title: { trigramWordSimilar: given } });
      await titles({ title: { trigramStrictWordSimilar: given } });
      await titles({ title: { unaccent: given } });
      await titles({ title: { unaccent: { icontains: given } } });
      await Article.objects.annotate((a) => ({
        a: searchRank(a.document, given),
        b: searchHeadline(a.body, given, { startSel: given, stopSel: given }),
        c: trigramSimilarity(a.title, given),
      }));
    }
    for (const lookup of ["search", "trigramSimilar"])
      await assert.rejects(titles({ title: { [lookup]: "a\0b" } }), { code: "ORM_BAD_VALUE" });
    assert.equal(await Article.objects.count(), 3);
    await assert.rejects(titles({ body: { search: searchQuery("x", { config: "'; DROP TABLE x" }) } }), {
      code: "ORM_QUERY_FAILED",
    });
    assert.throws(() => searchQuery("x", { type: "x); --" as never }), { code: "ORM_BAD_QUERY" });
    assert.throws(() => searchVector(unaccent({} as never), { weight: "A'" as never }), { code: "ORM_BAD_QUERY" });
    assert.throws(() => lexeme("  "), { code: "ORM_BAD_QUERY" });
    assert.throws(() => searchRank(unaccent({} as never), "x", { normalization: "1); --" as never }), { code: "ORM_BAD_QUERY" });
    await assert.rejects(titles({ body: { search: null as never } }), { code: "ORM_BAD_LOOKUP_VALUE" });
    await assert.rejects(titles({ body: { search: ["a"] as never } }), { code: "ORM_BAD_LOOKUP_VALUE" });
  });

  test("documents are ranked, and show where the words are", async () => {
    const query = searchQuery("cherry", { config: "english" });
    const rows = await Article.objects
      .annotate((a) => ({
        rank: searchRank(a.document, query),
        dense: searchRank(a.document, query, { coverDensity: true, normalization: 2, weights: [0.1, 0.2, 0.4, 1] }),
        textual: searchRank(a.body, "cherry"),
        part: searchHeadline(a.body, query, {
          config: "english",
          startSel: "<mark>",
          stopSel: '</mark "x">',
          maxWords: 5,
          minWords: 2,
          shortWord: 0,
          maxFragments: 1,
          fragmentDelimiter: " … ",
          highlightAll: false,
        }),
        simple: searchHeadline(a.body, query),
      }))
      .orderBy("-rank");
    assert.deepEqual(
      rows.map((row) => row.title),
      [sweet, sour, creme],
    );
    assert.ok(rows[0]!.rank > rows[1]!.rank && rows[2]!.rank === 0);
    assert.ok(typeof rows[0]!.dense === "number" && typeof rows[0]!.textual === "number");
    assert.match(rows[0]!.part, /<mark>cherries<\/mark "x">/);
    assert.match(rows[1]!.simple, /<b>cherry<\/b>/);
  });

  test("texts are found that are alike", async () => {
    assert.deepEqual(await titles({ title: { trigramSimilar: "sweat cherris" } }), [sweet]);
    assert.deepEqual(await titles({ title: { trigramWordSimilar: "cherry" } }), [sweet]);
    assert.deepEqual(await titles({ title: { trigramStrictWordSimilar: "milk" } }), [sour]);
    const [row] = await Article.objects.filter({ title: sour }).annotate((a) => ({
      similarity: trigramSimilarity(a.title, "sour milk"),
      word: trigramWordSimilarity(a.title, "milk"),
      strict: trigramStrictWordSimilarity(a.title, "milk"),
      distance: trigramDistance(a.title, "sour milk"),
      wordDistance: trigramWordDistance(a.title, "milk"),
      strictDistance: trigramStrictWordDistance(a.title, a.title),
    }));
    assert.deepEqual(
      [row!.similarity, row!.word, row!.strict, row!.distance, row!.wordDistance, row!.strictDistance],
      [1, 1, 1, 0, 0, 0],
    );
  });

  test("accents do not count", async () => {
    assert.deepEqual(await titles({ title: { unaccent: "Creme brulee" } }), [creme]);
    assert.deepEqual(await titles({ title: { unaccent: "Crèmé brûlée" } }), [creme]);
    assert.deepEqual(await titles({ title: { unaccent: { icontains: "BRULÉE" } } }), [creme]);
    assert.deepEqual(await titles((a) => unaccent(a.title).startsWith("Creme")), [creme]);
  });
});
