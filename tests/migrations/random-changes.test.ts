import assert from "node:assert/strict";
import { test } from "node:test";
import {
  boolean,
  char,
  type Database,
  type Field,
  foreignKey,
  index,
  integer,
  manyToMany,
  type ModelOptions,
  openDatabase,
  text,
  unique,
} from "cortado/orm";
import { type Question, squashMigrations } from "cortado/orm/migrations";
import { type Backend, backends, type Declared, ProjectFolder } from "./project-folder.ts";

type Random = (below: number) => number;

/** A repeatable row of numbers. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
}

function randomField(random: Random, targets: readonly string[]): Field | undefined {
  const target = targets[random(targets.length)]!;
  const makers: (() => Field | undefined)[] = [
    () => undefined,
    () => undefined,
    () => foreignKey(target, { onDelete: "cascade", null: true, relatedName: "+" }),
    () => manyToMany(target, { relatedName: "+" }),
    () => char({ maxLength: 10 + random(3) * 10, default: "" }),
    () => integer({ default: random(3) }),
    () => integer({ null: true, dbIndex: random(2) === 0 }),
    () => text({ default: "x" }),
    () => boolean({ default: false }),
    () => char({ maxLength: 20, unique: true, null: true }),
  ];
  return makers[random(makers.length)]!();
}

function randomModel(random: Random, targets: readonly string[], table: string): readonly [Record<string, Field>, ModelOptions] {
  const fields: Record<string, Field> = {};
  for (const name of ["f", "g", "h"]) {
    const field = randomField(random, targets);
    if (field) fields[name] = field;
  }
  const columns = Object.keys(fields).filter((name) => fields[name]!.kind !== "manyToMany");
  const options: ModelOptions = {};
  if (columns.length > 0 && random(2) === 0) options.indexes = [index([columns[random(columns.length)]!])];
  if (columns.length > 1 && random(3) === 0) options.constraints = [unique(columns.slice(0, 2))];
  if (random(6) === 0) options.dbTable = table;
  return [fields, options];
}

function randomModels(random: Random): Record<string, Declared> {
  const keys = ["a", "b"].flatMap((app) => ["One", "Two", "Three"].map((name) => `${app}.${name}`)).filter(() => random(4) > 0);
  const models: Record<string, Record<string, readonly [Record<string, Field>, ModelOptions]>> = { a: {}, b: {} };
  for (const key of keys) {
    const [app, name] = key.split(".") as [string, string];
    models[app]![name] = randomModel(random, keys, `t_${key.replace(".", "_").toLowerCase()}`);
  }
  return models;
}

/** All tables, columns, constraints and indexes as lines; the order of columns does not count. */
async function tables(db: Database): Promise<string[]> {
  const text = async (sql: string): Promise<string[]> => (await db.query(sql)).map((row) => JSON.stringify(row));
  if (db.dialect === "sqlite") {
    const rows = await db.query(
      "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'cortado%' AND name NOT LIKE 'sqlite%'",
    );
    return rows
      .map(
        ({ name, sql }) =>
          `${String(name)} ${String(sql)
            .replace(/^CREATE TABLE.*/, "")
            .split(/,\s+(?=")|[\n()]+/)
            .map((part) => part.trim())
            .filter((part) => part !== "")
            .sort()
            .join("|")}`,
      )
      .sort();
  }
  return [
    ...(await text(
      `SELECT table_name, column_name, data_type, is_nullable, character_maximum_length, is_identity, column_default
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'cortado%' ORDER BY 1, 2`,
    )),
    ...(await text(
      `SELECT conrelid::regclass::text AS t, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'cortado%' ORDER BY 1, 2`,
    )),
    ...(await text(
      "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'cortado%' ORDER BY 1",
    )),
  ];
}

/** Another empty database of the same kind. */
function openFresh(backend: Backend, project: ProjectFolder): Promise<Database> {
  return backend.name === "SQLite" ? openDatabase("sqlite::memory:") : project.open(backend);
}

for (const backend of backends) {
  for (const seed of [1, 6]) {
    test(`any row of changes ends in the tables of a fresh start, and leads back to none (${backend.name}, ${seed})`, async () => {
      const random = randomFrom(seed);
      const ask = async ({ kind }: Question) => (kind === "fill" ? "1" : random(2) === 0);
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      for (let step = 0; step < 8; step++) {
        const models = randomModels(random);
        await project.step(db, models, { ask });
        assert.deepEqual(await project.found(), [], `step ${step} left nothing to migrate`);
        await using fresh = await ProjectFolder.make();
        const other = await fresh.open(backend);
        await fresh.step(other, models);
        assert.deepEqual(await tables(db), await tables(other), `step ${step}`);
        project.declare(models);
      }
      const squashed = await squashMigrations(project.apps, { all: true });
      assert.deepEqual((await project.migrate(db)).plan, [], "who has all of it has the squash");
      const fresh = await openFresh(backend, project);
      assert.equal((await project.migrate(fresh)).done.length, squashed.length);
      assert.deepEqual(await tables(fresh), await tables(db), "a squash makes the same tables");
      await project.migrate(db, { app: "a", target: "zero" });
      await project.migrate(db, { app: "b", target: "zero" });
      assert.deepEqual(await tables(db), []);
    });
  }
}
