import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { describe, test, type TestContext } from "node:test";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type BrokenLink,
  brokenLinks,
  compression,
  conditionalGet,
  CSP,
  cspOverride,
  cspReportOnlyOverride,
  eventStream,
  file,
  gzipPage,
  html,
  HttpResponse,
  type Middleware,
  path,
  Resolver,
  setCurrentResolver,
  stream,
  urlsByHost,
} from "cortado/http";
import { openSite } from "./open-site.ts";
import { reverse } from "../any-address.ts";

const page = "<p>Latte &amp; Mocha</p>".repeat(50);

describe("compression", () => {
  const urls = [
    path("page/", () => html(page)),
    path("short/", () => html("short")),
    path("data/", () => ({ page })),
    path("image/", () => new HttpResponse(Buffer.alloc(1000), { headers: { "content-type": "image/png" } })),
    path(
      "done/",
      () => new HttpResponse(Buffer.alloc(1000), { headers: { "content-type": "text/plain", "content-encoding": "br" } }),
    ),
    path("stream/", () => stream(page.match(/.{1,100}/g)!, { headers: { "content-type": "text/html" } })),
    path("events/", (request) => eventStream(request, async function* () { yield { data: page }; })), // prettier-ignore
    path("tagged/", () => new HttpResponse(page, { headers: { "content-type": "text/html", etag: '"v1"' } })),
    path("empty/", () => null),
  ];
  const middleware = [compression()];
  const ask = async (t: TestContext, url: string, encoding: string | undefined) =>
    (await openSite(t, urls, { middleware })).inject({
      url,
      headers: encoding === undefined ? {} : { "accept-encoding": encoding },
    });

  test("brotli and gzip are used as the client weighs them", async (t) => {
    const both = await ask(t, "/page/", "gzip, deflate, br");
    assert.equal(both.headers["content-encoding"], "br");
    assert.equal(brotliDecompressSync(both.rawPayload).toString(), page);
    assert.equal(both.headers["vary"], "Accept-Encoding");
    assert.equal(Number(both.headers["content-length"]), both.rawPayload.length);
    const gzip = await ask(t, "/page/", "gzip;q=1.0, br;q=0.5");
    assert.equal(gzip.headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(gzip.rawPayload).toString(), page);
    assert.equal((await ask(t, "/page/", "*")).headers["content-encoding"], "br");
    assert.equal((await ask(t, "/page/", "br;q=0, gzip")).headers["content-encoding"], "gzip");
    for (const none of ["identity", "gzip;q=0", "deflate", undefined]) {
      const plain = await ask(t, "/page/", none);
      assert.deepEqual([plain.headers["content-encoding"], plain.body], [undefined, page]);
      assert.equal(plain.headers["vary"], "Accept-Encoding");
    }
  });

  test("zstandard is used where a project asks for it", async (t) => {
    const site = await openSite(t, urls, { middleware: [compression({ encodings: ["zstd", "br"] })] });
    const answer = await site.inject({ url: "/page/", headers: { "accept-encoding": "br, zstd" } });
    assert.equal(answer.headers["content-encoding"], "zstd");
    assert.equal(zstdDecompressSync(answer.rawPayload).toString(), page);
  });

  test("what is short, compressed already, no text, empty, or a stream of events goes as it is", async (t) => {
    for (const url of ["/short/", "/image/", "/events/", "/empty/"])
      assert.equal((await ask(t, url, "gzip, br")).headers["content-encoding"], undefined, url);
    assert.equal((await ask(t, "/done/", "gzip")).headers["content-encoding"], "br");
  });

  test("a stream is compressed as it flows, and an ETag becomes a weak one", async (t) => {
    const gzip = await ask(t, "/stream/", "gzip");
    assert.equal(gunzipSync(gzip.rawPayload).toString(), page);
    assert.equal(brotliDecompressSync((await ask(t, "/stream/", "br")).rawPayload).toString(), page);
    assert.equal((await ask(t, "/tagged/", "gzip")).headers["etag"], 'W/"v1"');
  });

  test("the length of a compressed page tells nothing exactly: it differs from time to time", async (t) => {
    const site = await openSite(t, urls, { middleware });
    for (const encoding of ["gzip", "br"]) {
      const lengths = new Set<number>();
      for (let i = 0; i < 12; i++)
        lengths.add((await site.inject({ url: "/page/", headers: { "accept-encoding": encoding } })).rawPayload.length);
      assert.ok(lengths.size > 1, encoding);
    }
  });

  test("one view alone can be compressed", async (t) => {
    const site = await openSite(t, [
      path(
        "a/",
        gzipPage(() => page),
      ),
      path("b/", () => page),
    ]);
    const encoding = async (url: string) =>
      (await site.inject({ url, headers: { "accept-encoding": "gzip" } })).headers["content-encoding"];
    assert.deepEqual([await encoding("/a/"), await encoding("/b/")], ["gzip", undefined]);
  });
});

