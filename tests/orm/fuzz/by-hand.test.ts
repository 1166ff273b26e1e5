import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Database, exists, outerRef, Q } from "cortado/orm";
import { openModels, targets } from "../open-cafe.ts";
import { models } from "./fuzz-models.ts";
import { Random } from "./random.ts";
import { makeWorld, pool, saveWorld } from "./world.ts";

/** `CORTADO_FUZZ=20000` makes more queries, `CORTADO_FUZZ_SEED=4711` begins at that seed. */
const queries = Number(process.env["CORTADO_FUZZ"] ?? 400);
const first = Number(process.env["CORTADO_FUZZ_SEED"] ?? 1);

/** A condition, as the ORM takes it and as one writes it in SQL. */
interface Both {
  readonly q: any;
  readonly sql: string;
}

const quoted = (text: unknown) => (typeof text === "string" ? `'${text.replaceAll("'", "''")}'` : String(text));
const columns = {
  Coffee: { price: ["price", "int"], name: ["name", "text"], note: ["note", "text"], isIce: ["is_ice", "bool"] },
  Roaster: { size: ["size", "int"], name: ["name", "text"] },
  Review: { stars: ["stars", "int"], body: ["body", "text"] },
  Tag: { weight: ["weight", "int"], label: ["label", "text"] },
} as const;
type Name = keyof typeof columns;
/** A to-one relation is read by a sub-query of its own, a to-many one looked into by EXISTS: nothing is joined. */
const one: Partial<Record<Name, Record<string, [Name, (from: string) => string]>>> = {
  Coffee: { roaster: ["Roaster", (from) => `x.id = ${from}.roaster_id`] },
  Review: { coffee: ["Coffee", (from) => `x.id = ${from}.coffee_id`] },
};
const many: Partial<Record<Name, Record<string, [Name, (from: string, to: string) => string]>>> = {
  Roaster: { coffees: ["Coffee", (from, to) => `${to}.roaster_id = ${from}.id`] },
  Coffee: {
    reviews: ["Review", (from, to) => `${to}.coffee_id = ${from}.id`],
    tags: [
      "Tag",
      (from, to) => `EXISTS (SELECT 1 FROM cafe_coffee_tags m WHERE m.coffee_id = ${from}.id AND m.tag_id = ${to}.id)`,
    ],
  },
};
const table = (name: Name) => `cafe_${name.toLowerCase()}`;

