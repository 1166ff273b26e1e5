import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { clearOutbox, outbox } from "cortado/mail";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
mkdirSync(join(folder, "node_modules"));
symlinkSync(resolve(import.meta.dirname, "../.."), join(folder, "node_modules/cortado"));
const config = `import { defineProject, defineApp } from "cortado";
export default defineProject({
  apps: [defineApp({ name: "shop", directory: import.meta.dirname + "/shop" })],
  database: "sqlite::memory:",
  secretKey: "x".repeat(40),
  mailers: { default: "memory:", away: "smtp://127.0.0.1:9?timeout=1" },
  mailFrom: "shop@example.com",
  admins: ["ada@example.com"],
});`;
writeFileSync(join(folder, "cortado.config.ts"), config);
for (const [name, content] of [
  ["static/site.css", "a { background: url(shop/logo.svg) }"],
  ["shop/static/shop/logo.svg", "<svg/>"],
  ["shop/static/site.css", "shadowed {}"],
] as const) {
  mkdirSync(resolve(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), content);
}

describe("the commands about static files and mail", { concurrency: false }, () => {
  test("findstatic says where a file lies, and what is called nearly so", async () => {
    const found = await runCli(["findstatic", "site.css", "shop/logo.svg"], folder);
    const places = ["static/site.css", "shop/static/site.css", "shop/static/shop/logo.svg"].map((name) => join(folder, name));
    assert.deepEqual([found.code, found.out.trim().split("\n")], [0, places]);
    const first = await runCli(["findstatic", "--first", "site.css"], folder);
    assert.deepEqual(first.out.trim().split("\n"), places.slice(0, 1));
    const missing = await runCli(["findstatic", "shop/lgo.svg"], folder);
    assert.equal(missing.code, 1);
    assert.match(missing.err, /^There is no static file "shop\/lgo\.svg"\. Did you mean "shop\/logo\.svg"\?\nLooked in: /);
  });

  test("collectstatic says what it would do, does it, and asks before it deletes", async () => {
    const dry = await runCli(["collectstatic", "--dry-run"], folder);
    assert.match(dry.out, /^shadowed site\.css$/m);
    assert.match(dry.out, /^copied shop\/logo\.svg$/m);
    assert.match(
      dry.out,
      /Would be done in .*var\/static: \d+ copied, 1 shadowed by another of the same name, \d+ under a hashed name\./,
    );
    const done = await runCli(["collectstatic", "--no-input"], folder);
    assert.deepEqual([done.code, done.err], [0, ""]);
    assert.match(
      done.out,
      /^Done in .*: \d+ copied, 1 shadowed by another of the same name, \d+ under a hashed name, \d+ compressed\.\n$/,
    );
    const { paths } = JSON.parse(readFileSync(join(folder, "var/static/staticfiles.json"), "utf8"));
    const css = readFileSync(join(folder, "var/static", paths["site.css"]), "utf8");
    assert.equal(css, `a { background: url(${paths["shop/logo.svg"]}) }`);
    const again = await runCli(["collectstatic", "--no-input", "--clear", "--ignore", "*.svg", "--no-post-process"], folder);
    assert.match(again.out, /: \d+ copied, 1 shadowed .*, \d+ deleted\.\n$/);
    assert.deepEqual(readdirSync(join(folder, "var/static")).sort(), ["cortado", "shop", "site.css"]);
    const asked = await runCli(["collectstatic", "--clear"], folder);
    assert.notEqual(asked.code, 0);
    assert.match(asked.err, /--no-input/);
  });

  test("sendtestemail sends to addresses and admins, and says why where it cannot", async () => {
    clearOutbox();
    const sent = await runCli(["sendtestemail", "bo@example.com", "--admins"], folder);
    assert.deepEqual([sent.code, sent.out], [0, "2 messages were sent.\n"]);
    assert.deepEqual(
      outbox().map(({ to }) => to),
      [["bo@example.com"], ["ada@example.com"]],
    );
    assert.match(String(outbox()[0]!.subject), /^Test message from /);
    const away = await runCli(["sendtestemail", "bo@example.com", "--using", "away"], folder);
    assert.notEqual(away.code, 0);
    assert.match(away.err, /MAIL_NOT_SENT|did not take the message/);
    const nobody = await runCli(["sendtestemail"], folder);
    assert.match(nobody.err, /it needs an address, --admins or --managers/);
    const managers = await runCli(["sendtestemail", "--managers"], folder);
    assert.deepEqual([managers.code, managers.out], [1, "0 messages were sent.\n"]);
  });
});
