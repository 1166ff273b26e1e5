// The commands about rows: fixtures, flush, the shell and the database's own client.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { databaseClient } from "#app";
import { cliErrors } from "#cli";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const cafe = resolve(import.meta.dirname, "../../examples/cafe");
const folder = temporaryFolder();
Object.assign(process.env, { DATABASE_URL: `sqlite:${folder}/cafe.sqlite3`, STORAGE_URL: `file:${folder}/storage` });
const cli = (...argv: string[]) => runCli(argv, cafe);
const count = async () => (await cli("shell", "-c", "console.log(await Coffee.objects.count())")).out.trim();

describe("the commands about rows", { concurrency: false }, () => {
  before(() => cli("migrate"));

  test("the shell runs code that awaits, with the models at hand and TypeScript's types taken off", async () => {
    const code =
      'const price: number = 3000; await Coffee.objects.create({ name: "Latte", price }); console.log(await Coffee.objects.count())';
    assert.equal((await cli("shell", "--command", code)).out, "1\n");
    const report = 'console.log(await Coffee.objects.aggregate(() => ({ n: count() })), Temporal.Duration.from("PT90S").seconds)';
    assert.equal((await cli("shell", "--command", report)).out, "{ n: 1 } 90\n");
    assert.match(
      (await cli("shell", "-c", "await Coffee.objects.get({ nam: 1 })")).err,
      /ORM_UNKNOWN_FIELD[\s\S]*Did you mean "name"/,
    );
    assert.match(
      (await cli("shell", "-c", "x y")).err,
      /^APP_BAD_CODE {2}The code cannot be read: Expected .*\.\n {2}hint {2}Give it as one word: cortado shell -c '/,
    );
  });

  test("what dumpdata writes, loaddata loads after a flush", async () => {
    const file = join(folder, "coffee.jsonl.gz");
    assert.equal((await cli("dumpdata", "homepage.Coffee", "--output", file)).code, 0);
    assert.match((await cli("flush", "--sql")).out, /DELETE FROM "homepage_coffee"/);
    assert.equal(await count(), "1");
    assert.equal((await cli("flush", "--no-input")).out, "Every row is deleted.\n");
    assert.equal(await count(), "0");
    assert.match((await cli("loaddata", file)).out, /Loaded 1 row from .*coffee\.jsonl\.gz/);
    assert.equal(await count(), "1");
    assert.ok(
      readFileSync(file)
        .subarray(0, 2)
        .equals(Buffer.from([0x1f, 0x8b])),
    );
  });

  test("clearsessions removes the sessions that are over", async () => {
    assert.equal((await cli("clearsessions")).out, "No session is over.\n");
    const make = (key: string, when: number) =>
      `await Session.objects.create({ key: "${key}", data: {}, expiresAt: new Date(Date.now() + ${when}) });`;
    const code = `${make("a", -1000)} ${make("b", -1)} ${make("c", 60_000)}`;
    assert.equal((await cli("shell", "-c", code)).err, "");
    assert.equal((await cli("clearsessions")).out, "2 sessions are removed.\n");
    assert.equal((await cli("clearsessions")).out, "No session is over.\n");
  });

  test("flush makes the permissions anew", async () => {
    assert.match((await cli("shell", "-c", "console.log(await Permission.objects.count())")).out, /^[1-9]/);
  });

  test(
    "flush asks, and without a terminal names the option that answers",
    { skip: process.stdin.isTTY ? "this is a terminal" : false },
    async () => {
      const { code, err } = await cli("flush");
      assert.equal(code, 1);
      assert.match(err, /will be deleted for good[\s\S]*--no-input/);
    },
  );

  test("a label or a fixture that is not there is refused with what is", async () => {
    assert.match((await cli("dumpdata", "homepag")).err, /SERIALIZATION_UNKNOWN_LABEL[\s\S]*Did you mean "homepage"/);
    assert.match((await cli("loaddata", "absent")).err, /SERIALIZATION_NO_FIXTURE {2}No fixture is called "absent"/);
    assert.match((await cli("dumpdata", "--indent", "two")).err, /--indent is "two", and must be a whole number/);
    assert.equal((await cli("loaddata")).code, 2);
  });

  test("a file that is there, or lies in no folder, is not written", async () => {
    const taken = join(folder, "taken.ts");
    writeFileSync(taken, "kept");
    assert.match((await cli("inspectdb", "--output", taken)).err, /CLI_CANNOT_WRITE {2}\S*taken\.ts is there already\. Nothing/);
    assert.equal(readFileSync(taken, "utf8"), "kept");
    const { code, err } = await cli("dumpdata", "--output", join(folder, "none/all.json"));
    assert.equal(code, 1);
    assert.match(err, /all\.json lies in no folder\. Nothing was written\.[\s\S]*hint {2}Name another file with --output/);
  });

  test("primary keys are those of one model", async () => {
    const { code, err } = await cli("dumpdata", "homepage", "auth", "--pks", "1");
    assert.equal(code, 1);
    assert.match(
      err,
      /SERIALIZATION_KEYS_OF_SEVERAL {2}Primary keys choose rows of one model, and these are to be written: auth\./,
    );
    assert.match(err, /hint {2}Name one model: cortado dumpdata shop\.Coffee --pks 1,2/);
  });

  test("the database's client is told where to go, and the password where nobody sees it", () => {
    const settings = {
      database: "sqlite:db.sqlite3",
      root: "/srv",
      databases: { main: "postgres://ada:s%20x@db.local:5433/shop?sslmode=require" },
    };
    const open = { settings } as unknown as Parameters<typeof databaseClient>[0];
    assert.deepEqual(databaseClient(open).args, ["/srv/db.sqlite3"]);
    const { program, args, env } = databaseClient(open, "main");
    assert.deepEqual([program, args], ["psql", []]);
    assert.deepEqual(env, {
      PGHOST: "db.local",
      PGPORT: "5433",
      PGUSER: "ada",
      PGPASSWORD: "s x",
      PGDATABASE: "shop",
      PGSSLMODE: "require",
    });
    assert.throws(() => databaseClient(open, "mian"), /no database "mian"/);
  });
});

test("a client that is not installed is named with the line that installs it", () => {
  const error = cliErrors.CLI_MISSING_PROGRAM({
    command: "dbshell",
    program: "psql",
    install: "apt-get install postgresql-client",
  });
  assert.equal(error.message, '"dbshell" runs psql, which is not installed.');
  assert.equal(error.hint, "Install it: apt-get install postgresql-client");
});

test("inspectdb --app writes the tables of the app, or those that are named", async () => {
  const none = await cli("inspectdb", "--app", "museum");
  assert.equal(none.code, 2);
  assert.match(none.err, /no table begins with museum_\. The database has: .*homepage_coffee/);
  assert.match((await cli("inspectdb", "homepage_coffee", "--app", "museum")).out, /export class HomepageCoffee extends/);
  assert.match((await cli("inspectdb", "--app", "homepage")).out, /export class Coffee extends/);
});

test("inspectdb --django takes no tables and no other options", async () => {
  const { code, err } = await cli("inspectdb", "--django", "--app", "shop");
  assert.equal(code, 2);
  assert.match(err, /--django writes every app of the database, and takes no --app/);
});

test("a database that Django has not kept is not taken over", async () => {
  const { code, err } = await cli("inspectdb", "--django");
  assert.equal(code, 1);
  assert.match(
    err,
    /APP_NOT_DJANGO {2}sqlite:.* is no database of Django: django_migrations and django_content_type are not both/,
  );
  assert.match(err, /hint {2}Leave out --django to write models for any database, or name another with --database\./);
});
