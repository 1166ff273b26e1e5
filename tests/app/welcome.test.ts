import assert from "node:assert/strict";
import { test } from "node:test";
import { defineProject, path } from "cortado";
import { testSite } from "cortado/testing";

const open = (debug: boolean, urls = [] as ReturnType<typeof path>[]) =>
  testSite(defineProject({ apps: [], urls, secretKey: "s".repeat(40), debug }));

test("a project without a page at / shows in development how to make one", async () => {
  const site = await open(true);
  const page = await site.get("/");
  assert.equal(page.status, 200);
  assert.match(page.text, /It runs[\s\S]*npx cortado startapp homepage/);
  await site.close();
});

test("outside development, and where the project has a page of its own, the welcome is not there", async () => {
  const production = await open(false);
  assert.equal((await production.get("/")).status, 404);
  await production.close();
  const own = await open(true, [path("", () => "own page")]);
  assert.equal((await own.get("/")).text, "own page");
  await own.close();
});
