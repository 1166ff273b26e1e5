import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { migrateTables } from "#app";
import { defineApp, defineProject, type OpenProject, openProject, path } from "cortado";
import { HttpResponse } from "cortado/http";
import { char, inTransaction, manager, Model } from "cortado/orm";
import { createTables } from "cortado/orm/migrations";
import { testSite } from "cortado/testing";
import { nonAtomicRequests } from "cortado/views";

class Note extends Model({ text: char({ maxLength: 30 }) }) {
  static objects = manager(this);
}
const notes = defineApp({ name: "notes", models: { Note } });

async function failing(): Promise<never> {
  await Note.objects.create({ text: "written" });
  throw new Error("no");
}
async function* streamed() {
  yield `${inTransaction()} `;
  yield String(await Note.objects.count());
}
const urls = [
  path("ok/", async () => (await Note.objects.create({ text: "ok" }), { inside: inTransaction() })),
  path("fails/", failing),
  path("alone/", nonAtomicRequests(failing)),
  path("streams/", () => new HttpResponse(Readable.from(streamed()))),
  path("write/", async () => {
    const before = await Note.objects.count();
    await Note.objects.create({ text: "new" });
    return { before, after: await Note.objects.count() };
  }),
  path("read/", async () => ({ count: await Note.objects.count() })),
];
const base = { apps: [notes], urls, secretKey: "a key for tests", mode: "test" as const };

async function opened(settings: object, run: (open: OpenProject) => Promise<void>): Promise<void> {
  const open = await openProject(defineProject({ ...base, ...settings }));
  try {
    for (const db of new Set(Object.values(open.services.databases))) await createTables([notes], db).catch(() => undefined);
    await run(open);
  } finally {
    await open.close();
  }
}
const ask = async (open: OpenProject, url: string) => (await (await open.server()).inject(url)).body;

describe("a project's databases", () => {
  test("with atomicRequests a view that throws has written nothing, unless it is left out", async () => {
    await opened({ database: { url: "sqlite::memory:", atomicRequests: true } }, async (open) => {
      assert.deepEqual(JSON.parse(await ask(open, "/ok/")), { inside: true });
      await ask(open, "/fails/");
      assert.equal(await Note.objects.count(), 1);
      await ask(open, "/alone/");
      assert.equal(await Note.objects.count(), 2);
      assert.equal(await ask(open, "/streams/"), "false 2");
    });
    await opened({ database: "sqlite::memory:" }, async (open) => {
      assert.deepEqual(JSON.parse(await ask(open, "/ok/")), { inside: false });
      await ask(open, "/fails/");
      assert.equal(await Note.objects.count(), 2);
    });
  });

  test("a request reads the replica until it writes", async () => {
    const databases = { copy: { url: "sqlite::memory:", replicaOf: "default", readOnly: false } };
    await opened({ database: "sqlite::memory:", databases }, async (open) => {
      assert.deepEqual(JSON.parse(await ask(open, "/write/")), { before: 0, after: 1 });
      assert.deepEqual(JSON.parse(await ask(open, "/read/")), { count: 0 });
      await open.services.databases["copy"]!.execute("INSERT INTO notes_note (text) VALUES ('copied')");
      await open.services.databases["copy"]!.execute("INSERT INTO notes_note (text) VALUES ('copied')");
      assert.deepEqual(JSON.parse(await ask(open, "/read/")), { count: 2 });
    });
  });

  test("a copy of a database that is not declared is refused", async () => {
    for (const replicaOf of ["defaults", "copy"])
      await assert.rejects(
        opened(
          { database: "sqlite::memory:", databases: { copy: { url: "sqlite::memory:", replicaOf } } },
          async () => undefined,
        ),
        { code: "APP_BAD_REPLICA", message: new RegExp(`declared as a copy of "${replicaOf}"`), hint: /default/ },
      );
  });

  test("each database is migrated by its alias, with the tables that the routers allow", async () => {
    const allowMigrate = (alias: string, app: string) => alias === "archive" || app !== "sessions";
    const databases = { archive: "sqlite::memory:" };
    const settings = { apps: [], database: "sqlite::memory:", databases, databaseRouters: [{ allowMigrate }] };
    const open = await openProject(defineProject({ ...base, ...settings }));
    const tables = async (alias: string) =>
      (await open.services.databases[alias]!.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
        .map(({ name }) => String(name))
        .filter((name) => name.startsWith("sessions_"));
    await migrateTables(open, { database: "archive" });
    assert.deepEqual([await tables("archive"), await tables("default")], [["sessions_session"], []]);
    await migrateTables(open);
    assert.deepEqual(await tables("default"), []);
    await assert.rejects(migrateTables(open, { database: "archives" }), {
      code: "APP_UNKNOWN_DATABASE",
      message: /no database "archives"/,
      hint: 'Did you mean "archive"?',
    });
    await open.close();
  });

  test("a test site has copies of its own of every database, and a replica is a mirror", async () => {
    const databases = { archive: "sqlite::memory:", copy: { url: "sqlite::memory:", replicaOf: "default" } };
    const site = await testSite(defineProject({ ...base, apps: [], database: "sqlite::memory:", databases }));
    const { default: main, archive, copy } = site.services.databases;
    await main!.execute("CREATE TABLE seen (n integer)");
    assert.equal((await copy!.query("SELECT * FROM seen")).length, 0);
    await assert.rejects(archive!.query("SELECT * FROM seen"), { code: "ORM_MISSING_TABLE" });
    await assert.rejects(copy!.execute("DELETE FROM seen"), { code: "ORM_READ_ONLY" });
    await site.close();
  });

  test("in development a slow query is shown without its values, and a request's line counts its queries", async (t) => {
    const warned = t.mock.method(console, "warn", () => undefined);
    const written = t.mock.method(process.stderr, "write", () => true);
    await opened({ database: "sqlite::memory:", mode: "development", slowQuery: 0 }, async (open) => {
      await ask(open, "/ok/");
      await ask(open, "/read/");
    });
    const text = warned.mock.calls.map(({ arguments: [line] }) => String(line)).join("\n");
    assert.match(
      text,
      /A query took \d+ ms, asked for at tests\/app\/databases\.test\.ts:\d+:\d+:\n {2}INSERT INTO "notes_note"/,
    );
    assert.doesNotMatch(text, /'ok'/);
    const lines = written.mock.calls.map(({ arguments: [line] }) => String(line)).join("");
    assert.match(lines, /GET \/read\/ {2}200 .* ms {2}1 query in \d+\.\d ms\n/);
  });
});
