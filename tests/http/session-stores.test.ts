import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { MemoryCache } from "cortado/cache";
import {
  cacheSessionStore,
  cookieSessionStore,
  csrfExempt,
  fileSessionStore,
  httpChecks,
  type HttpRequest,
  memorySessionStore,
  path,
  Session,
  type SessionSettings,
  type SessionStore,
} from "cortado/http";
import { cookiesOf, openSite } from "./open-site.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const secret = "a secret key that is long enough for tests";

const urls = [
  path("set/<str:name>/<str:value>/", (request: HttpRequest, { name, value }) => {
    request.session.set(name, value);
    return "set";
  }),
  path("all/", (request: HttpRequest) => Object.fromEntries(request.session)),
  path(
    "login/",
    csrfExempt((request: HttpRequest) => {
      request.session.cycleKey();
      return "in";
    }),
  ),
  path(
    "logout/",
    csrfExempt((request: HttpRequest) => {
      request.session.flush();
      return "out";
    }),
  ),
  path("browser/", (request: HttpRequest) => {
    request.session.setExpiry(0);
    return "x";
  }),
  path("short/", (request: HttpRequest) => {
    request.session.setExpiry(60);
    return String(request.session.expiryAge);
  }),
  path("fail/", (request: HttpRequest) => {
    request.session.set("failed", true);
    throw new Error("on purpose");
  }),
];

type Site = Awaited<ReturnType<typeof openSite>>;
const allOf = async (site: Site, cookies: Record<string, string>): Promise<unknown> =>
  (await site.inject({ url: "/all/", cookies })).json();

/** Stores by name. Those without memory cannot end a session. */
const stores: Readonly<Record<string, (t: TestContext) => Promise<SessionStore> | SessionStore>> = {
  memory: memorySessionStore,
  cache: () => {
    const cache = new MemoryCache();
    return cacheSessionStore(() => cache);
  },
  file: async (t) => fileSessionStore(temporaryFolder(t)),
  cookie: () => cookieSessionStore([secret]),
};

for (const [name, open] of Object.entries(stores)) {
  const hasMemory = name !== "cookie";
  describe(`sessions in ${name}`, () => {
    test("are given back, changed and ended", async (t) => {
      const site = await openSite(t, urls, { sessionStore: await open(t) });
      let cookies = cookiesOf(await site.inject("/set/cup/large/"));
      assert.deepEqual(await allOf(site, cookies), { cup: "large" });
      cookies = { ...cookies, ...cookiesOf(await site.inject({ url: "/set/milk/oat/", cookies })) };
      assert.deepEqual(await allOf(site, cookies), { cup: "large", milk: "oat" });
      const out = await site.inject({ method: "POST", url: "/logout/", cookies });
      assert.match(String(out.headers["set-cookie"]), /^sessionid=; Path=\/; Max-Age=0;/);
      if (hasMemory) assert.deepEqual(await allOf(site, cookies), {});
    });

    test("get another key at the log-in, and what was planted before is worth nothing", async (t) => {
      const site = await openSite(t, urls, { sessionStore: await open(t) });
      const planted = cookiesOf(await site.inject("/set/cup/large/"));
      const after = cookiesOf(await site.inject({ method: "POST", url: "/login/", cookies: planted }));
      assert.notEqual(after["sessionid"], planted["sessionid"]);
      assert.deepEqual(await allOf(site, after), { cup: "large" });
      if (hasMemory) assert.deepEqual(await allOf(site, planted), {});
    });

    test("are over at their end", async (t) => {
      const store = await open(t);
      const write = (ms: number) => ({ data: { n: 1 }, changed: ["n"], expiresAt: new Date(Date.now() + ms) });
      const key = (await store.create("long", write(60_000))) ?? "long";
      assert.deepEqual(await store.load(key), { n: 1 });
      const over = (await store.create("over", write(-1000))) ?? "over";
      assert.equal(await store.load(over), null);
      assert.equal(await store.load("none"), null);
      assert.ok(((await store.clearExpired?.()) ?? 0) <= 1);
      assert.deepEqual(await store.load(key), { n: 1 });
    });

    test("forged or tampered with are empty, whatever came", async (t) => {
      const site = await openSite(t, urls, { sessionStore: await open(t) });
      const { sessionid = "" } = cookiesOf(await site.inject("/set/cup/large/"));
      const [value = "", signature = ""] = sessionid.split(":");
      const flipped = `${value.slice(0, 20)}${value[20] === "A" ? "B" : "A"}${value.slice(21)}`;
      for (const forged of ["", "x", ":", `${flipped}:${signature}`, `${value}:${signature}x`, "%00", "a".repeat(3000)])
        assert.deepEqual(await allOf(site, { sessionid: forged }), {});
    });

    if (!hasMemory) return;
    test("that were changed by two requests at once keep what each of them changed", async (t) => {
      const gate = Promise.withResolvers<void>();
      const entered = Promise.withResolvers<void>();
      const slow = path("slow/", async (request: HttpRequest) => {
        request.session.set("slow", true);
        request.session.delete("gone");
        entered.resolve();
        await gate.promise;
        return "late";
      });
      const site = await openSite(t, [...urls, slow], { sessionStore: await open(t) });
      const cookies = cookiesOf(await site.inject("/set/gone/x/"));
      const late = site.inject({ url: "/slow/", cookies });
      await entered.promise;
      await site.inject({ url: "/set/quick/yes/", cookies });
      gate.resolve();
      await late;
      assert.deepEqual(await allOf(site, cookies), { quick: "yes", slow: true });
    });
  });
}