class Maker {
  readonly #random: Random;
  readonly #dialect: string;
  constructor(random: Random, dialect: string) {
    this.#random = random;
    this.#dialect = dialect;
  }
  /** `{ price: { gt: 3 } }`; `at` writes where the column is. */
  leaf(name: Name, at: (column: string) => string, { nulls = true } = {}): Both {
    const [field, [column, kind]] = this.#random.pick(Object.entries(columns[name])) as [
      string,
      [string, "int" | "text" | "bool"],
    ];
    const [left, value] = [at(column), this.#random.pick(pool[kind])];
    const v = quoted(value);
    const other = quoted(this.#random.pick(pool[kind]));
    const operators = { gt: ">", gte: ">=", lt: "<", lte: "<=" };
    const made: [unknown, string][] = [
      [value, `${left} = ${v}`],
      [{ eq: value }, `${left} = ${v}`],
      ...(nulls ? [[{ isNull: true }, `${left} IS NULL`] as [unknown, string]] : []),
      [{ isNull: false }, `${left} IS NOT NULL`],
    ];
    if (kind !== "bool")
      made.push(
        ...Object.entries(operators).map(([lookup, sign]): [unknown, string] => [{ [lookup]: value }, `${left} ${sign} ${v}`]),
        [
          { in: [value, 3, "a"].filter((each) => typeof each === typeof value) },
          `${left} IN (${v}, ${kind === "int" ? 3 : "'a'"})`,
        ],
        [{ range: [value, unquoted(other)] }, `${left} BETWEEN ${v} AND ${other}`],
      );
    const place = this.#dialect === "sqlite" ? "INSTR" : "STRPOS";
    if (kind === "text")
      made.push(
        [{ contains: value }, `${place}(${left}, ${v}) > 0`],
        [{ startsWith: value }, `SUBSTR(${left}, 1, LENGTH(${v})) = ${v}`],
        [{ length: { gt: 3 } }, `LENGTH(${left}) > 3`],
      );
    const [given, sql] = this.#random.pick(made);
    return { q: { [field]: given }, sql: `(${sql})` };
  }
  condition(name: Name, from: string, depth = 2): Both {
    const chance = this.#random.next();
    const [toOne, toMany] = [Object.entries(one[name] ?? {}), Object.entries(many[name] ?? {})];
    if (depth > 0 && chance < 0.2) {
      const parts = [this.condition(name, from, depth - 1), this.condition(name, from, depth - 1)];
      const joined = (word: string) => `(${parts.map(({ sql }) => sql).join(` ${word} `)})`;
      return chance < 0.1
        ? { q: Q.or(...parts.map(({ q }) => q)), sql: joined("OR") }
        : { q: Q.and(...parts.map(({ q }) => q)), sql: joined("AND") };
    }
    if (depth > 0 && chance < 0.3) {
      const { q, sql } = this.condition(name, from, depth - 1);
      return { q: Q.not(q), sql: `(${sql} IS NOT TRUE)` };
    }
    if (toOne.length > 0 && chance < 0.5) {
      const [relation, [target, link]] = this.#random.pick(toOne);
      const { q, sql } = this.leaf(target, (column) => `(SELECT x.${column} FROM ${table(target)} x WHERE ${link(from)})`);
      return { q: { [relation]: q }, sql };
    }
    if (toMany.length > 0 && chance < 0.75) {
      const [relation, [target, link]] = this.#random.pick(toMany);
      const to = `${from}${target[0]!.toLowerCase()}`;
      const leaves = [0, 1]
        .slice(this.#random.below(2))
        .map(() => this.leaf(target, (column) => `${to}.${column}`, { nulls: false }));
      const sql = `EXISTS (SELECT 1 FROM ${table(target)} ${to} WHERE ${[link(from, to), ...leaves.map((each) => each.sql)].join(" AND ")})`;
      return { q: { [relation]: mergeLeaves(leaves) }, sql: sqlOfMerged(leaves, sql, { target, link, from, to }) };
    }
    return this.leaf(name, (column) => `${from}.${column}`);
  }
}

const unquoted = (sql: string): unknown => (sql.startsWith("'") ? sql.slice(1, -1).replaceAll("''", "'") : Number(sql));

/** Two conditions of one field would be one key of the object: then the last one holds alone. */
function mergeLeaves(leaves: readonly Both[]): object {
  return Object.assign({}, ...leaves.map(({ q }) => q));
}
function sqlOfMerged(
  leaves: readonly Both[],
  sql: string,
  { target, link, from, to }: { target: Name; link: (from: string, to: string) => string; from: string; to: string },
): string {
  if (leaves.length < 2 || Object.keys(leaves[0]!.q)[0] !== Object.keys(leaves[1]!.q)[0]) return sql;
  return `EXISTS (SELECT 1 FROM ${table(target)} ${to} WHERE ${link(from, to)} AND ${leaves[1]!.sql})`;
}

/** A query of the ORM and the SQL that should give the same rows. */
function makeQuery(random: Random, dialect: string): { query: any; sql: string } {
  const maker = new Maker(random, dialect);
  const name = random.pick(["Coffee", "Coffee", "Roaster", "Review"] as const);
  const [kept, left] = [maker.condition(name, "t"), maker.condition(name, "t")];
  let query = (models[name].objects as any).filter(kept.q);
  let where = kept.sql;
  if (random.chance(0.4)) {
    query = query.exclude(left.q);
    where += ` AND (${left.sql} IS NOT TRUE)`;
  }
  const kind = random.below(name === "Review" ? 2 : 4);
  if (kind === 0) return { query: query.aggregate((t: any) => ({ n: t.id.count(), low: t.id.min(), high: t.id.max() })).then((row: object) => [row]), sql: `SELECT COUNT(*) AS n, MIN(t.id) AS low, MAX(t.id) AS high FROM ${table(name)} t WHERE ${where}` }; // oxfmt-ignore
  if (kind === 1) return sorted(query, { random, name, where });
  if (kind === 2 && name === "Coffee")
    return {
      query: query.values("isIce").annotate((c: any) => ({ n: c.id.count(), total: c.price.sum() })).orderBy((c: any) => c.isIce.asc({ nulls: "last" })), // oxfmt-ignore
      sql: `SELECT t.is_ice AS "isIce", COUNT(*) AS n, SUM(t.price) AS total FROM cafe_coffee t WHERE ${where} GROUP BY t.is_ice ORDER BY t.is_ice ASC NULLS LAST`,
    };
  return counted(query, { maker, name: name as "Coffee" | "Roaster", where });
}

/** Rows in an order, and a slice of them. */
function sorted(query: any, { random, name, where }: { random: Random; name: Name; where: string }) {
  const [field, [column]] = random.pick(Object.entries(columns[name]));
  const [nulls, way] = [random.pick(["first", "last"]), random.pick(["asc", "desc"])];
  const [start, size] = [random.below(3), 1 + random.below(8)];
  return {
    query: query.orderBy((t: any) => t[field][way]({ nulls }), "id").slice(start, start + size).values("id"), // oxfmt-ignore
    sql: `SELECT t.id FROM ${table(name)} t WHERE ${where} ORDER BY t.${column} ${way} NULLS ${nulls}, t.id LIMIT ${size} OFFSET ${start}`,
  };
}

/** What is counted and added up behind relations, beside one another, and a sub-query about the row around it. */
function counted(query: any, { maker, name, where }: { maker: Maker; name: "Coffee" | "Roaster"; where: string }) {
  const [relation, target, key, number] =
    name === "Coffee"
      ? (["reviews", "Review", "coffee_id", "stars"] as const)
      : (["coffees", "Coffee", "roaster_id", "price"] as const);
  const { q, sql } = maker.leaf(target, (column) => `b.${column}`);
  const behind = (what: string, more = "") => `(SELECT ${what} FROM ${table(target)} b WHERE b.${key} = t.id${more})`;
  const tags = name === "Coffee"
    ? "(SELECT COUNT(*) FROM cafe_coffee_tags m WHERE m.coffee_id = t.id)"
    : "(SELECT COUNT(*) FROM cafe_coffee_tags m JOIN cafe_coffee b ON b.id = m.coffee_id WHERE b.roaster_id = t.id)"; // oxfmt-ignore
  const link = name === "Coffee" ? "coffee" : "roaster";
  return {
    query: query
      .annotate((t: any) => ({
        n: t[relation].count(),
        some: t[relation].filter(q).count(),
        total: t[relation][number].sum(),
        tagged: (name === "Coffee" ? t.tags : t.coffees.tags).count(),
        has: exists((models[target].objects as any).filter(q).filter({ [link]: outerRef(t.id) })),
      }))
      .orderBy("id")
      .values("id", "n", "some", "total", "tagged", "has"),
    sql: `SELECT t.id, ${behind("COUNT(*)")} AS n, ${behind("COUNT(*)", ` AND ${sql}`)} AS some, ${behind(`SUM(b.${number})`)} AS total, ${tags} AS tagged, EXISTS ${behind("1", ` AND ${sql}`)} AS has FROM ${table(name)} t WHERE ${where} ORDER BY t.id`,
  };
}

/** The database's own numbers and truths: 1 for true on SQLite, texts for 64 bits on PostgreSQL. */
function plainRow(row: Readonly<Record<string, unknown>>): unknown {
  const truth = (value: unknown) => (value === null ? null : Number(value));
  return Object.entries(row).map(([name, value]) => [name, truth(value)]);
}

for (const { name, url, skip } of targets) {
  describe(`queries beside SQL by hand on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, models);
      await saveWorld(makeWorld(new Random(first)));
    });
    after(() => db?.close());

    test(`${queries} queries give what the database gives for SQL written by hand`, async () => {
      let rows = 0;
      for (let seed = first; seed < first + queries; seed++) {
        const { query, sql } = makeQuery(new Random(seed), db.dialect);
        const given = ((await query) as Record<string, unknown>[]).map(plainRow);
        rows += given.length;
        assert.deepEqual(given, (await db.query(sql)).map(plainRow), `seed ${seed}: ${sql}`);
      }
      assert.ok(rows > 2 * queries, `${rows} rows`);
    });
  });
}
