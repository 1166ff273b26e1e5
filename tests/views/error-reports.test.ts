// The page that explains an error to a developer, and what it must never do.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { csrfExempt, HttpError, type HttpRequest, html, path, sensitivePostParameters } from "cortado/http";
import { noteQueries, render } from "cortado/views";
import { openSite } from "./open-site.ts";

type Options = Parameters<typeof openSite>[2];

function fail(): never {
  throw new TypeError("the beans are out", { cause: new RangeError("no <b>delivery</b>") });
}

const failing = async (t: TestContext, view: (request: HttpRequest) => unknown, options: Options = {}) =>
  openSite(t, [path("fail/", view, { name: "fail" })], { debug: true, ...options });

const secret = "s3cr3t-and-long";

test("an error is explained by the lines of the program that it came through", async (t) => {
  const site = await failing(t, fail);
  const { statusCode, body } = await site.inject("/fail/");
  assert.equal(statusCode, 500);
  assert.match(body, /TypeError: the beans are out/);
  assert.match(body, /because of RangeError: no &lt;b&gt;delivery&lt;\/b&gt;/);
  assert.match(body, /error-reports\.test\.ts/);
  assert.match(body, /<b>\d+ \| {3}throw new TypeError\(&quot;the beans are out&quot;/);
});

test("a form that was read is shown, without its secrets and those that the project names", async (t) => {
  const view = async (request: HttpRequest) => {
    await request.form();
    fail();
  };
  const site = await openSite(t, [path("fail/", csrfExempt(view))], { debug: true, settings: { sensitiveNames: ["iban"] } });
  const payload = new URLSearchParams({ coffee: "latte", password: secret, card_iban: secret }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded", authorization: `Bearer ${secret}`, "x-cup": "small", cookie: `sessionid=${secret}; theme=dark`, "x-csrftoken": secret }; // prettier-ignore
  const { body } = await site.inject({ method: "POST", url: `/fail/?q=beans&token=${secret}`, headers, payload });
  for (const shown of ["latte", "card_iban", "password", "beans", "x-cup", "small", "theme"])
    assert.ok(body.includes(shown), shown);
  // The link that tries again leads where the visitor was.
  assert.ok(!body.replace(/href="[^"]*"/g, "").includes(secret));
});

test("fields that a view calls sensitive are not shown", async (t) => {
  const view = async (request: HttpRequest) => {
    await request.form();
    fail();
  };
  const site = await openSite(t, [path("some/", csrfExempt(sensitivePostParameters(view, "cvc"))), path("all/", csrfExempt(sensitivePostParameters(view)))], { debug: true }); // prettier-ignore
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = async (url: string) => (await site.inject({ method: "POST", url, headers, payload: "cvc=9175&drink=latte" })).body;
  const [some, all] = [await body("/some/"), await body("/all/")];
  assert.ok(some.includes("latte") && !some.includes("9175"));
  assert.ok(!all.includes("latte") && !all.includes("9175") && all.includes("drink"));
});

test("a failing template is shown with its includes and what its names meant", async (t) => {
  const templates = { "page.html": '\n{% include "row.html" with row=coffee %}', "row.html": "{{ row.name }} {{ row.pour }}" };
  const coffee = { name: "<script>alert(1)</script>", pour: () => fail(), password: secret };
  const site = await failing(t, (request) => render(request, "page.html", { coffee, api_key: secret, shelf: 3 }), { templates });
  const { body } = await site.inject("/fail/");
  assert.match(body, /in row\.html, line 1, column 16/);
  assert.match(body, /included or extended by page\.html, line 2, column 1/);
  assert.match(body, /<th scope="row" class="mono">shelf<\/th><td class="mono">3<\/td>/);
  assert.match(body, /name: &quot;&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;/);
  assert.doesNotMatch(body, /<script>alert/);
  assert.ok(!body.includes(secret));
});

test("values that resist are shown nevertheless: getters, circles, proxies, promises, what is huge", async (t) => {
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  const trap = new Proxy({}, { ownKeys: () => fail(), getPrototypeOf: () => fail() });
  let ran = 0;
  // oxlint-disable-next-line unicorn/no-thenable -- a page must not await it
  const lazy = { then: () => void (ran += 1) };
  const context = {
    circle,
    trap,
    lazy,
    huge: "x".repeat(5_000_000),
    many: Array.from({ length: 1_000_000 }, (_, i) => i),
    wide: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`n${i}`, i])),
    nothing: Object.create(null),
    inner: { get price() { ran += 1; return fail(); } },
    address: `postgres://app:${secret}@db/cafe`,
    pour: () => fail(),
  }; // prettier-ignore
  const site = await failing(t, (request) => render(request, "page.html", context), { templates: { "page.html": "{{ pour }}" } });
  const { statusCode, body } = await site.inject("/fail/");
  assert.equal(statusCode, 500);
  assert.match(body, /self: \(circular\)/);
  assert.match(body, /\(cannot be shown\)/);
  assert.match(body, /not awaited\)/);
  assert.match(body, /… \(5000000 characters\)/);
  assert.match(body, /… 999992 more/);
  assert.match(body, /price: \(getter\)/);
  assert.match(body, /postgres:\/\/app:••••••@db\/cafe/);
  assert.ok(!body.includes(secret));
  assert.ok(body.length < 300_000, `${body.length} characters`);
  assert.equal(ran, 0);
});

