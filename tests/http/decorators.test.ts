import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MemoryCache, useCaches } from "cortado/cache";
import {
  afterView,
  cacheControl,
  condition,
  csrfExempt,
  csrfProtect,
  ensureCsrfCookie,
  etag,
  html,
  HttpError,
  lastModified,
  negotiate,
  neverCache,
  noAppendSlash,
  path,
  networkOf,
  rateLimit,
  requireGet,
  requirePost,
  requireSafe,
  sensitivePostParameters,
  varyOn,
  type View,
  viewMarks,
  xframeDeny,
  xframeExempt,
  xframeSameOrigin,
} from "cortado/http";
import { openSite } from "./open-site.ts";

const view = () => html("page");

test("a view is read by GET and HEAD alone, or called by POST alone", async (t) => {
  const site = await openSite(t, [
    path("get/", requireGet(view)),
    path("safe/", requireSafe(view)),
    path("post/", csrfExempt(requirePost(view))),
  ]);
  const status = async (method: "GET" | "HEAD" | "POST", url: string) => (await site.inject({ method, url })).statusCode;
  assert.deepEqual(
    await Promise.all([status("GET", "/get/"), status("HEAD", "/get/"), status("HEAD", "/safe/")]),
    [200, 200, 200],
  );
  assert.deepEqual(await Promise.all([status("POST", "/post/"), status("GET", "/post/")]), [200, 405]);
  assert.equal((await site.inject("/post/")).headers["allow"], "POST, OPTIONS");
});

describe("what is said of keeping an answer", () => {
  const header = async (t: Parameters<typeof openSite>[0], decorated: View, name = "cache-control") =>
    (await (await openSite(t, [path("", decorated)])).inject("/")).headers[name];

  test("directives are joined, the shorter time and the last word of public and private count", async (t) => {
    assert.equal(await header(t, cacheControl(view, { maxAge: 60, mustRevalidate: true })), "max-age=60, must-revalidate");
    assert.equal(await header(t, cacheControl(cacheControl(view, { maxAge: 60, public: true }), { maxAge: 600, private: true })), "max-age=60, private"); // prettier-ignore
    assert.equal(await header(t, cacheControl(view, { sMaxage: 5, staleWhileRevalidate: 9, immutable: false })), "s-maxage=5, stale-while-revalidate=9"); // prettier-ignore
  });

  test("never means never, and names a time that is over", async (t) => {
    assert.equal(await header(t, neverCache(view)), "max-age=0, no-cache, no-store, must-revalidate, private");
    assert.ok(Date.parse(String(await header(t, neverCache(view), "expires"))) <= Date.now());
  });

  test("an answer names the headers that it depends on, each once", async (t) => {
    assert.equal(await header(t, varyOn(varyOn(view, "Cookie"), "cookie", "Accept-Language"), "vary"), "Cookie, Accept-Language");
  });
});

describe("conditional requests", () => {
  const changed = new Date("2026-03-01T10:00:00.500Z");
  const at = (seconds: number) => new Date(changed.getTime() + seconds * 1000).toUTCString();
  const calls: string[] = [];
  const counted: View = (request) => {
    calls.push(request.method);
    return "page";
  };
  const both = csrfExempt(condition(counted, { etag: () => "v1", lastModified: () => changed }));
  const urls = [
    path("both/", both),
    path("weak/", csrfExempt(etag(counted, () => 'W/"v1"'))),
    path("time/", csrfExempt(lastModified(counted, () => changed))),
    path("none/", csrfExempt(condition(counted, { etag: () => null, lastModified: () => undefined }))),
  ];
  type Case = [url: string, method: "GET" | "HEAD" | "PUT", headers: Record<string, string>, status: number];
  const cases: Case[] = [
    ["both", "GET", {}, 200],
    ["both", "GET", { "if-none-match": '"v1"' }, 304],
    ["both", "HEAD", { "if-none-match": '"v0", W/"v1"' }, 304],
    ["both", "GET", { "if-none-match": "*" }, 304],
    ["both", "PUT", { "if-none-match": "*" }, 412],
    ["both", "GET", { "if-none-match": '"v0"' }, 200],
    // An ETag that differs outweighs a time that does not.
    ["both", "GET", { "if-none-match": '"v0"', "if-modified-since": at(0) }, 200],
    ["both", "GET", { "if-modified-since": at(0) }, 304],
    ["both", "GET", { "if-modified-since": at(-1) }, 200],
    ["both", "GET", { "if-modified-since": "yesterday" }, 200],
    ["both", "PUT", { "if-modified-since": at(0) }, 200],
    ["both", "PUT", { "if-match": '"v1"' }, 200],
    ["both", "PUT", { "if-match": '"v0"' }, 412],
    ["both", "GET", { "if-match": '"v0"' }, 412],
    ["both", "PUT", { "if-match": "*" }, 200],
    // The ETag is right, so the time is not asked.
    ["both", "PUT", { "if-match": '"v1"', "if-unmodified-since": at(-60) }, 200],
    ["both", "PUT", { "if-unmodified-since": at(-60) }, 412],
    ["both", "PUT", { "if-unmodified-since": at(0) }, 200],
    ["both", "GET", { "if-match": '"v1"', "if-none-match": '"v1"' }, 304],
    ["weak", "PUT", { "if-match": 'W/"v1"' }, 412],
    ["weak", "GET", { "if-none-match": '"v1"' }, 304],
    ["time", "GET", { "if-none-match": '"v1"' }, 200],
    ["none", "PUT", { "if-match": "*" }, 412],
    ["none", "PUT", { "if-unmodified-since": at(0) }, 412],
    ["none", "GET", { "if-none-match": "*", "if-modified-since": at(0) }, 200],
  ];

  for (const [url, method, headers, status] of cases)
    test(`${method} of ${url} with ${JSON.stringify(headers)} is ${status}`, async (t) => {
      const site = await openSite(t, urls);
      calls.length = 0;
      const answer = await site.inject({ method, url: `/${url}/`, headers });
      assert.equal(answer.statusCode, status);
      assert.equal(calls.length, status === 200 ? 1 : 0);
      if (status === 304) assert.equal(answer.body, "");
    });

  test("the answer carries what it is known by", async (t) => {
    const site = await openSite(t, urls);
    const whole = await site.inject("/both/");
    assert.deepEqual([whole.headers["etag"], whole.headers["last-modified"]], ['"v1"', at(0)]);
    const known = await site.inject({ url: "/both/", headers: { "if-none-match": '"v1"' } });
    assert.deepEqual([known.headers["etag"], known.headers["content-type"]], ['"v1"', undefined]);
    assert.equal((await site.inject({ method: "PUT", url: "/both/" })).headers["etag"], undefined);
  });
});

