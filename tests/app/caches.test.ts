import assert from "node:assert/strict";
import { test } from "node:test";
import { checkProject, registerProject } from "#app";
import { defineProject, type HttpRequest, openProject, path } from "cortado";
import { cache, Cache } from "cortado/cache";
import { testSite } from "cortado/testing";
import { CacheEntry, cachePage, Session } from "cortado/views";
import { temporaryFolder } from "../temporary-folder.ts";

let made = 0;
const urls = [
  path(
    "page/",
    cachePage(() => `page ${++made}`, 60, { cache: "pages" }),
  ),
  path("count/", (request: HttpRequest) => {
    const n = (request.session.get<number>("n") ?? 0) + 1;
    request.session.set("n", n);
    return { n };
  }),
];
const base = { apps: [], urls, secretKey: "a secret key that is long enough for tests", mode: "test" as const };

test("a project whose cache is in the database has its table, and keeps pages and sessions with it", async (t) => {
  const project = defineProject({
    ...base,
    caches: { pages: "database:pages", sessions: { backend: "database:", timeout: null } },
    session: { store: "cached-database", cache: "sessions" },
  });
  const site = await testSite(project);
  t.after(() => site.close());
  made = 0;
  assert.deepEqual([(await site.get("/page/")).text, (await site.get("/page/")).text], ["page 1", "page 1"]);
  for (const n of [1, 2, 3]) assert.deepEqual((await site.get("/count/")).json(), { n });
  const keys = await CacheEntry.objects.valuesList("key", { flat: true });
  assert.ok(keys.some((key) => key.startsWith("pages::1:cortado.page:")));
  const [session] = await Session.objects.all();
  assert.deepEqual(session?.data, { n: 3 });
  await cache("pages").clear();
  assert.equal((await site.get("/page/")).text, "page 2");
});

test("a project without such a cache has no table for it, and a test has caches of its own", async (t) => {
  const project = defineProject({
    ...base,
    caches: { pages: "redis://127.0.0.1:9", kept: { backend: "file:/nowhere", prefix: "p" } },
  });
  const site = await testSite(project);
  t.after(() => site.close());
  assert.ok(!registerProject(project).apps.some(({ name }) => name === "cache"));
  made = 0;
  assert.deepEqual([(await site.get("/page/")).text, (await site.get("/page/")).text], ["page 1", "page 1"]);
  await cache("kept").set("a", 1);
  assert.equal(cache("kept").prefix, "p");
  const other = await testSite(project);
  t.after(() => other.close());
  assert.equal(await cache("kept").has("a"), false);
});

test("a project says when it opens that a cache has no such address, and gives its caches back when it closes", async () => {
  await assert.rejects(openProject(defineProject({ ...base, database: "sqlite::memory:", caches: { default: "memchached:" } })), {
    code: "CACHE_UNKNOWN_BACKEND",
    message: /Its address must be or begin with: memory:, file:FOLDER, dummy:, redis:, rediss:, database:\.$/,
  });
  const folder = temporaryFolder();
  const open = await openProject(
    defineProject({ ...base, root: folder, database: "sqlite:db.sqlite3", caches: { own: "file:kept" } }),
  );
  assert.ok(cache("own") instanceof Cache);
  const problems = await checkProject(open);
  assert.deepEqual(
    problems.filter(({ level }) => level === "error").map(({ code }) => code),
    [],
  );
  await open.close();
});

test("the check names a session store that is not there, and asks for the packages of caches and mailers", async (t) => {
  const told = async (settings: object) => {
    const project = await openProject(defineProject({ ...base, database: "sqlite::memory:", ...settings }));
    t.after(() => project.close());
    return (await checkProject(project)).filter(({ object }) => /^(session|caches|mailers)/.test(object ?? ""));
  };
  const [unknown] = await told({ session: { store: "cached-databse" } });
  assert.deepEqual([unknown?.code, unknown?.object, unknown?.hint], ["HTTP_UNKNOWN_SESSION_STORE", "session.store", 'Did you mean "cached-database"?']); // oxfmt-ignore
  const settings = {
    caches: { default: { backend: ["redis://localhost", "redis://replica"] } },
    mailers: { default: "smtp://localhost" },
  };
  assert.deepEqual(await told({ ...settings, session: { store: "database" } }), []);
});
