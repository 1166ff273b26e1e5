import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import {
  apiView,
  byMethod,
  file,
  gotRequestException,
  type HttpRequest,
  HttpError,
  HttpResponse,
  json,
  methods,
  notFound,
  path,
  redirectTo,
  stream,
} from "cortado/http";
import { openSite } from "./open-site.ts";

test("a view may return text, an object, a buffer, a stream, a web response or nothing to say", async (t) => {
  const site = await openSite(t, [
    path("text/", () => "<p>hi</p>"),
    path("object/", async () => ({ big: 12345678901234567890n, list: [1] })),
    path("buffer/", () => Buffer.from([1, 2, 3])),
    path("stream/", () => Readable.from(["a", "b"])),
    path("web/", () => new Response("web", { status: 201, headers: { "x-from": "web" } })),
    path("empty/", () => null),
  ]);
  const text = await site.inject("/text/");
  assert.equal(text.headers["content-type"], "text/html; charset=utf-8");
  assert.equal(text.body, "<p>hi</p>");
  assert.deepEqual((await site.inject("/object/")).json(), { big: "12345678901234567890", list: [1] });
  assert.deepEqual([...(await site.inject("/buffer/")).rawPayload], [1, 2, 3]);
  assert.equal((await site.inject("/stream/")).body, "ab");
  const web = await site.inject("/web/");
  assert.deepEqual([web.statusCode, web.headers["x-from"], web.body], [201, "web", "web"]);
  assert.equal((await site.inject("/empty/")).statusCode, 204);
});

test("a view that returns undefined is told what it may return", async (t) => {
  const site = await openSite(t, [path("x/", function forgetful() {})], { settings: { debug: true } });
  const answer = await site.inject({ url: "/x/", headers: { accept: "application/json" } });
  assert.equal(answer.statusCode, 500);
  assert.deepEqual(answer.json(), {
    error: {
      code: "HTTP_NO_RESPONSE",
      message: "The view forgetful returned nothing for /x/.",
      hint: "Return a string, an object, a stream, a response, or null for an empty answer (204).",
    },
  });
});

test("every answer carries the security headers, and a view's own win", async (t) => {
  const site = await openSite(t, [
    path("", () => "x"),
    path("framed/", () => new HttpResponse("x", { headers: { "x-frame-options": "SAMEORIGIN" } })),
  ]);
  const { headers } = await site.inject("/");
  assert.equal(headers["x-frame-options"], "DENY");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["referrer-policy"], "same-origin");
  assert.equal(headers["cross-origin-opener-policy"], "same-origin");
  assert.equal((await site.inject("/framed/")).headers["x-frame-options"], "SAMEORIGIN");
  assert.equal((await site.inject("/nowhere/")).headers["x-frame-options"], "DENY");
});

test("http is sent to https, and https is told to stay, where the settings say so", async (t) => {
  const settings = { security: { sslRedirect: true, hstsSeconds: 60, hstsIncludeSubdomains: true }, trustProxy: true };
  const site = await openSite(t, [path("a/", () => "x")], { settings });
  const plain = await site.inject("/a/?b=1");
  assert.deepEqual([plain.statusCode, plain.headers.location], [301, "https://localhost:80/a/?b=1"]);
  const secure = await site.inject({ url: "/a/", headers: { "x-forwarded-proto": "https" } });
  assert.equal(secure.headers["strict-transport-security"], "max-age=60; includeSubDomains");
});

test("a missing slash is added on GET and named on POST", async (t) => {
  const site = await openSite(t, [path("coffee/", () => "x")]);
  const answer = await site.inject("/coffee?page=2");
  assert.deepEqual([answer.statusCode, answer.headers.location], [301, "/coffee/?page=2"]);
  const post = await site.inject({ method: "POST", url: "/coffee", headers: { accept: "application/json" } });
  assert.deepEqual(post.json(), {
    error: { code: "HTTP_NOT_FOUND", message: "There is no page at /coffee.", hint: "Did you mean /coffee/?" },
  });
});

test("the slash is never added in a way that leads to another host", async (t) => {
  const site = await openSite(t, [path("<path:any>/", () => "x")]);
  assert.equal((await site.inject({ url: "//evil.example/x" })).headers.location?.startsWith("//"), false);
});

