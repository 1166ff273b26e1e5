import assert from "node:assert/strict";
import { existsSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

/** A project in a folder of its own, with these settings besides. */
function written(name: string, settings = ""): string {
  const own = mkdtempSync(join(folder, `${name}-`));
  symlinkSync(resolve(import.meta.dirname, "../../node_modules"), join(own, "node_modules"));
  writeFileSync(
    join(own, "cortado.config.ts"),
    `import { defineProject, env } from "cortado";\nexport default defineProject({ apps: [], secretKey: env("DEPLOY_KEY", { development: "dev-only" }), ${settings} });\n`,
  );
  return own;
}

/** One that has its tables. */
async function project(name: string, settings?: string): Promise<string> {
  const own = written(name, settings);
  await runCli(["migrate"], own);
  return own;
}

const key = "0123456789abcdefghijklmnopqrstuvwxyz";

test("check --deploy looks at a project as in production, whatever runs it", async () => {
  const bare = await project("bare");
  const development = await runCli(["check"], bare);
  assert.deepEqual([development.code, development.err], [0, ""]);

  const lacking = await runCli(["check", "--deploy"], written("lacking"));
  assert.equal(lacking.code, 1);
  assert.match(lacking.err, /KERNEL_MISSING_ENVIRONMENT {2}The environment variable DEPLOY_KEY is not set/);

  process.env["DEPLOY_KEY"] = key;
  const open = await runCli(["check", "--deploy"], await project("open", "debug: true, session: { secure: false }"));
  assert.equal(open.code, 0);
  const codes = [...open.err.matchAll(/^warning (HTTP_CHECK_\w+)/gm)].map(([, code]) => code);
  assert.deepEqual(
    codes.toSorted(),
    ["DEBUG", "HSTS", "HTTPS", "LOCAL_HOSTS", "NOT_COLLECTED", "NO_CSP", "OPEN_COOKIE"].map((code) => `HTTP_CHECK_${code}`),
  );
});

test("check fails from the level on that it is given", async () => {
  process.env["DEPLOY_KEY"] = key;
  const open = await project("level");
  assert.equal((await runCli(["check", "--deploy"], open)).code, 0);
  assert.equal((await runCli(["check", "--deploy", "--fail-level", "warning"], open)).code, 1);
  const { code, err } = await runCli(["check", "--fail-level", "info"], open);
  assert.equal(code, 2);
  assert.match(err, /CLI_BAD_ARGUMENT {2}check: --fail-level is "info", and is error or warning/);
});

test("a safe project passes check --deploy, and nothing is written", async () => {
  process.env["DEPLOY_KEY"] = key;
  const safe = await project(
    "safe",
    `allowedHosts: ["cafe.example"], trustProxy: ["10.0.0.1"], security: { sslRedirect: true, hstsSeconds: 3600, hstsIncludeSubdomains: true, csp: { "default-src": ["'self'"] } }`,
  );
  await runCli(["collectstatic", "--no-input"], safe);
  const { code, out, err } = await runCli(["check", "--deploy", "--fail-level", "warning"], safe);
  assert.deepEqual([code, out, err], [0, "Nothing to mend.\n", ""]);
  assert.equal(existsSync(join(safe, ".cortado")), false);
});
