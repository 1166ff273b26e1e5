import { type Fixture, referenced } from "./fixture.ts";

/** The same table: twelve values and three keys; drizzle wants the type of a key in a cycle written out. */
function tableFile(i: number, { models }: Fixture): string {
  const { to } = referenced(i, models);
  const others = to.map((n) => `import { m${n} } from "./m${n}.ts";`);
  return `import { type AnyPgColumn, boolean, integer, numeric, pgTable, text, timestamp, varchar } from "drizzle-orm/pg-core";
${others.join("\n")}

export const m${i} = pgTable("m${i}", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  s1: varchar({ length: 30 }).notNull(), s2: varchar({ length: 30 }), s3: varchar({ length: 2, enum: ["KR", "ET"] }).notNull(), s4: text().notNull().default(""),
  n1: integer().notNull(), n2: integer(), n3: integer().notNull().default(0),
  b1: boolean().notNull().default(false), b2: boolean().notNull().default(true),
  d1: numeric({ precision: 8, scale: 2 }).notNull(), t1: timestamp().notNull().defaultNow(), t2: timestamp(),
  aId: integer().notNull().references((): AnyPgColumn => m${to[0]}.id),
  bId: integer().references((): AnyPgColumn => m${to[1]}.id),
  cId: integer().notNull().references((): AnyPgColumn => m${to[2]}.id),
});
`;
}

/** A join and a condition on each of three tables. */
function joined(i: number, { models }: Fixture): string {
  const n = i % models;
  const a = referenced(n, models).to[0]!;
  const far = referenced(a, models).to[1]!;
  return `export async function q${i}() {
  const rows = await db.select({ id: m${n}.id, s1: m${n}.s1, n1: m${n}.n1 }).from(m${n}).innerJoin(m${a}, eq(m${n}.aId, m${a}.id)).leftJoin(m${far}, eq(m${a}.bId, m${far}.id)).where(and(ilike(m${n}.s1, "%x%"), gte(m${a}.n1, ${i}), eq(m${far}.s2, "y"), eq(m${n}.b1, false))).orderBy(desc(m${n}.n1), m${n}.s1);
  return rows.map((row): string => row.s1 + row.n1.toFixed());
}`;
}

/** The same as an object, which 1.0 takes. */
function filtered(i: number, { models }: Fixture): string {
  return `export async function q${i}() {
  const rows = await db.query.m${i % models}.findMany({ columns: { id: true, s1: true, n1: true }, where: { s1: { ilike: "%x%" }, NOT: { b1: true }, a: { n1: { gte: ${i} }, b: { s2: "y" } } }, orderBy: { n1: "desc", s1: "asc" } });
  return rows.map((row): string => row.s1 + row.n1.toFixed());
}`;
}

/** Rows with two relations, for which a third says something. */
function related(i: number, { models }: Fixture, where: (n: number, c: number) => string): string {
  const n = i % models;
  return `export async function q${i}() {
  const rows = await db.query.m${n}.findMany({ where: ${where(n, referenced(n, models).to[2]!)}, with: { a: true, b: true } });
  return rows.map((row): string => row.a.s1 + (row.b?.s1 ?? ""));
}`;
}

/** Rows with aggregates over two other tables. */
function grouped(i: number, { models }: Fixture): string {
  const n = i % models;
  const { from, to } = referenced(n, models);
  return `export async function q${i}() {
  const rows = await db.select({ row: m${n}, n: count(m${from[0]}.id), mean: avg(m${to[1]}.n1) }).from(m${n}).leftJoin(m${from[0]}, eq(m${from[0]}.aId, m${n}.id)).leftJoin(m${to[1]}, eq(m${to[1]}.id, m${n}.bId)).where(between(m${n}.n1, 1, ${i + 1})).groupBy(m${n}.id).having(({ n }) => gt(n, 3));
  return rows.map((row): number => row.n + Number(row.mean ?? 0) + row.row.n1);
}`;
}