test("a method that a view does not answer gets 405 with those it does", async (t) => {
  const site = await openSite(t, [
    path(
      "a/",
      methods(() => "x", ["GET"]),
    ),
    path("b/", byMethod({ GET: () => "got", PUT: () => "put" })),
  ]);
  const answer = await site.inject({
    method: "DELETE",
    url: "/a/",
    headers: { accept: "application/json" },
  });
  assert.equal(answer.statusCode, 403);
  const patch = await site.inject({ method: "OPTIONS", url: "/a/" });
  assert.deepEqual([patch.statusCode, patch.headers.allow], [204, "GET, HEAD, OPTIONS"]);
  assert.equal((await site.inject("/b/")).body, "got");
  const trace = await site.inject({ method: "TRACE" as "GET", url: "/b/", headers: { accept: "application/json" } });
  assert.deepEqual([trace.statusCode, trace.headers.allow], [405, "GET, PUT, HEAD, OPTIONS"]);
  assert.deepEqual(trace.json().error, {
    code: "HTTP_METHOD_NOT_ALLOWED",
    message: "TRACE is not allowed at /b/.",
    hint: "It answers GET, PUT, HEAD, OPTIONS.",
  });
});

test("HEAD is answered as GET without a body", async (t) => {
  const site = await openSite(t, [path("a/", () => "four")]);
  const answer = await site.inject({ method: "HEAD", url: "/a/" });
  assert.deepEqual([answer.statusCode, answer.headers["content-length"], answer.body], [200, "4", ""]);
});

test("errors are answers: JSON for programs and API views, a page for people", async (t) => {
  const fail = () => {
    throw new HttpError(409, "Already paid.", { code: "SHOP_PAID", hint: "Look at the receipt." });
  };
  const site = await openSite(t, [
    path("page/", fail),
    path("api/", apiView(fail)),
    path("gone/", () => notFound("No such coffee.")),
  ]);
  const page = await site.inject({ url: "/page/", headers: { accept: "text/html,*/*;q=0.8" } });
  assert.equal(page.statusCode, 409);
  assert.match(page.body, /<h1>Conflict<\/h1><p>Already paid\.<\/p>/);
  assert.deepEqual((await site.inject("/api/")).json(), {
    error: { code: "SHOP_PAID", message: "Already paid.", hint: "Look at the receipt." },
  });
  assert.equal((await site.inject("/gone/")).statusCode, 404);
});

test("what a view throws is not shown to strangers", async (t) => {
  const urls = [
    path("x/", async () => {
      throw new TypeError("the password is 1234 <b>");
    }),
  ];
  const site = await openSite(t, urls);
  for (const accept of ["text/html", "application/json"]) {
    const answer = await site.inject({ url: "/x/", headers: { accept } });
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /1234|TypeError|at .*\.ts/);
  }
  const debug = await openSite(t, urls, { settings: { debug: true } });
  assert.match((await debug.inject("/x/")).body, /the password is 1234 &lt;b&gt;/);
});

test("an error page that fails is replaced by the plain one", async (t) => {
  const site = await openSite(t, [], {
    errorPage: () => {
      throw new Error("the template is broken");
    },
  });
  const answer = await site.inject("/nothing/");
  assert.equal(answer.statusCode, 404);
  assert.match(answer.body, /<h1>Not Found<\/h1>/);
  assert.doesNotMatch(answer.body, /broken/);
});

test("middleware stands around the view, the first outermost, and sees errors as answers", async (t) => {
  const seen: string[] = [];
  const site = await openSite(
    t,
    [
      path("x/", () => {
        seen.push("view");
        throw new Error("no");
      }),
    ],
    {
      middleware: [
        async (_request, next) => {
          seen.push("first");
          return (await next()).setHeader("x-seen", String(seen.length));
        },
        async (_request, next) => {
          seen.push("second");
          const response = await next();
          seen.push(String(response.status));
          return response;
        },
      ],
    },
  );
  const answer = await site.inject("/x/");
  assert.deepEqual(seen, ["first", "second", "view", "500"]);
  assert.equal(answer.headers["x-seen"], "4");
});

