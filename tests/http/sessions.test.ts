import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfExempt, type HttpRequest, memorySessionStore, path, type SessionStore } from "cortado/http";
import { cookiesOf, openSite } from "./open-site.ts";

/** A store that says what it was asked to do. */
function watchedStore(): SessionStore & { calls: string[] } {
  const store = memorySessionStore();
  const calls: string[] = [];
  const watch =
    <A extends [string, ...unknown[]], R>(name: string, run: (...given: A) => R) =>
    (...given: A): R => {
      calls.push(name);
      return run(...given);
    };
  return {
    calls,
    load: watch("load", store.load.bind(store)),
    create: watch("create", store.create.bind(store)),
    save: watch("save", store.save.bind(store)),
    remove: watch("remove", store.remove.bind(store)),
  };
}

const urls = [
  path("plain/", () => "x"),
  path("read/", (request: HttpRequest) => String(request.session.get("n") ?? "nothing")),
  path("count/", (request: HttpRequest) => {
    const n = (request.session.get<number>("n") ?? 0) + 1;
    request.session.set("n", n);
    return String(n);
  }),
  path(
    "login/",
    csrfExempt((request: HttpRequest) => {
      request.session.cycleKey();
      request.session.set("user", 1);
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
];

test("a request without a session touches no store and sets no cookie", async (t) => {
  const sessionStore = watchedStore();
  const site = await openSite(t, urls, { sessionStore });
  assert.equal((await site.inject("/plain/")).headers["set-cookie"], undefined);
  assert.equal((await site.inject("/read/")).headers["set-cookie"], undefined);
  assert.deepEqual(sessionStore.calls, []);
});

test("a session is saved where it changed, and only there", async (t) => {
  const sessionStore = watchedStore();
  const site = await openSite(t, urls, { sessionStore });
  const first = await site.inject("/count/");
  assert.match(String(first.headers["set-cookie"]), /^sessionid=[^;]+; Path=\/; Max-Age=1209600; HttpOnly; SameSite=Lax$/);
  assert.equal(first.headers["vary"], "Cookie");
  const cookies = cookiesOf(first);
  assert.equal((await site.inject({ url: "/count/", cookies })).body, "2");
  assert.equal((await site.inject({ url: "/read/", cookies })).body, "2");
  assert.deepEqual(sessionStore.calls, ["create", "load", "save", "load"]);
});

test("a key that this site did not sign never reaches the store", async (t) => {
  const sessionStore = watchedStore();
  const site = await openSite(t, urls, { sessionStore });
  const { sessionid = "" } = cookiesOf(await site.inject("/count/"));
  sessionStore.calls.length = 0;
  for (const forged of ["planted", sessionid.slice(0, -2), sessionid.replace(/^./, "!"), `x${sessionid}`]) {
    assert.equal((await site.inject({ url: "/read/", cookies: { sessionid: forged } })).body, "nothing");
  }
  assert.deepEqual(sessionStore.calls, []);
});

test("a session planted before the log-in is worth nothing after it", async (t) => {
  const site = await openSite(t, urls);
  const planted = cookiesOf(await site.inject("/count/"));
  const after = cookiesOf(await site.inject({ method: "POST", url: "/login/", cookies: planted }));
  assert.notEqual(after["sessionid"], planted["sessionid"]);
  assert.equal((await site.inject({ url: "/read/", cookies: planted })).body, "nothing");
  assert.equal((await site.inject({ url: "/read/", cookies: after })).body, "1");
});

test("a flushed session is gone from the store and from the browser", async (t) => {
  const site = await openSite(t, urls);
  const cookies = cookiesOf(await site.inject("/count/"));
  const out = await site.inject({ method: "POST", url: "/logout/", cookies });
  assert.match(String(out.headers["set-cookie"]), /^sessionid=; Path=\/; Max-Age=0; Expires=Thu, 01 Jan 1970/);
  assert.equal((await site.inject({ url: "/read/", cookies })).body, "nothing");
});

test("a session that was ended while a slow request ran does not come back", async (t) => {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const slow = path("slow/", async (request: HttpRequest) => {
    entered.resolve();
    await gate.promise;
    request.session.set("n", 99);
    return "late";
  });
  const site = await openSite(t, [...urls, slow]);
  const cookies = cookiesOf(await site.inject("/count/"));
  const late = site.inject({ url: "/slow/", cookies });
  await entered.promise;
  await site.inject({ method: "POST", url: "/logout/", cookies });
  gate.resolve();
  // The cookie that the browser has by now is not this request's to take away.
  assert.equal((await late).headers["set-cookie"], undefined);
  assert.equal((await site.inject({ url: "/read/", cookies })).body, "nothing");
});

test("a key named __proto__ is a value like any other", async (t) => {
  const site = await openSite(t, [
    path("set/", (request: HttpRequest) => {
      request.session.set("__proto__", { admin: true });
      return "x";
    }),
    path("get/", (request: HttpRequest) => ({
      own: request.session.get("__proto__"),
      leaked: ({} as { admin?: boolean }).admin ?? false,
    })),
  ]);
  const cookies = cookiesOf(await site.inject("/set/"));
  assert.deepEqual((await site.inject({ url: "/get/", cookies })).json(), { own: { admin: true }, leaked: false });
});