describe("frames", () => {
  test("a view says who may show it", async (t) => {
    const urls = [path("plain/", view), path("deny/", xframeDeny(view)), path("same/", xframeSameOrigin(view)), path("any/", xframeExempt(view))]; // prettier-ignore
    const site = await openSite(t, urls, { settings: { security: { frameOptions: "SAMEORIGIN" } } });
    const header = async (url: string) => (await site.inject(url)).headers["x-frame-options"];
    assert.deepEqual(await Promise.all(["/plain/", "/deny/", "/same/", "/any/"].map(header)), ["SAMEORIGIN", "DENY", "SAMEORIGIN", undefined]); // prettier-ignore
  });
});

describe("csrf", () => {
  test("what is exempt can be protected again, and a page without a form can ask for the cookie", async (t) => {
    const site = await openSite(t, [path("again/", csrfProtect(csrfExempt(view))), path("cookie/", ensureCsrfCookie(view))]);
    assert.equal((await site.inject({ method: "POST", url: "/again/" })).statusCode, 403);
    const [cookie] = (await site.inject("/cookie/")).cookies;
    assert.equal(cookie?.name, "csrftoken");
  });
});

describe("rate limits", () => {
  test("a caller who comes too often is told when to come back", async (t) => {
    const limited = rateLimit(view, { rate: "2/h" });
    const site = await openSite(t, [path("", limited)]);
    const ask = () => site.inject({ url: "/" });
    const first = await ask();
    assert.deepEqual([first.statusCode, first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]], [200, "2", "1"]);
    assert.equal((await ask()).headers["ratelimit-remaining"], "0");
    const refused = await site.inject({ url: "/", headers: { accept: "application/json" } });
    assert.equal(refused.statusCode, 429);
    assert.ok(Number(refused.headers["retry-after"]) > 0 && Number(refused.headers["retry-after"]) <= 3600);
    assert.deepEqual(refused.json().error, {
      code: "HTTP_TOO_MANY_REQUESTS",
      message: "Too many requests: 2/h are answered.",
      hint: "Wait for the seconds that the header Retry-After says.",
    });
  });

  test("who has an IPv6 address has all of its network, and gets no more calls for that", async (t) => {
    const site = await openSite(t, [path("", rateLimit(view, { rate: "1/h" }))]);
    const from = async (remoteAddress: string) => (await site.inject({ url: "/", remoteAddress })).statusCode;
    assert.deepEqual([await from("2001:db8:1:2::1"), await from("2001:DB8:1:2:ffff::9"), await from("2001:db8:1:3::1")], [200, 429, 200]); // prettier-ignore
    assert.deepEqual([await from("203.0.113.9"), await from("::ffff:203.0.113.9"), await from("203.0.113.10")], [200, 429, 200]);
    const networks = { "1::2:3:4:5:6:7": "1:0:2:3::/64", "::1": "0:0:0:0::/64", "fe80::1%eth0": "fe80:0:0:0::/64", unix: "unix" };
    for (const [address, network] of Object.entries(networks)) assert.equal(networkOf(address), network);
  });

  test("callers are told apart by address, by user, or by what a function answers", async (t) => {
    const byName = rateLimit(view, { rate: "1/h", key: (request) => request.query.get("name") ?? "" });
    const byUser = rateLimit(view, { rate: "1/h", key: "user" });
    const asUser = (request: object) => void Object.assign(request, { user: { id: 7 } });
    const site = await openSite(t, [path("name/", byName), path("user/", byUser)], { prepareRequest: [asUser] });
    const status = async (url: string, remoteAddress = "10.0.0.1") => (await site.inject({ url, remoteAddress })).statusCode;
    assert.deepEqual(
      [await status("/name/?name=a"), await status("/name/?name=b"), await status("/name/?name=a")],
      [200, 200, 429],
    );
    assert.deepEqual([await status("/user/"), await status("/user/", "10.0.0.2")], [200, 429]);
  });

  test("only some methods may count, and views of one group are counted together", async (t) => {
    const login = rateLimit(view, { rate: "1/h", methods: ["POST"], group: "login" });
    const again = rateLimit(view, { rate: "1/h", group: "login" });
    const site = await openSite(t, [path("login/", csrfExempt(login)), path("again/", again)]);
    assert.equal((await site.inject("/login/")).statusCode, 200);
    assert.equal((await site.inject({ method: "POST", url: "/login/" })).statusCode, 200);
    assert.equal((await site.inject("/again/")).statusCode, 429);
  });

  test("calls at once are counted each", async (t) => {
    const site = await openSite(t, [path("", rateLimit(view, { rate: "5/h" }))]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.inject("/")));
    assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 5);
  });

  test("a rate that cannot be read is refused where it is written", () => {
    assert.throws(() => rateLimit(view, { rate: "10/month" }), {
      code: "HTTP_BAD_RATE",
      message: 'The rate "10/month" cannot be read.',
      hint: 'Write calls, a slash and a time in s, m, h or d: "10/m", "5/10s".',
    });
  });

  useCaches({ default: new MemoryCache() });
});