describe("conditional GET", () => {
  test("an answer that the client has is not sent again", async (t) => {
    const urls = [path("a/", () => "page"), path("kept/", () => new HttpResponse("x", { headers: { "cache-control": "no-store" } })), path("s/", () => stream(["x"]))]; // prettier-ignore
    const site = await openSite(t, urls, { middleware: [conditionalGet] });
    const etag = String((await site.inject("/a/")).headers["etag"]);
    const again = await site.inject({ url: "/a/", headers: { "if-none-match": etag } });
    assert.deepEqual([again.statusCode, again.body, again.headers["etag"]], [304, "", etag]);
    assert.equal((await site.inject("/kept/")).headers["etag"], undefined);
    assert.deepEqual([(await site.inject("/s/")).headers["etag"], (await site.inject("/s/")).body], [undefined, "x"]);
  });

  test("it agrees with compression inside and outside of it", async (t) => {
    for (const middleware of [
      [conditionalGet, compression()],
      [compression(), conditionalGet],
    ]) {
      // prettier-ignore
      const site = await openSite(t, [path("", () => html(page))], { middleware });
      const headers = { "accept-encoding": "identity" };
      const etag = String((await site.inject({ url: "/", headers })).headers["etag"]);
      assert.equal((await site.inject({ url: "/", headers: { ...headers, "if-none-match": etag } })).statusCode, 304);
    }
  });
});

describe("content security policy", () => {
  const csp = {
    "default-src": [CSP.self],
    "script-src": [CSP.self, CSP.nonce],
    "upgrade-insecure-requests": true,
    "img-src": null,
  };
  const urls = [
    path("plain/", () => "page"),
    path("nonce/", (request) => `<script nonce="${request.cspNonce}"></script>`),
    path(
      "own/",
      cspOverride(() => "page", { "default-src": CSP.none }),
    ),
    path(
      "off/",
      cspOverride(() => "page", {}),
    ),
    path(
      "report/",
      cspReportOnlyOverride(() => "page", { "default-src": "https:" }),
    ),
    path("fails/", () => { throw new Error("broken"); }), // prettier-ignore
  ];

  test("the project's policy goes with each answer, a view may have its own", async (t) => {
    const site = await openSite(t, urls, { settings: { security: { csp, cspReportOnly: { "img-src": CSP.self } } } });
    const policy = async (url: string, name = "content-security-policy") => (await site.inject(url)).headers[name];
    const plain = "default-src 'self'; script-src 'self'; upgrade-insecure-requests";
    assert.equal(await policy("/plain/"), plain);
    assert.equal(await policy("/plain/", "content-security-policy-report-only"), "img-src 'self'");
    assert.equal(await policy("/own/"), "default-src 'none'");
    assert.equal(await policy("/off/"), undefined);
    assert.equal(await policy("/report/", "content-security-policy-report-only"), "default-src https:");
    assert.equal(await policy("/fails/"), plain);
    assert.equal(await policy("/missing/"), plain);
  });

  test("the nonce of a page is the one of its policy, and another each time", async (t) => {
    const site = await openSite(t, urls, { settings: { security: { csp } } });
    const answers = [await site.inject("/nonce/"), await site.inject("/nonce/")];
    const nonces = answers.map(({ body, headers }) => {
      const nonce = /nonce="([\w-]{22})"/.exec(body)![1]!;
      assert.match(String(headers["content-security-policy"]), new RegExp(`script-src 'self' 'nonce-${nonce}'`));
      return nonce;
    });
    assert.notEqual(nonces[0], nonces[1]);
  });
});

describe("settings that answer before any view", () => {
  test("programs that are not wanted get 403", async (t) => {
    const site = await openSite(t, [path("", () => "page")], { settings: { disallowedUserAgents: [/^BadBot/g] } });
    const status = async (agent: string) => (await site.inject({ url: "/", headers: { "user-agent": agent } })).statusCode;
    assert.deepEqual([await status("BadBot/1.0"), await status("BadBot/1.0"), await status("Firefox")], [403, 403, 200]);
    const answer = await site.inject({ url: "/", headers: { "user-agent": "BadBot", accept: "application/json" } });
    assert.deepEqual(answer.json(), { error: { code: "HTTP_AGENT_REFUSED", message: "This program is not answered here." } });
  });

  test("a host without www is sent on to the one with it", async (t) => {
    const site = await openSite(t, [path("a/", () => "page")], { settings: { prependWww: true } });
    const ask = (host: string) => site.inject({ url: "/a/?q=1", headers: { host } });
    const answer = await ask("example.com");
    assert.deepEqual([answer.statusCode, answer.headers["location"]], [301, "http://www.example.com/a/?q=1"]);
    assert.equal((await ask("www.example.com")).statusCode, 200);
    assert.equal((await ask("evil.org")).statusCode, 400);
  });

  test("a project behind a prefix redirects within it", async (t) => {
    const site = await openSite(t, [path("a/", () => "page")], { settings: { urlPrefix: "/shop/" } });
    assert.equal((await site.inject("/shop/a/")).statusCode, 200);
    assert.equal((await site.inject("/shop/a")).headers["location"], "/shop/a/");
    assert.equal((await site.inject("/a")).headers["location"], "/shop/a/");
  });
});

