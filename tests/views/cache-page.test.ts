import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { afterEach, describe, test } from "node:test";
import { Cache, type CacheBackend, MemoryBackend, MemoryCache, useCaches } from "cortado/cache";
import {
  cacheControl,
  conditionalGet,
  csrfExempt,
  HttpError,
  type HttpRequest,
  html,
  path,
  text,
  varyOn,
  type View,
} from "cortado/http";
import { overrideLanguage, overrideTimeZone } from "cortado/i18n";
import { cachePage, cacheSite } from "cortado/views";
import { cookiesOf, openSite } from "../http/open-site.ts";

afterEach(() => useCaches({}));

/** A site whose pages say how often they were made. */
function counted(view: View<any> = () => "page") {
  let made = 0;
  const count: View<any> = async (request, params) => {
    made++;
    return view(request, params);
  };
  return { count, made: () => made };
}

async function openWith(t: Parameters<typeof openSite>[0], view: View<any>, options: Parameters<typeof openSite>[2] = {}) {
  useCaches({ default: new MemoryCache() });
  const login = csrfExempt((request: HttpRequest) => {
    request.session.set("name", request.query.get("name") ?? "");
    return "in";
  });
  return openSite(t, [path("p/", view), path("login/", login)], options);
}

describe("a kept page", () => {
  test("is made once, for GET and HEAD, and says how long it is good", async (t) => {
    const { count, made } = counted(() => html(`<p>${made()}</p>`));
    const site = await openWith(t, cachePage(count, 60));
    const first = await site.inject("/p/");
    const second = await site.inject("/p/");
    const head = await site.inject({ method: "HEAD", url: "/p/" });
    assert.deepEqual([first.body, second.body, head.statusCode, made()], ["<p>1</p>", "<p>1</p>", 200, 1]);
    assert.equal(first.headers["cache-control"], "max-age=60");
    assert.equal(first.headers["expires"], second.headers["expires"]);
    assert.equal(second.headers["content-type"], "text/html; charset=utf-8");
    assert.deepEqual([first.headers["age"], second.headers["age"]], [undefined, "0"]);
    assert.equal((await site.inject("/p/?page=2")).body, "<p>2</p>");
  });

  test("is kept in the cache that is named, and is made anew when it is over", async (t) => {
    const { count, made } = counted();
    const pages = new MemoryCache();
    const site = await openWith(t, cachePage(count, 60, { cache: "pages" }));
    useCaches({ pages });
    await site.inject("/p/");
    await pages.clear();
    await site.inject("/p/");
    assert.equal(made(), 2);
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 61_000 });
    await site.inject("/p/");
    assert.equal(made(), 3);
  });

  test("is made once for a hundred visitors at once", async (t) => {
    const { count, made } = counted(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return "page";
    });
    const site = await openWith(t, cachePage(count, 60));
    const answers = await Promise.all(Array.from({ length: 100 }, () => site.inject("/p/")));
    assert.equal(made(), 1);
    assert.ok(answers.every(({ body }) => body === "page"));
  });

  test("is kept for each value of the headers that it varies with", async (t) => {
    const { count, made } = counted((request: HttpRequest) => text(String(request.headers["x-size"])));
    const site = await openWith(t, cachePage(varyOn(count, "X-Size"), 60));
    const ask = async (size: string) => (await site.inject({ url: "/p/", headers: { "x-size": size } })).body;
    assert.deepEqual([await ask("s"), await ask("l"), await ask("s"), await ask("l"), made()], ["s", "l", "s", "l", 2]);
  });

  test("is of one language and one time zone", async (t) => {
    const { count, made } = counted();
    const site = await openWith(t, cachePage(count, 60), {
      middleware: [
        (request, next) =>
          overrideLanguage(request.query.get("l") ?? "en", () => overrideTimeZone(request.query.get("z") ?? "UTC", next)),
      ],
    });
    const urls = new Set(["/p/?", "/p/?l=ko", "/p/?z=Asia/Seoul"]);
    for (const url of [...urls, ...urls]) await site.inject(url);
    assert.equal(made(), 3);
    const { count: inner, made: times } = counted();
    let language = "en";
    const other = await openWith(t, cachePage(inner, 60), { middleware: [(_, next) => overrideLanguage(language, next)] });
    for (language of ["en", "ko", "en", "ko"]) await other.inject("/p/");
    assert.equal(times(), 2);
  });

  test("has a key of the view's own, which may say that a request is not for the cache", async (t) => {
    const { count, made } = counted();
    const key = (request: HttpRequest) =>
      request.query.has("fresh") ? null : ((request.headers["x-size"] as string | undefined) ?? "");
    const site = await openWith(t, cachePage(count, 60, { key, vary: ["x-cup"] }));
    const ask = (url: string, headers = {}) => site.inject({ url, headers });
    await ask("/p/");
    await ask("/p/");
    assert.equal(made(), 1);
    await ask("/p/", { "x-size": "l" });
    await ask("/p/", { "x-cup": "l" });
    assert.equal(made(), 3);
    await ask("/p/?fresh");
    await ask("/p/?fresh");
    assert.equal(made(), 5);
  });

  test("is answered with 304 where the client has it", async (t) => {
    const { count, made } = counted(() => text("page", { headers: { etag: '"3"' } }));
    const site = await openWith(t, cachePage(count, 60));
    assert.equal((await site.inject("/p/")).statusCode, 200);
    const known = await site.inject({ url: "/p/", headers: { "if-none-match": '"3"' } });
    assert.deepEqual([known.statusCode, known.body, made()], [304, "", 1]);
    const plain = await openWith(t, cachePage(counted().count, 60), { middleware: [conditionalGet] });
    const { etag } = (await plain.inject("/p/")).headers;
    assert.equal((await plain.inject({ url: "/p/", headers: { "if-none-match": etag } })).statusCode, 304);
  });

  test("is made without the cache where that cannot be reached", async (t) => {
    const { count, made } = counted();
    const site = await openWith(t, cachePage(count, 60));
    const { cacheErrors } = await import("cortado/cache");
    const broken = new Proxy(new MemoryBackend() as CacheBackend, {
      get: () => () => Promise.reject(cacheErrors.CACHE_UNREACHABLE({ url: "redis://nowhere" })),
    });
    useCaches({ default: new Cache(broken) });
    assert.deepEqual([(await site.inject("/p/")).body, (await site.inject("/p/")).body, made()], ["page", "page", 2]);
  });

  test("is made where the cache holds what nobody can read", async (t) => {
    const { count, made } = counted();
    const site = await openWith(t, cachePage(count, 60));
    const spoiled = new MemoryBackend();
    spoiled.getMany = async (keys) => keys.map(() => "\u0000 no value");
    useCaches({ default: new Cache(spoiled) });
    assert.deepEqual([(await site.inject("/p/")).body, (await site.inject("/p/")).body, made()], ["page", "page", 2]);
  });
});