test("a session in its cookie shows nothing of itself, and is decrypted by an older key too", async (t) => {
  const site = await openSite(t, urls, { sessionStore: cookieSessionStore([secret]) });
  const cookies = cookiesOf(await site.inject("/set/pin/pin-4711/"));
  const sealed = cookies["sessionid"]!.split(":")[0]!;
  assert.ok(!Buffer.from(sealed, "base64url").toString("latin1").includes("4711"));
  assert.deepEqual(await cookieSessionStore(["new", secret]).load(sealed), { pin: "pin-4711" });
  assert.equal(await cookieSessionStore(["new"]).load(sealed), null);
  assert.equal(await cookieSessionStore([secret]).load("short"), null);
});

test("a session that is too large for its cookie is an error that says so", async () => {
  const data = { list: "x".repeat(4000) };
  await assert.rejects(async () => cookieSessionStore([secret]).create("key", { data, changed: [], expiresAt: new Date() }), {
    code: "HTTP_SESSION_TOO_LARGE",
    message: /^The session takes \d+ bytes in its cookie\. There is room for 3800\.$/,
    hint: 'Keep less in it, or keep sessions elsewhere: session: { store: "database" }.',
  });
});

test("files of sessions tell nobody a key, and those that are over go", async (t) => {
  const folder = temporaryFolder(t);
  const store = fileSessionStore(folder);
  const write = (ms: number) => ({ data: { n: 1 }, changed: ["n"], expiresAt: new Date(Date.now() + ms) });
  await store.create("the-secret-key", write(60_000));
  await store.create("another", write(60_000));
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".entry"));
  assert.equal(files.length, 2);
  for (const file of files) assert.ok(!`${file}${await readFile(join(folder, file), "utf8")}`.includes("the-secret-key"));
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 120_000 });
  assert.equal(await store.clearExpired!(), 2);
});

test("a setting names the store, and a name that is none is refused", async (t) => {
  const root = temporaryFolder(t);
  const open = (session: SessionSettings) => openSite(t, urls, { settings: { session, root } });
  for (const store of ["memory", "cache", "file", "cookie", memorySessionStore()] as const) {
    const site = await open({ store, directory: "kept" });
    const cookies = cookiesOf(await site.inject("/set/cup/large/"));
    assert.deepEqual(await allOf(site, cookies), { cup: "large" });
  }
  assert.deepEqual(await readdir(root), ["kept"]);
  await assert.rejects(open({ store: "cokie" as "cookie" }), {
    code: "HTTP_UNKNOWN_SESSION_STORE",
    message: 'Sessions cannot be kept in "cokie". There are: memory, cache, file, cookie.',
    hint: 'Did you mean "cookie"?',
  });
  await assert.rejects(open({ store: "carrier pigeon" as "cookie" }), {
    hint: "Give one of these names, or a SessionStore of your own.",
  });
});

test("a check finds caches of sessions that are not there, and in production those that only one process sees", async () => {
  const check = async (session: SessionSettings, caches?: Record<string, string>, mode = "test") => {
    const found = await httpChecks({ apps: [], root: "/tmp", secretKey: secret, mode, session, caches } as never);
    const ofCaches = found.filter(({ code }) => /CACHE/.test(code));
    for (const { code, hint } of ofCaches) {
      if (code === "HTTP_CHECK_SESSION_CACHE")
        assert.equal(
          hint,
          'Keep them where every process finds them: caches: { sessions: "redis://…" }, session: { store: "cache", cache: "sessions" }.',
        );
    }
    return ofCaches.map(({ level, code, message }) => [level, code, message]);
  };
  assert.deepEqual(await check({ store: "cache", cache: "sesions" }, { sessions: "redis://x" }), [
    ["error", "CACHE_UNKNOWN_ALIAS", 'There is no cache "sesions". Open: default, sessions.'],
  ]);
  assert.deepEqual(await check({ store: "cache" }), []);
  assert.deepEqual(await check({ store: "cached-database" }, undefined, "production"), [
    ["warning", "HTTP_CHECK_SESSION_CACHE", 'Sessions are kept in the cache "default", which is the memory of one process.'],
  ]);
  assert.deepEqual(await check({ store: "cache" }, { default: "dummy:" }, "production"), [
    ["warning", "HTTP_CHECK_SESSION_CACHE", 'Sessions are kept in the cache "default", which is none.'],
  ]);
  assert.deepEqual(await check({ store: "cache" }, { default: "redis://x" }, "production"), []);
  assert.deepEqual(await check({}, undefined, "production"), []);
});