test("links of pages that lead nowhere are told of", async (t) => {
  const links: BrokenLink[] = [];
  const middleware = [brokenLinks({ notify: (link) => void links.push(link), ignore: [/favicon/] })];
  const site = await openSite(t, [path("a/", () => "page")], { middleware });
  const ask = (url: string, referer?: string) =>
    site.inject({ url, headers: { host: "localhost", ...(referer ? { referer } : {}) } });
  await ask("/gone/", "http://localhost/a/");
  await ask("/gone/", "https://other.example/list");
  await ask("/gone/", "http://localhost/gone");
  await ask("/gone/");
  await ask("/favicon.ico", "http://localhost/a/");
  await ask("/a/", "http://localhost/b/");
  assert.deepEqual(
    links.map(({ url, referer, isInternal }) => [url, referer, isInternal]),
    [
      ["http://localhost/gone/", "http://localhost/a/", true],
      ["http://localhost/gone/", "https://other.example/list", false],
    ],
  );
});

test("a host can have addresses of its own", async (t) => {
  const urls = [path("", () => `project ${reverse("price")}`), path("price/", () => "price", { name: "price" })];
  const partners = [path("", () => `partners ${reverse("price")}`), path("rates/", () => "rates", { name: "price" })];
  setCurrentResolver(new Resolver(urls));
  t.after(() => setCurrentResolver(undefined));
  const site = await openSite(t, urls, { middleware: [urlsByHost({ "Partners.example.com": partners })] });
  const ask = async (url: string, host: string) => site.inject({ url, headers: { host } });
  const [ours, theirs] = await Promise.all([ask("/", "shop.example.com"), ask("/", "partners.example.com:8000")]);
  assert.deepEqual([ours.body, theirs.body], ["project /price/", "partners /rates/"]);
  assert.equal((await ask("/price/", "partners.example.com")).statusCode, 404);
  assert.equal((await ask("/rates", "partners.example.com")).headers["location"], "/rates/");
});

describe("middleware of one's own", () => {
  test("it stands around the view in the order of the list, and sees where the request goes", async (t) => {
    const order: string[] = [];
    const named =
      (name: string): Middleware =>
      async (request, next) => {
        order.push(`${name} before ${request.resolved?.viewName} ${JSON.stringify(request.resolved?.params)}`);
        const response = await next();
        order.push(`${name} after`);
        return response;
      };
    const site = await openSite(t, [path("x/<int:id>/", () => "page", { name: "x" })], {
      middleware: [named("outer"), named("inner")],
    });
    await site.inject("/x/3/");
    assert.deepEqual(order, ['outer before x {"id":3}', 'inner before x {"id":3}', "inner after", "outer after"]);
  });

  test("it may answer an error that a view threw", async (t) => {
    class SoldOut extends Error {}
    const soldOut: Middleware = async (_request, next) => {
      const response = await next();
      return response.error instanceof SoldOut ? html("sold out", { status: 409 }) : response;
    };
    const fail = (): never => {
      throw new SoldOut();
    };
    const site = await openSite(t, [path("", fail)], { middleware: [soldOut] });
    assert.deepEqual([(await site.inject("/")).statusCode, (await site.inject("/")).body], [409, "sold out"]);
  });
});