describe("a page that is for one request alone", () => {
  const notKept: Readonly<Record<string, View<any>>> = {
    "sets a cookie": () => html("x").setCookie("a", "1"),
    "carries a form's token": (request: HttpRequest) => request.csrfToken,
    "carries a nonce": (request: HttpRequest) => request.cspNonce,
    "shows messages": (request: HttpRequest) => String(request.messages.size),
    "changes the session": (request: HttpRequest) => {
      request.session.set("n", 1);
      return "x";
    },
    "is private": cacheControl(() => "x", { private: true }),
    "may not be stored": cacheControl(() => "x", { noStore: true }),
    "is over at once": cacheControl(() => "x", { maxAge: 0 }),
    "varies with everything": varyOn(() => "x", "*"),
    "is no success": () => text("x", { status: 202 }),
    "is a stream": () => Readable.from(["x"]),
    "comes with a set-cookie of its own": () => new Response("x", { headers: { "set-cookie": "a=1" } }),
    "is an error": () => {
      throw new HttpError(404, "There is no such page.");
    },
  };
  for (const [what, view] of Object.entries(notKept)) {
    test(`is not kept: it ${what}`, async (t) => {
      const { count, made } = counted(view);
      const site = await openWith(t, cachePage(count, 60));
      await site.inject("/p/");
      await site.inject("/p/");
      assert.equal(made(), 2);
    });
  }

  test("is not kept: a body asked for it", async (t) => {
    const { count } = counted(async (request: HttpRequest) => `for ${(await request.body()).toString()}`);
    const site = await openWith(t, cachePage(count, 60));
    assert.equal((await site.inject({ method: "GET", url: "/p/", payload: "evil" })).body, "for evil");
    assert.equal((await site.inject("/p/")).body, "for ");
    assert.equal((await site.inject({ method: "GET", url: "/p/", payload: "evil" })).body, "for evil");
  });

  test("is a refusal of one visitor, and those who waited for the page get theirs", async (t) => {
    const view = async (request: HttpRequest) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (request.headers["x-who"] === "stranger") throw new HttpError(403, "Not for strangers.");
      return "page";
    };
    const site = await openWith(t, cachePage(view, 60));
    const stranger = site.inject({ url: "/p/", headers: { "x-who": "stranger" } });
    const others = Array.from({ length: 5 }, () => site.inject("/p/"));
    assert.equal((await stranger).statusCode, 403);
    assert.deepEqual((await Promise.all(others)).map(({ body }) => body), Array.from(others, () => "page")); // prettier-ignore
  });

  test("is not kept: the request was no GET, or carried an authorization", async (t) => {
    const { count, made } = counted();
    const site = await openWith(t, cachePage(csrfExempt(count), 60));
    await site.inject({ method: "POST", url: "/p/" });
    await site.inject({ method: "POST", url: "/p/" });
    await site.inject({ url: "/p/", headers: { authorization: "Bearer x" } });
    await site.inject("/p/");
    await site.inject({ url: "/p/", headers: { authorization: "Bearer x" } });
    assert.equal(made(), 5);
  });

  test("is never given to those who waited for it", async (t) => {
    const gate = Promise.withResolvers<void>();
    const { count, made } = counted(async (request: HttpRequest) => {
      await gate.promise;
      return html(String(request.headers["x-name"])).setCookie("name", String(request.headers["x-name"]));
    });
    const site = await openWith(t, cachePage(count, 60));
    const names = ["ada", "bo", "cy"];
    const asked = names.map((name) => site.inject({ url: "/p/", headers: { "x-name": name } }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    gate.resolve();
    const bodies = (await Promise.all(asked)).map(({ body }) => body);
    assert.deepEqual([bodies, made()], [names, 3]);
  });
});

describe("a page for visitors with sessions", () => {
  const hello: View<any> = (request: HttpRequest) => `hello ${String(request.session.get("name") ?? "stranger")}`;

  test("is kept for each of them, and never shown to another", async (t) => {
    const { count, made } = counted(hello);
    const site = await openWith(t, cachePage(count, 60));
    const ada = cookiesOf(await site.inject("/login/?name=ada"));
    const bo = cookiesOf(await site.inject("/login/?name=bo"));
    const ask = async (cookies: Record<string, string>) => site.inject({ url: "/p/", cookies });
    for (let round = 0; round < 2; round++) {
      assert.equal((await ask({})).body, "hello stranger");
      assert.equal((await ask(ada)).body, "hello ada");
      assert.equal((await ask(bo)).body, "hello bo");
    }
    assert.equal(made(), 3);
    const { headers } = await ask(ada);
    assert.deepEqual([headers["cache-control"], headers["vary"]], ["max-age=60, private", "Cookie"]);
  });

  test("is not kept for a user whom no session names", async (t) => {
    const { count, made } = counted((request) => `hello ${(request as any).user?.name ?? "stranger"}`);
    const known = (request: HttpRequest, next: () => any) => {
      const name = request.headers["x-remote-user"];
      if (name !== undefined) Object.assign(request, { user: { isAuthenticated: true, name } });
      return next();
    };
    const site = await openWith(t, cachePage(count, 60), { middleware: [known] });
    const ask = async (name?: string) =>
      (await site.inject({ url: "/p/", headers: name === undefined ? {} : { "x-remote-user": name } })).body;
    assert.deepEqual(
      [await ask(), await ask("ada"), await ask("bo"), await ask("ada"), await ask()],
      ["hello stranger", "hello ada", "hello bo", "hello ada", "hello stranger"],
    );
    assert.equal(made(), 4);
  });

  test("is one for all where the view says that it is shared", async (t) => {
    const { count, made } = counted(() => "menu");
    const site = await openWith(t, cachePage(count, 60, { shared: true }));
    const ada = cookiesOf(await site.inject("/login/?name=ada"));
    await site.inject("/p/");
    const { body, headers } = await site.inject({ url: "/p/", cookies: ada });
    assert.deepEqual([body, headers["cache-control"], made()], ["menu", "max-age=60", 1]);
  });
});

test("a kept page inside a kept site, or inside itself, is made once", async (t) => {
  const { count, made } = counted();
  const site = await openWith(t, cachePage(cachePage(count, 60), 60), { middleware: [cacheSite({ seconds: 60 })] });
  assert.deepEqual([(await site.inject("/p/")).body, (await site.inject("/p/")).body, made()], ["page", "page", 1]);
});

test("a site keeps its pages, each as long as it says", async (t) => {
  const { count, made } = counted();
  const site = await openWith(t, count, { middleware: [cacheSite({ seconds: 60 })] });
  await site.inject("/p/");
  assert.equal((await site.inject("/p/")).headers["cache-control"], "max-age=60");
  assert.equal(made(), 1);
  assert.equal((await site.inject("/none/")).statusCode, 404);
  const short = counted();
  const other = await openWith(t, cacheControl(short.count, { maxAge: 5 }), { middleware: [cacheSite({ seconds: 60 })] });
  assert.equal((await other.inject("/p/")).headers["cache-control"], "max-age=5");
  await other.inject("/p/");
  assert.equal(short.made(), 1);
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 6000 });
  await other.inject("/p/");
  assert.equal(short.made(), 2);
});