test("a host that is not served gets 400", async (t) => {
  const site = await openSite(t, [path("", (request: HttpRequest) => request.host)]);
  assert.equal((await site.inject({ url: "/", headers: { host: "Shop.Example.com:8000" } })).body, "shop.example.com:8000");
  for (const host of ["evil.com", "example.com.evil.com", "localhost@evil.com", "localhost/x", "notexample.com", "localhost:x"]) {
    const answer = await site.inject({ url: "/", headers: { host, accept: "application/json" } });
    assert.equal(answer.statusCode, 400, host);
    assert.deepEqual(answer.json(), { error: { code: "HTTP_BAD_HOST", message: `The host "${host}" is not served here.` } });
  }
});

test("in debug the refusal of a host names the setting", async (t) => {
  const site = await openSite(t, [], { settings: { debug: true, allowedHosts: [] } });
  const answer = await site.inject({ url: "/", headers: { host: "cafe.test:80", accept: "application/json" } });
  assert.equal(answer.json().error.hint, 'Add it to the project\'s setting: allowedHosts: ["cafe.test"].');
  assert.equal((await site.inject("/")).statusCode, 404);
});

test("an address that cannot be decoded gets 400", async (t) => {
  const site = await openSite(t, [path("<path:x>", () => "x")]);
  for (const url of ["/%zz", "/%ff%fe"]) {
    const answer = await site.inject({ url, headers: { accept: "application/json" } });
    assert.equal(answer.statusCode, 400);
    assert.match(answer.body, /The address is not valid: it holds a broken percent escape or is not a path\./);
    assert.match(String(answer.headers["content-type"]), /^application\/json/);
    const page = await site.inject({ url, headers: { accept: "text/html,*/*;q=0.8" } });
    assert.match(page.body, /^<!doctype html>[^]*The address is not valid/);
  }
});

test("a cookie's attributes cannot carry others", () => {
  const message = 'The cookie "a" cannot be set: its path or domain holds a forbidden character.';
  assert.throws(() => new HttpResponse(null).setCookie("a", "x", { path: "/; Domain=evil.com" }), {
    code: "HTTP_BAD_COOKIE",
    message,
  });
});

test("headers with line breaks are refused, in redirects too", async (t) => {
  const message = 'The header "x-name" cannot be sent: its name or value holds a line break or another forbidden character.';
  const hint = "Encode what comes from a client before it goes into a header.";
  assert.throws(() => new HttpResponse(null).setHeader("x-name", "a\r\nset-cookie: b=c"), {
    code: "HTTP_BAD_HEADER",
    message,
    hint,
  });
  assert.throws(() => redirectTo("/x\r\nset-cookie: a=b"), { code: "HTTP_BAD_REDIRECT" });
  assert.throws(() => redirectTo("javascript:alert(1)"), {
    code: "HTTP_BAD_REDIRECT",
    message: 'A redirect to "javascript:alert(1)" is refused: only http, https and relative addresses are followed.',
    hint: "Check addresses that come from a client with isSafeRedirect(url, request.host).",
  });
  const site = await openSite(t, [path("x/", (request: HttpRequest) => redirectTo(`/y/?q=${request.query.get("q")}`))]);
  assert.equal((await site.inject("/x/?q=%0d%0aset-cookie:a=b")).statusCode, 500);
  assert.equal((await site.inject("/x/?q=é")).headers.location, "/y/?q=%C3%A9");
});

test("a cookie that cannot be sent is refused", async (t) => {
  const site = await openSite(t, [path("x/", () => json({}).setCookie("a b", "x"))], { settings: { debug: true } });
  const answer = await site.inject({ url: "/x/", headers: { accept: "application/json" } });
  assert.equal(answer.statusCode, 500);
  assert.equal(answer.json().error.code, "HTTP_BAD_COOKIE");
  assert.equal(answer.json().error.message, 'The cookie "a b" cannot be set: its name holds a character that cookies forbid.');
});

test("a cookie's value cannot break out of its header", async (t) => {
  const site = await openSite(t, [path("x/", () => json({}).setCookie("a", "x; Domain=evil.com\r\nb: c", { maxAge: 60 }))]);
  assert.equal(
    String((await site.inject("/x/")).headers["set-cookie"]),
    "a=x%3B%20Domain%3Devil.com%0D%0Ab%3A%20c; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
  );
});

