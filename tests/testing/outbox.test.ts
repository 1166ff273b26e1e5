import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defineProject, path } from "cortado";
import { sendMail } from "cortado/mail";
import { type FileStorage, storage } from "cortado/storage";
import { testSite } from "cortado/testing";
import { temporaryFolder } from "../temporary-folder.ts";

const root = temporaryFolder();
const project = defineProject({
  apps: [],
  secretKey: "x".repeat(40),
  debug: false,
  database: "sqlite::memory:",
  root,
  mailers: { default: "smtp://mail.example.com", news: "smtp://mail.example.com" },
  mailFrom: "shop@example.com",
  admins: ["ada@example.com"],
  storages: { private: "file:var/private?baseUrl=/private/", own: "s3://bucket" },
  urls: [
    path("welcome/", async () => {
      await sendMail({ subject: "Welcome", body: "…", to: "bo@example.com", using: "news" });
      const kept = await storage("private").save("a.txt", "x");
      return storage("private").url(kept);
    }),
    path("fail/", () => {
      throw new Error("no milk");
    }),
  ],
});

test("a test site keeps every message, and its files in a folder of its own", async () => {
  const site = await testSite(project);
  assert.equal((await site.get("/welcome/")).text, "/private/a.txt");
  assert.deepEqual(
    site.outbox.map(({ subject, to }) => [subject, to]),
    [["Welcome", ["bo@example.com"]]],
  );
  assert.equal(existsSync(join(root, "var/private")), false);
  assert.ok((storage("own") as FileStorage).directory.includes("cortado-site-"));
  await site.get("/fail/");
  await site.close();
  assert.match(String(site.outbox.at(-1)!.subject), /^\[Cortado\] Error at \/fail\/: Error: no milk$/);
  const next = await testSite(project);
  assert.deepEqual(next.outbox, []);
  await next.close();
});