describe("files", () => {
  const me = import.meta.filename;
  const urls = [path("me/", () => file(me)), path("named/", () => file(me, { download: "메뉴 100%.pdf" }))];

  test("a part of a file is sent where it is asked for", async (t) => {
    const site = await openSite(t, urls);
    const whole = await site.inject("/me/");
    const size = whole.rawPayload.length;
    const part = (range: string, headers = {}) => site.inject({ url: "/me/", headers: { range, ...headers } });
    const first = await part("bytes=0-9");
    assert.deepEqual([first.statusCode, first.headers["content-range"], first.headers["content-length"]], [206, `bytes 0-9/${size}`, "10"]); // prettier-ignore
    assert.deepEqual(first.rawPayload, whole.rawPayload.subarray(0, 10));
    assert.deepEqual((await part("bytes=-5")).rawPayload, whole.rawPayload.subarray(-5));
    assert.deepEqual((await part(`bytes=${size - 3}-99999999`)).rawPayload, whole.rawPayload.subarray(-3));
    const beyond = await part(`bytes=${size}-`);
    assert.deepEqual([beyond.statusCode, beyond.headers["content-range"], beyond.body], [416, `bytes */${size}`, ""]);
    for (const odd of ["bytes=9-0", "bytes=0-1,3-4", "lines=1-2", "bytes=-"])
      assert.equal((await part(odd)).statusCode, 200, odd);
    const etag = String(whole.headers["etag"]);
    assert.equal((await part("bytes=0-9", { "if-range": etag })).statusCode, 206);
    assert.equal((await part("bytes=0-9", { "if-range": '"another"' })).statusCode, 200);
  });

  test("a file that the client has is not sent again", async (t) => {
    const site = await openSite(t, urls);
    const { etag, "last-modified": changed } = (await site.inject("/me/")).headers as Record<string, string>;
    assert.equal((await site.inject({ url: "/me/", headers: { "if-none-match": etag } })).statusCode, 304);
    assert.equal((await site.inject({ url: "/me/", headers: { "if-modified-since": changed } })).statusCode, 304);
    assert.equal((await site.inject({ url: "/me/", headers: { "if-match": '"another"' } })).statusCode, 412);
  });

  test("a name beyond ASCII comes in the form that browsers read", async (t) => {
    const { headers } = await (await openSite(t, urls)).inject("/named/");
    const encoded = "%EB%A9%94%EB%89%B4%20100%25.pdf";
    assert.equal(headers["content-disposition"], `attachment; filename="__ 100_.pdf"; filename*=UTF-8''${encoded}`);
  });
});

test("a stream is sent piece by piece, compressed or not, and its source is closed when the client goes", async (t) => {
  let open = 0;
  async function* forever() {
    open += 1;
    try {
      while (true) {
        yield "tick\n";
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      open -= 1;
    }
  }
  const urls = [
    path("compressed/", () => stream(forever(), { headers: { "content-type": "text/plain" } })),
    path("iterable/", () => forever()),
    path("three/", () => stream(["a", Buffer.from("b"), "", "ç"])),
  ];
  const site = await openSite(t, urls, { middleware: [compression()] });
  const address = (await site.listen({ port: 0, host: "127.0.0.1" })).replace("127.0.0.1", "localhost");
  assert.equal(await (await fetch(`${address}/three/`)).text(), "abç");
  for (const url of ["/iterable/", "/compressed/"]) {
    const client = new AbortController();
    const signal = AbortSignal.any([client.signal, AbortSignal.timeout(5000)]);
    const answer = await fetch(address + url, { signal, headers: { "accept-encoding": "gzip" } });
    assert.equal(answer.headers.get("content-encoding"), url === "/compressed/" ? "gzip" : null);
    assert.match(Buffer.from((await answer.body!.getReader().read()).value!).toString(), /^tick\n/);
    client.abort();
    for (let i = 0; i < 200 && open > 0; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(open, 0, url);
  }
});

test("a cookie that is signed is taken only as it was set", async (t) => {
  const site = await openSite(t, [
    path("set/", () => html("set").setSignedCookie("cart", "3-5", { salt: "shop", maxAge: 60 })),
    path("get/", (request) => ({ cart: request.signedCookie("cart", { salt: "shop", maxAge: 60 }) ?? null, other: request.signedCookie("cart") ?? null })), // prettier-ignore
  ]);
  const [cookie] = (await site.inject("/set/")).cookies as [{ name: string; value: string }];
  assert.match(cookie.value, /^3-5:\w+:[\w-]+$/);
  const read = async (value: string) => (await site.inject({ url: "/get/", cookies: { cart: value } })).json();
  assert.deepEqual(await read(cookie.value), { cart: "3-5", other: null });
  assert.deepEqual(await read(cookie.value.replace("3-5", "9-9")), { cart: null, other: null });
});

test("an answer may have words of its own for its status, and hints go before it", async (t) => {
  const site = await openSite(t, [
    path("", (request) => {
      request.earlyHints({ link: "</site.css>; rel=preload; as=style" });
      return new HttpResponse("brewing", { status: 418, reason: "Short And Stout" });
    }),
  ]);
  const address = (await site.listen({ port: 0, host: "127.0.0.1" })).replace("127.0.0.1", "localhost");
  const { get } = await import("node:http");
  const request = get(address);
  const hints = once(request, "information", { signal: AbortSignal.timeout(5000) });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  answer.resume();
  assert.deepEqual([(await hints)[0].statusCode, (await hints)[0].headers.link], [103, "</site.css>; rel=preload; as=style"]);
  assert.equal(answer.statusMessage, "Short And Stout");
});
