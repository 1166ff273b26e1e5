import assert from "node:assert/strict";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const cli = (...argv: string[]) => runCli(argv, folder);

describe("the command line", () => {
  test("without a command it lists them all, and says by its code that nothing was done", async () => {
    const { code, out } = await cli();
    assert.equal(code, 2);
    assert.match(out, /^Usage: npx cortado <command>/);
    assert.equal((await cli("--help")).code, 0);
  });

  test("--version tells the package's version", async () => {
    assert.deepEqual(await cli("--version"), { code: 0, out: "0.1.0\n", err: "" });
  });

  test("every command explains itself with its usage, its options and an example", async () => {
    const names = [...(await cli("--help")).out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    assert.ok(names.length >= 15);
    for (const name of names) {
      const { code, out, err } = await cli(name, "--help");
      assert.deepEqual([code, err], [0, ""], name);
      assert.match(
        out,
        new RegExp(`^\\S[^\\n]+\\.\\n\\nUsage: cortado ${name}[\\s\\S]+--help[\\s\\S]+Example: .*cortado ${name}`),
        name,
      );
    }
  });

  test("a mistyped command is refused with the nearest one", async () => {
    const { code, err } = await cli("runsever");
    assert.equal(code, 2);
    assert.match(
      err,
      /^CLI_UNKNOWN_COMMAND {2}There is no command "runsever"\.\n {2}hint {2}Did you mean "runserver"\?\n {2}docs {2}docs\/errors\/cli\.md#cli_unknown_command/,
    );
  });

  test("a command that stands behind another one is found by its own name, and nonsense leads to the overview", async () => {
    assert.match((await cli("pull")).err, /There is no command "pull"\.\n {2}hint {2}Did you mean "models pull"\?/);
    assert.match(
      (await cli("xyzzy")).err,
      /There is no command "xyzzy"\.\n {2}hint {2}The command `npx cortado --help` lists them\./,
    );
  });

  test("the overview groups the commands, a line each", async () => {
    const { code, out } = await cli("help");
    assert.equal(code, 0);
    const titles = ["Project", "Machine learning", "Tables", "Rows", "Accounts", "Static files, languages, mail"];
    assert.deepEqual(
      [...out.matchAll(/^\n?([A-Z][^:\n]*)$/gm)].map(([, title]) => title),
      titles,
    );
    for (const line of out.split("\n")) assert.ok(line.length <= 120, line);
    const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    assert.equal(new Set(names).size, names.length);
  });

  test("help tells of a command what --help tells", async () => {
    for (const words of [["migrate"], ["models"], ["models", "promote"]]) {
      const { code, out } = await cli("help", ...words);
      assert.equal(code, 0);
      assert.equal(out, (await cli(...words, "--help")).out);
    }
    const { code, err } = await cli("help", "migrat");
    assert.equal(code, 2);
    assert.match(err, /There is no command "migrat"\.\n {2}hint {2}Did you mean "migrate"\?/);
  });

  test("a mistyped option is refused with the nearest one", async () => {
    const { code, err } = await cli("runserver", "--prot", "1");
    assert.equal(code, 2);
    assert.match(err, /CLI_UNKNOWN_OPTION {2}"runserver" has no option "--prot"\. It has: --port/);
    assert.match(err, /Did you mean "--port"\?/);
  });

  test("arguments that are missing, too many or of the wrong kind are refused with the usage", async () => {
    const refusals = {
      "it needs one argument": ["startapp"],
      'it does not understand "now"': ["check", "now"],
      "--port needs N": ["runserver", "--port"],
      "--locale needs CODE": ["makemessages", "--locale"],
      "--domain needs NAME": ["makemessages", "-d", "-a"],
      "--all takes no value": ["makemessages", "--all=yes"],
      "--open takes no value": ["serve", "models", "--open=1"],
      '--port is "many", and must be a whole number': ["serve", "models", "--port", "many"],
      '--port is "70000", and must be a whole number from 0 to 65535': ["serve", "models", "--port", "70000"],
    };
    for (const [problem, argv] of Object.entries(refusals)) {
      const { code, err } = await cli(...argv);
      assert.equal(code, 2, problem);
      assert.ok(err.startsWith(`CLI_BAD_ARGUMENT  ${argv[0]}: ${problem}`), err);
      assert.match(err, /hint {2}Usage: cortado /);
    }
  });

  test("a PORT of the environment is named where it is none, and an empty one is left out", async () => {
    const startWith = async (port: string) => {
      const [before, mode] = [process.env["PORT"], process.env["CORTADO_ENV"]];
      process.env["PORT"] = port;
      try {
        return (await cli("start")).err;
      } finally {
        for (const [name, value] of Object.entries({ PORT: before, CORTADO_ENV: mode }))
          if (value === undefined) delete process.env[name];
          else process.env[name] = value;
      }
    };
    assert.match(await startWith("abc"), /start: PORT is "abc" in the environment, and must be a whole number from 0 to 65535/);
    assert.match(await startWith(""), /^CLI_NO_PROJECT/);
  });

  test("outside of a project a command says so", async () => {
    const { code, err } = await cli("migrate");
    assert.equal(code, 1);
    assert.match(err, /CLI_NO_PROJECT {2}No cortado\.config\.ts in .*\n {2}hint {2}.*npm create cortado@latest mysite/);
  });

  test("a configuration file without a project is refused", async () => {
    const own = mkdtempSync(join(folder, "bad-"));
    writeFileSync(join(own, "cortado.config.ts"), "export default { apps: 3 };\n");
    const { code, err } = await runCli(["check"], own);
    assert.equal(code, 1);
    assert.match(err, /CLI_BAD_CONFIG {2}.*cortado\.config\.ts does not export a project as its default\./);
    assert.match(err, /export default defineProject/);
  });

  test("a project that checks refuse is not served", async () => {
    const own = mkdtempSync(join(folder, "unchecked-"));
    symlinkSync(resolve(import.meta.dirname, "../../node_modules"), join(own, "node_modules"));
    const check = `() => [{ level: "error", code: "SHOP_BROKEN", message: "The till is open." }]`;
    writeFileSync(
      join(own, "cortado.config.ts"),
      `import { defineApp, defineProject } from "cortado";\nconst shop = defineApp({ name: "shop", checks: [${check}] });\nexport default defineProject({ apps: [shop], secretKey: "x", database: "sqlite::memory:" });\n`,
    );
    const { code, err } = await runCli(["runserver", "--no-reload", "--port", "0"], own);
    assert.equal(code, 1);
    assert.match(
      err,
      /SHOP_BROKEN[\s\S]*CLI_CHECKS_FAILED {2}The project has 1 error, so nothing was started\.\n {2}hint {2}Mend what is listed above/,
    );
  });

  test("no migrations are made of models that checks refuse", async () => {
    const own = mkdtempSync(join(folder, "unsound-"));
    symlinkSync(resolve(import.meta.dirname, "../../node_modules"), join(own, "node_modules"));
    const model = 'class Tea extends Model({ name: char() }, { ordering: ["nam"] }) { static objects = manager(this); }';
    writeFileSync(
      join(own, "cortado.config.ts"),
      `import { defineApp, defineProject } from "cortado";\nimport { char, manager, Model } from "cortado/orm";\n${model}\nconst shop = defineApp({ name: "shop", models: { Tea }, directory: import.meta.dirname });\nexport default defineProject({ apps: [shop], secretKey: "x", database: "sqlite::memory:" });\n`,
    );
    const { code, err } = await runCli(["makemigrations"], own);
    assert.equal(code, 1);
    assert.match(
      err,
      /ORM_CHECK_UNKNOWN_FIELD[\s\S]*Did you mean "name"[\s\S]*CLI_CHECKS_FAILED {2}The project has 1 error, so nothing was written\./,
    );
  });

  test("an address that is taken is refused in a sentence", async (t) => {
    const taken = createServer().listen(0, "127.0.0.1");
    t.after(() => taken.close());
    await new Promise((done) => taken.once("listening", done));
    const { port } = taken.address() as { port: number };
    const models = mkdtempSync(join(folder, "models-"));
    const { code, err } = await runCli(["serve", models, "--port", String(port)], folder);
    assert.equal(code, 1);
    assert.ok(
      err.includes(`HTTP_CANNOT_LISTEN  Cannot listen on port ${port} of 127.0.0.1: another process listens there.`),
      err,
    );
    assert.match(err, /hint {2}Choose another with --port/);
  });
});