test("a header that was written past its check fails one answer, not the server", async (t) => {
  const site = await openSite(t, [
    path("bad/", () => {
      const response = json({});
      response.headers["x-name"] = "a\r\nb: c";
      return response;
    }),
    path("good/", () => "good"),
  ]);
  const address = (await site.listen({ port: 0, host: "127.0.0.1" })).replace("127.0.0.1", "localhost");
  const bad = await fetch(`${address}/bad/`).catch(() => undefined);
  assert.equal(bad?.headers.get("b") ?? null, null);
  assert.equal(await (await fetch(`${address}/good/`)).text(), "good");
});

test("a file is streamed with its type and size", async (t) => {
  const site = await openSite(t, [
    path("me/", () => file(import.meta.filename, { contentType: "text/plain", download: "it's.ts" })),
    path("no/", () => file("/nowhere")),
  ]);
  const answer = await site.inject("/me/");
  assert.equal(Number(answer.headers["content-length"]), answer.rawPayload.length);
  assert.equal(answer.headers["content-disposition"], `attachment; filename="it's.ts"`);
  assert.equal((await site.inject("/no/")).statusCode, 404);
});

test("routes and hooks of Fastify work beside the views, and its routes win", async (t) => {
  const site = await openSite(t, [path("a/", () => "view"), path("b/", () => "view")]);
  site.get("/a/", async () => "plugin");
  site.post("/parsed", async (request) => request.body);
  site.addHook("onSend", async (_request, reply) => void reply.header("x-hook", "yes"));
  assert.equal((await site.inject("/a/")).body, "plugin");
  const view = await site.inject("/b/");
  assert.deepEqual([view.body, view.headers["x-hook"]], ["view", "yes"]);
  assert.deepEqual((await site.inject({ method: "POST", url: "/parsed", payload: { a: 1 } })).json(), { a: 1 });
});

test("request.signal is aborted when the client goes away, which is logged as 499 and is no failure", async (t) => {
  const lines: string[] = [];
  const told: unknown[] = [];
  t.after(gotRequestException.connect(({ error }) => void told.push(error)));
  const aborted = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const site = await openSite(
    t,
    [
      path("slow/", async (request: HttpRequest) => {
        request.signal.addEventListener("abort", () => aborted.resolve());
        started.resolve();
        await aborted.promise;
        throw request.signal.reason;
      }),
    ],
    { fastify: { logger: { stream: { write: (line: string) => void lines.push(line) } } } },
  );
  const address = await site.listen({ port: 0, host: "127.0.0.1" });
  const controller = new AbortController();
  const call = fetch(`${address.replace("127.0.0.1", "localhost")}/slow/`, { signal: controller.signal }).catch(() => "gone");
  await started.promise;
  controller.abort();
  await aborted.promise;
  assert.equal(await call, "gone");
  await site.close();
  const of = (line: string) => JSON.parse(line) as { msg: string; url?: string; status?: number };
  const requests = lines.map(of).filter(({ msg }) => !msg.startsWith("Server listening"));
  assert.deepEqual(
    requests.map(({ msg, url, status }) => [msg, url, status]),
    [["answered", "/slow/", 499]],
  );
  assert.deepEqual(told, []);
});

test("a stream that fails half way breaks off the answer, and the log and the signal tell of it", async (t) => {
  const lines: string[] = [];
  const told: unknown[] = [];
  const stop = gotRequestException.connect(({ error }) => void told.push((error as Error).message));
  t.after(() => stop());
  async function* halves() {
    yield "one";
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error("The soup boiled over.");
  }
  const logger = { level: "error", stream: { write: (line: string) => void lines.push(line) } };
  const site = await openSite(t, [path("broken/", () => stream(halves()))], {
    settings: { allowedHosts: ["*"] },
    fastify: { logger },
  });
  const answer = await fetch(`${await site.listen({ port: 0 })}/broken/`);
  await assert.rejects(answer.text());
  const [line = "{}", ...more] = lines;
  const { msg, err } = JSON.parse(line) as { msg: string; err: { message: string } };
  assert.deepEqual(
    [msg, err.message, more, told],
    ["The answer broke off.", "The soup boiled over.", [], ["The soup boiled over."]],
  );
});