test("a session lives as long as it says, and its cookie too", async (t) => {
  const site = await openSite(t, urls);
  const setCookie = async (url: string) => String((await site.inject(url)).headers["set-cookie"]);
  assert.match(await setCookie("/set/a/1/"), /; Max-Age=1209600; /);
  assert.doesNotMatch(await setCookie("/browser/"), /Max-Age|Expires/);
  assert.match(await setCookie("/short/"), /; Max-Age=60; /);
  const closing = await openSite(t, urls, { settings: { session: { expireAtBrowserClose: true } } });
  assert.doesNotMatch(String((await closing.inject("/set/a/1/")).headers["set-cookie"]), /Max-Age|Expires/);
});

test("the cookie of sessions is as its settings say", async (t) => {
  const session = {
    cookieName: "visit",
    path: "/shop/",
    httpOnly: false,
    sameSite: "strict",
    secure: true,
    domain: "example.com",
  } as const;
  const site = await openSite(t, urls, { settings: { session } });
  const set = String((await site.inject("/set/a/1/")).headers["set-cookie"]);
  assert.match(set, /^visit=[^;]+; Path=\/shop\/; Domain=example\.com; Max-Age=1209600; Secure; SameSite=Strict$/);
  const gone = await site.inject({ method: "POST", url: "/logout/", cookies: { visit: "x" } });
  assert.match(String(gone.headers["set-cookie"]), /^visit=; Path=\/shop\/; Domain=example\.com; Max-Age=0;/);
});

test("a session is prolonged by every request where that is asked for", async (t) => {
  const site = await openSite(t, urls, { settings: { session: { saveEveryRequest: true } } });
  const cookies = cookiesOf(await site.inject("/set/a/1/"));
  assert.match(String((await site.inject({ url: "/all/", cookies })).headers["set-cookie"]), /^sessionid=.*Max-Age=1209600/);
  assert.equal((await site.inject("/all/")).headers["set-cookie"], undefined);
});

test("what a failed request changed in its session is not kept", async (t) => {
  const site = await openSite(t, urls);
  const cookies = cookiesOf(await site.inject("/set/a/1/"));
  const failed = await site.inject({ url: "/fail/", cookies });
  assert.deepEqual([failed.statusCode, failed.headers["set-cookie"]], [500, undefined]);
  assert.deepEqual(await allOf(site, cookies), { a: "1" });
});

test("a session is signed with the newest key, and one that an older key signed is taken", async (t) => {
  const sessionStore = memorySessionStore();
  const before = await openSite(t, urls, { sessionStore });
  const cookies = cookiesOf(await before.inject("/set/a/1/"));
  const settings = { secretKey: "another secret key that is long enough", secretKeyFallbacks: [secret] };
  const rotated = await openSite(t, urls, { sessionStore, settings });
  assert.deepEqual(await allOf(rotated, cookies), { a: "1" });
  const renewed = cookiesOf(await rotated.inject({ url: "/set/b/2/", cookies }));
  assert.notEqual(renewed["sessionid"], cookies["sessionid"]);
  const forgotten = await openSite(t, urls, { sessionStore, settings: { secretKey: settings.secretKey } });
  assert.deepEqual([await allOf(forgotten, cookies), await allOf(forgotten, renewed)], [{}, { a: "1", b: "2" }]);
});

test("a test cookie says whether the browser takes cookies", async (t) => {
  const site = await openSite(t, [
    path("ask/", (request: HttpRequest) => {
      request.session.setTestCookie();
      return String(request.session.testCookieWorked);
    }),
    path("answer/", (request: HttpRequest) => {
      const { testCookieWorked } = request.session;
      request.session.deleteTestCookie();
      return String(testCookieWorked);
    }),
  ]);
  const asked = await site.inject("/ask/");
  assert.equal(asked.body, "false");
  assert.equal((await site.inject("/answer/")).body, "false");
  assert.equal((await site.inject({ url: "/answer/", cookies: cookiesOf(asked) })).body, "true");
});

test("a session is a Map of its values, and says what it is asked", () => {
  const session = new Session({ key: "k", data: { a: 1, b: 2 } });
  assert.deepEqual([session.size, session.modified, session.get("a"), session.has("z")], [2, false, 1, false]);
  assert.equal(session.pop("a"), 1);
  assert.equal(session.pop("a"), undefined);
  assert.equal(session.setDefault("c", 3), 3);
  assert.equal(session.setDefault("c", 4), 3);
  session.update({ d: 5 });
  assert.deepEqual([...session], [["b", 2], ["c", 3], ["d", 5]]); // prettier-ignore
  assert.equal(session.modified, true);
  session.clear();
  assert.deepEqual([session.isEmpty, session.key], [true, "k"]);
  session.setExpiry(new Date(Date.now() + 90_000));
  assert.ok(session.expiryAge > 80 && session.expiryAge <= 90);
  session.setExpiry(0);
  assert.deepEqual([session.expiresAtBrowserClose, session.expiryAge], [true, 14 * 24 * 3600]);
  session.setExpiry(null);
  assert.equal(session.expiresAtBrowserClose, false);
});