test("what is thrown may be anything", async (t) => {
  const thrown: unknown[] = [null, "text", { toString: () => fail() }, new Proxy({}, { get: () => fail() }), Symbol("s")];
  for (const value of thrown) {
    const site = await failing(t, () => {
      throw value;
    });
    assert.equal((await site.inject("/fail/")).statusCode, 500);
  }
});

test("names are taken for secret by what they say, and no others", async (t) => {
  const hidden = ["password", "db_pass", "PASSPHRASE", "apiKey", "api_key", "refreshToken", "clientSecret", "authorization", "csrfmiddlewaretoken", "sessionid", "credentials", "signature", "pwd", "dbPass", "jwt", "bearer", "otp", "card_pin", "stripe_sk"]; // prettier-ignore
  const shown = ["author", "authority", "keyboard", "keywords", "passenger", "compass", "name", "spin", "task", "side", "pinned"];
  const context = Object.fromEntries([...hidden, ...shown].map((name) => [name, "v-1"]));
  const site = await failing(t, (request) => render(request, "page.html", { ...context, pour: () => fail() }), { templates: { "page.html": "{{ pour }}" } }); // prettier-ignore
  const { body } = await site.inject("/fail/");
  for (const name of hidden) assert.match(body, new RegExp(`>${name}</th><td class="mono">••••••<`), name);
  for (const name of shown) assert.match(body, new RegExp(`>${name}</th><td class="mono">&quot;v-1&quot;<`), name);
});

function pour(text: string): never {
  throw new TypeError(`not poured: ${text}`, { cause: new Error(text) });
}

test("secrets inside of texts are hidden: of addresses, parameters and headers, in values, titles and causes", async (t) => {
  const texts = [
    `postgres://app:pa/${secret}@db/x`, `postgres://app:p@${secret}@db/x`, `redis://:${secret}@h`, `redis://h?password=${secret}`,
    `sqlserver://h;Password=${secret};x=1`, `${"x".repeat(100)} postgres://app:${secret}@db`, `Bearer ${secret}`, `Basic ${secret}`,
    `/reset/?a=1&api_key=${secret}`, `connect failed: token=${secret}`,
  ]; // prettier-ignore
  for (const text of texts) {
    const site = await failing(
      t,
      (request) =>
        render(request, "page.html", { text, list: [text], inner: { text }, error: new Error(text), pour: () => pour(text) }),
      { templates: { "page.html": "{{ pour }}" } },
    );
    const { body } = await site.inject({ url: "/fail/", headers: { referer: `http://localhost/${text}`, "x-note": text } });
    assert.ok(body.includes("••••••"), text);
    assert.ok(!body.includes(secret), text);
  }
});

test("settings are shown without their secrets", async (t) => {
  const site = await failing(t, fail, { settings: { mailers: { default: `smtp://app:${secret}@mail` } } });
  const { body } = await site.inject("/fail/");
  assert.match(body, />secretKey<\/th><td class="mono">••••••</);
  assert.match(body, />allowedHosts</);
  assert.ok(!body.includes(secret));
  assert.ok(!body.includes("a secret key that is long enough"));
});