describe("content negotiation", () => {
  const urls = [path("coffee/", negotiate({ "text/html": () => "<p>Latte</p>", "application/json": () => ({ name: "Latte" }) }))];

  test("the type that the client wants most answers", async (t) => {
    const site = await openSite(t, urls);
    const type = async (accept?: string) => (await site.inject({ url: "/coffee/", headers: accept === undefined ? {} : { accept } })).headers["content-type"]; // prettier-ignore
    assert.equal(await type(), "text/html; charset=utf-8");
    assert.equal(await type("application/json"), "application/json; charset=utf-8");
    assert.equal(await type("text/*;q=0.5, application/*;q=0.9"), "application/json; charset=utf-8");
    assert.equal(await type("*/*"), "text/html; charset=utf-8");
    assert.equal((await site.inject("/coffee/")).headers["vary"], "Accept");
  });

  test("a client that wants none of them is told which there are", async (t) => {
    const site = await openSite(t, urls);
    const answer = await site.inject({ url: "/coffee/", headers: { accept: "image/png, application/problem+json" } });
    assert.equal(answer.statusCode, 406);
    assert.match(answer.body, /There is text\/html, application\/json: name one in the header Accept\./);
    assert.match(answer.body, /Nothing here is of a type that &quot;image\/png, application\/problem\+json&quot; takes\./);
    const error = new HttpError(406, "");
    assert.equal(error.code, "HTTP_NOT_ACCEPTABLE");
  });

  test("a request says what its client takes", async (t) => {
    const view: View = (request) => ({
      html: request.accepts("text/html"),
      plain: request.accepts("text/plain;format=flowed"),
      best: request.preferredType(["text/html", "text/plain"]) ?? null,
      none: request.preferredType(["image/png"]) ?? null,
    });
    const site = await openSite(t, [path("", view)]);
    const answer = await site.inject({ url: "/", headers: { accept: "text/html;q=0.1, text/plain;format=flowed" } });
    assert.deepEqual(answer.json(), { html: true, plain: true, best: "text/html", none: null });
  });
});

test("an address without its slash is not sent on where the view says so", async (t) => {
  const site = await openSite(t, [path("a/", view), path("b/", noAppendSlash(view))]);
  assert.deepEqual([(await site.inject("/a")).statusCode, (await site.inject("/b")).statusCode], [301, 404]);
});

test("fields that reports do not show are marked on the view", () => {
  assert.deepEqual(viewMarks(sensitivePostParameters(view, "cvc")).sensitiveFields, ["cvc"]);
  assert.equal(viewMarks(sensitivePostParameters(view)).sensitiveFields, true);
});

test("a decorator of one's own changes what a view answers, whatever the view returns", async (t) => {
  const branded = <P>(plain: View<P>): View<P> => afterView(plain, (response) => void response.setHeader("x-roast", "dark"));
  const site = await openSite(t, [
    path(
      "",
      branded(() => ({ name: "Latte" })),
    ),
  ]);
  const answer = await site.inject("/");
  assert.deepEqual([answer.headers["x-roast"], answer.json()], ["dark", { name: "Latte" }]);
});
