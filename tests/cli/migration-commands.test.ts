// The commands about migrations, on a real project; nothing is written into it.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { describe, test } from "node:test";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const cafe = resolve(import.meta.dirname, "../../examples/cafe");
const folder = temporaryFolder();
Object.assign(process.env, { DATABASE_URL: `sqlite:${folder}/cafe.sqlite3`, STORAGE_URL: `file:${folder}/storage` });
const cli = (...argv: string[]) => runCli(argv, cafe);

describe("the commands about migrations", { concurrency: false }, () => {
  test("migrate --check says what is missing, and is content when nothing is", async () => {
    const before = await cli("migrate", "--check");
    assert.deepEqual([before.code, /homepage\.0001_initial/.test(before.out)], [1, true]);
    assert.equal((await cli("migrate", "--lock-timeout", "5", "--run-syncdb")).code, 0);
    assert.equal((await cli("migrate", "--check")).code, 0);
    assert.equal((await cli("migrate", "homepage", "--prune")).out, "Nothing to forget: every record has its file.\n");
    assert.match((await cli("migrate", "--lock-timeout", "soon")).err, /--lock-timeout is "soon", and must be a whole number/);
  });

  test("showmigrations --plan shows the order and what depends on what", async () => {
    assert.match((await cli("showmigrations", "--plan")).out, /^\[x\] \w+\.0001_initial/m);
  });

  test("a database or an app that the project lacks is named with those it has, whatever the command", async () => {
    const onDatabases = [["showmigrations"], ["sqlmigrate", "homepage", "0001"], ["migrate"], ["flush"], ["inspectdb"], ["dumpdata"], ["loaddata", "x"], ["dbshell"]]; // oxfmt-ignore
    for (const argv of onDatabases)
      assert.match((await cli(...argv, "--database", "archiv")).err, /^APP_UNKNOWN_DATABASE {2}.*"archiv"\. It has: default\./);
    for (const argv of [
      ["showmigrations", "home"],
      ["showmigrations", "home", "--plan"],
      ["lintmigrations", "home"],
      ["optimizemigration", "home", "1"],
    ])
      // oxfmt-ignore
      assert.match((await cli(...argv)).err, /^MIGRATIONS_UNKNOWN_APP {2}[\s\S]*hint {2}List the app in cortado\.config\.ts\./);
  });

  test("makemigrations --scriptable prints paths alone", async () => {
    const { out, err } = await cli("makemigrations", "--check", "--scriptable");
    assert.deepEqual([out, err], ["", "No changes: the migrations say what the models say.\n"]);
  });

  test("lintmigrations finds nothing to object to in first migrations", async () => {
    const { code, out } = await cli("lintmigrations", "homepage");
    assert.deepEqual([code, out], [0, "No risks that are not accepted.\n"]);
  });

  test("optimizemigration and squashmigrations show what they would write", async () => {
    assert.match((await cli("optimizemigration", "homepage", "0001", "--check")).out, /Nothing to do/);
    assert.match((await cli("squashmigrations", "--all", "--dry-run")).err, /MIGRATIONS_SQUASH_STEPS[\s\S]*0002_load_penguins/);
    const all = await cli("squashmigrations", "--all", "--leave-out-steps", "--dry-run");
    assert.match(all.out, /homepage\/migrations\/0001_squashed_0001_initial\.ts/);
    assert.doesNotMatch(all.out, /Keep the old files/, "nothing was written");
    for (const [argv, problem] of [
      [["--all", "--no-optimize"], "--no-optimize has no meaning with --all"],
      [["homepage", "0001", "--leave-out-steps"], "--leave-out-steps is for --all"],
    ] as const)
      assert.match((await cli("squashmigrations", ...argv)).err, new RegExp(problem));
    const { code, err } = await cli("squashmigrations", "homepage");
    assert.deepEqual([code, /it needs an app and the last migration to squash/.test(err)], [2, true]);
  });
});