function query(i: number, fixture: Fixture): string {
  if (i % 3 === 0) return joined(i, fixture);
  if (i % 3 === 2) return grouped(i, fixture);
  return related(i, fixture, (n, c) => `exists(db.select().from(m${c}).where(and(eq(m${c}.id, m${n}.cId), eq(m${c}.s3, "KR"), lt(m${c}.n3, ${i}))))`); // oxfmt-ignore
}

function nextQuery(i: number, fixture: Fixture): string {
  if (i % 3 === 0) return filtered(i, fixture);
  if (i % 3 === 2) return grouped(i, fixture);
  return related(i, fixture, () => `{ c: { s3: "KR", n3: { lt: ${i} } } }`);
}

function relationsOf(i: number, { models }: Fixture): string {
  const { to, from } = referenced(i, models);
  const one = (name: string, at: number) => `${name}: one(m${to[at]}, { fields: [m${i}.${name}Id], references: [m${to[at]}.id], relationName: "${name}${i}" })`; // oxfmt-ignore
  const many = (name: string, at: number) => `r${name}: many(m${from[at]}, { relationName: "${name}${from[at]}" })`;
  const all = ["a", "b", "c"].flatMap((name, at) => [one(name, at), many(name, at)]);
  return `export const m${i}Relations = relations(m${i}, ({ one, many }) => ({ ${all.join(", ")} }));`;
}

function nextRelationsOf(i: number, { models }: Fixture): string {
  const { to, from } = referenced(i, models);
  const one = (name: string, at: number) => `${name}: r.one.m${to[at]}({ from: r.m${i}.${name}Id, to: r.m${to[at]}.id, alias: "${name}${i}"${name === "b" ? "" : ", optional: false"} })`; // oxfmt-ignore
  const many = (name: string, at: number) => `r${name}: r.many.m${from[at]}({ alias: "${name}${from[at]}" })`;
  return `m${i}: { ${["a", "b", "c"].flatMap((name, at) => [one(name, at), many(name, at)]).join(", ")} },`;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

function tableFiles(fixture: Fixture): Record<string, string> {
  const files = Object.fromEntries(range(fixture.models).map((i) => [`m${i}.ts`, tableFile(i, fixture)]));
  return {
    ...files,
    "tables.ts": range(fixture.models)
      .map((i) => `export * from "./m${i}.ts";`)
      .join("\n"),
  };
}

function queriesFile(fixture: Fixture, { schema, key, make }: { schema: string; key: string; make: typeof query }): string {
  return [
    `import { and, avg, between, count, desc, eq, exists, gt, gte, ilike, lt } from "drizzle-orm";`,
    `import { drizzle } from "drizzle-orm/node-postgres";`,
    `import ${schema};`,
    ...range(fixture.models).map((i) => `import { m${i} } from "./m${i}.ts";`),
    `const db = drizzle("postgres://localhost/none", { ${key} });`,
    ...range(fixture.queries).map((i) => make(i, fixture)),
  ].join("\n");
}

/** The files of a project with so many tables and queries. */
export function drizzleFiles(fixture: Fixture): Record<string, string> {
  const all = range(fixture.models);
  const imports = [`import { relations } from "drizzle-orm";`, ...all.map((i) => `import { m${i} } from "./m${i}.ts";`)];
  return {
    ...tableFiles(fixture),
    "relations.ts": [...imports, ...all.map((i) => relationsOf(i, fixture))].join("\n"),
    "schema.ts": `export * from "./tables.ts";\nexport * from "./relations.ts";`,
    "queries.ts": queriesFile(fixture, { schema: `* as schema from "./schema.ts"`, key: "schema", make: query }),
  };
}

/** The same for drizzle 1.0, which declares relations anew and takes conditions as objects. */
export function nextDrizzleFiles(fixture: Fixture): Record<string, string> {
  const imports = [`import { defineRelations } from "drizzle-orm";`, `import * as schema from "./tables.ts";`];
  const all = range(fixture.models).map((i) => nextRelationsOf(i, fixture));
  return {
    ...tableFiles(fixture),
    "relations.ts": [...imports, `export const relations = defineRelations(schema, (r) => ({`, ...all, `}));`].join("\n"),
    "queries.ts": queriesFile(fixture, { schema: `{ relations } from "./relations.ts"`, key: "relations", make: nextQuery }),
  };
}
