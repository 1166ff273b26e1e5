// The commands on a real project: the cafe, with tables and files of their own.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { describe, test } from "node:test";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const cafe = resolve(import.meta.dirname, "../../examples/cafe");
const folder = temporaryFolder();
Object.assign(process.env, { DATABASE_URL: `sqlite:${folder}/cafe.sqlite3`, STORAGE_URL: `file:${folder}/storage` });
const cli = (...argv: string[]) => runCli(argv, cafe);

describe("the commands of a project", { concurrency: false }, () => {
  test("migrate shows its plan, does it once, and finds nothing to do afterwards", async () => {
    assert.match((await cli("migrate", "--plan")).out, /homepage.*0001_initial/);
    assert.match((await cli("showmigrations", "homepage")).out, /\[ \] 0001_initial/);
    assert.equal((await cli("migrate")).code, 0);
    assert.match((await cli("showmigrations", "homepage")).out, /\[[xX]\] 0001_initial/);
    assert.match((await cli("migrate")).out, /Nothing to do/);
  });

  test("the migrations say what the models say", async () => {
    const { code, out } = await cli("makemigrations", "--check");
    assert.deepEqual([code, out], [0, "No changes: the migrations say what the models say.\n"]);
    assert.match((await cli("sqlmigrate", "homepage", "0001")).out, /CREATE TABLE "homepage_coffee"/);
  });

  test("an app that the project lacks is refused with the nearest name", async () => {
    const { code, err } = await cli("migrate", "hompage");
    assert.equal(code, 1);
    assert.match(
      err,
      /MIGRATIONS_UNKNOWN_APP {2}The project has no app "hompage"\. Its apps are: .*\n {2}hint {2}Did you mean "homepage"\?/,
    );
    assert.match((await cli("showmigrations", "penguin")).err, /MIGRATIONS_UNKNOWN_APP[\s\S]*Did you mean "penguins"\?/);
  });

  test("check finds nothing to mend", async () => {
    const { code, out, err } = await cli("check");
    assert.deepEqual([code, out, err], [0, "Nothing to mend.\n", ""]);
  });

  test("routes lists the addresses in their order", async () => {
    const { out } = await cli("routes");
    assert.match(out, /coffee\/ +coffee +coffeeView[\s\S]*admin\//);
  });

  test("a superuser is made, and gets another password", async () => {
    process.env["CORTADO_PASSWORD"] = "a long secret of ada";
    assert.match((await cli("createsuperuser", "--username", "ada", "--email", "ada@example.com")).out, /Made the superuser ada/);
    assert.match((await cli("changepassword", "ada")).out, /ada has a new password/);
    const { code, err } = await cli("changepassword", "eve");
    assert.equal(code, 1);
    assert.match(err, /CLI_UNKNOWN_USER {2}There is no user "eve"\.\n {2}hint {2}Make one: npx cortado createsuperuser/);
  });

  test(
    "without a terminal a question names the option that answers it",
    { skip: process.stdin.isTTY ? "this is a terminal" : false },
    async () => {
      const { code, err } = await cli("createsuperuser");
      assert.equal(code, 1);
      assert.match(
        err,
        /CLI_NO_TERMINAL {2}"Username:" needs an answer, and there is no terminal to ask on\.\n {2}hint {2}Answer it on the command line: --username/,
      );
    },
  );

  test("a model is trained, listed and asked", async () => {
    const trained = await cli("train", "penguin-species", "--parameters", '{"rounds": 10}');
    assert.equal(trained.code, 0, trained.err);
    assert.match(trained.out, /penguin-species has version 1/);
    assert.match((await cli("models")).out, /^penguin-species +1 +\w/m);
    const penguin = { island: "Biscoe", beakLength: 46.1, beakDepth: 13.2, flipperLength: 211, bodyMass: 4500, sex: null };
    const asked = await cli("predict", "penguin-species", "--input", JSON.stringify(penguin));
    assert.equal(asked.code, 0, asked.err);
    assert.equal(JSON.parse(asked.out).output.species, "Gentoo");
  });

  test("what a model cannot be asked is refused", async () => {
    const unknown = await cli("predict", "penguin-specie", "--input", "{}");
    assert.deepEqual(
      [unknown.code, unknown.err.startsWith("SERVING_UNKNOWN_MODEL"), /Did you mean "penguin-species"\?/.test(unknown.err)],
      [1, true, true],
    );
    const notJson = await cli("predict", "penguin-species", "--input", "{island}");
    assert.deepEqual([notJson.code, /CLI_BAD_ARGUMENT {2}predict: --input is not JSON/.test(notJson.err)], [2, true]);
    const list = await cli("train", "penguin-species", "--parameters", "[]");
    assert.deepEqual([list.code, /train: --parameters is not a JSON object/.test(list.err)], [2, true]);
  });
});