test("the queries of the request are shown with how long they took", async (t) => {
  const site = await failing(t, (request) => {
    const query = { sql: 'SELECT "x" FROM "shop_coffee"', milliseconds: 1.25, line: "shop/views.ts:3:1" };
    noteQueries(request, [query as never]);
    fail();
  });
  const { body } = await site.inject("/fail/");
  assert.match(body, /1 query/);
  assert.match(body, /SELECT &quot;x&quot; FROM/);
  assert.match(body, /1\.3 ms, asked for at shop\/views\.ts:3:1/);
});

test("programs and terminals are told in JSON and in text, while debug is on", async (t) => {
  const site = await failing(t, fail);
  const told = (await site.inject({ url: "/fail/", headers: { accept: "application/json" } })).json() as { error: { message: string; debug: { title: string; stack: string[] } } }; // prettier-ignore
  assert.equal(told.error.debug.title, "TypeError: the beans are out");
  assert.match(told.error.debug.stack[0]!, /error-reports\.test\.ts/);
  const missing = await site.inject({ url: "/gone/", headers: { accept: "application/json" } });
  assert.deepEqual(Object.keys(missing.json<{ error: object }>().error).sort(), ["code", "message"]);
  const text = await site.inject({ url: "/fail/", headers: { accept: "text/plain" } });
  assert.equal(text.headers["content-type"], "text/plain; charset=utf-8");
  assert.match(text.body, /^500 Internal Server Error\nTypeError: the beans are out\n\nbecause of RangeError/);
});

test("outside debug nothing is explained, to nobody", async (t) => {
  const site = await failing(t, fail, { debug: false });
  for (const accept of ["text/html", "application/json", "text/plain"]) {
    const { statusCode, body } = await site.inject({ url: "/fail/", headers: { accept } });
    assert.equal(statusCode, 500);
    assert.doesNotMatch(body, /beans|error-reports|secretKey|\bat /);
  }
});

test("a project's own handlers and templates make its pages of errors", async (t) => {
  const errorHandlers = {
    404: (request: HttpRequest) => render(request, "lost.html", {}, { status: 404 }),
    403: () => html("keep out"),
    500: () => fail(),
  };
  const templates = { "lost.html": "lost at {{ request.path }}", "500.html": "broken", "400.html": "bad {{ problem.message }}" };
  const urls = [
    path("403/", () => { throw new HttpError(403, "no"); }),
    path("400/", () => { throw new HttpError(400, "no beans"); }),
    path("500/", fail),
  ]; // prettier-ignore
  const site = await openSite(t, urls, { templates, settings: { errorHandlers } });
  const answers = await Promise.all(["/gone/", "/403/", "/400/"].map((url) => site.inject(url)));
  assert.deepEqual(answers.map(({ statusCode, body }) => `${statusCode} ${body}`), ["404 lost at /gone/", "403 keep out", "400 bad no beans"]); // prettier-ignore
  // A handler that fails itself leaves the plain page.
  const failed = await site.inject("/500/");
  assert.equal(failed.statusCode, 500);
  assert.match(failed.body, /Internal Server Error/);
});

test("in debug an address that leads nowhere is explained in place of the project's page", async (t) => {
  const errorHandlers = { 404: () => html("lost") };
  const site = await failing(t, fail, { templates: { "404.html": "lost" }, settings: { errorHandlers } });
  const { statusCode, body } = await site.inject("/gone/");
  assert.equal(statusCode, 404);
  assert.match(body, /These addresses were tried[^]+\/fail\//);
});

test("a project's own page for a form without its token", async (t) => {
  const urls = [path("form/", () => "x")];
  const own = await openSite(t, urls, { templates: { "403_csrf.html": "no token: {{ problem.code }}", "403.html": "no" } });
  const answer = await own.inject({ method: "POST", url: "/form/" });
  assert.deepEqual([answer.statusCode, answer.body], [403, "no token: HTTP_CSRF_FAILED"]);
  const general = await openSite(t, urls, { templates: { "403.html": "no" } });
  assert.equal((await general.inject({ method: "POST", url: "/form/" })).body, "no");
});
