// What strangers try: each is refused, and the server stands.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { html, type HttpRequest, path, redirectTo, rePath, type UrlPattern } from "cortado/http";
import { openSite } from "./open-site.ts";

type Options = NonNullable<Parameters<typeof openSite>[2]>;

/** Sends exactly these bytes, and gives the whole answer. */
async function raw(
  t: TestContext,
  bytes: string,
  { urls, ...options }: Options & { urls: readonly UrlPattern[] },
): Promise<string> {
  const site = await openSite(t, urls, options);
  const { port } = new URL(await site.listen({ port: 0, host: "127.0.0.1" }));
  const socket = connect(Number(port), "127.0.0.1");
  t.after(() => socket.destroy());
  socket.setTimeout(3000, () => socket.destroy());
  socket.on("error", () => {});
  socket.end(bytes);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

describe("the host of a request", () => {
  const urls = [path("", (request: HttpRequest) => `${request.host} ${request.absoluteUrl("/reset/")}`)];
  const ask = (t: TestContext, headers: string) => raw(t, `GET / HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`, { urls });

  for (const host of [
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "localhost:80@evil.example",
    "localhost:evil",
    "evil.example#localhost",
    "localhost/evil",
    "[::1]evil.example",
    "",
  ])
    test(`is refused where it is ${JSON.stringify(host)}`, async (t) => {
      assert.match(await ask(t, `Host: ${host}`), /^HTTP\/1\.1 400 /);
    });

  test("is never that which the client says a proxy saw, unless there is a proxy", async (t) => {
    const answer = await ask(
      t,
      "Host: localhost\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Host: evil.example",
    );
    assert.match(answer, /localhost http:\/\/localhost\/reset\//);
  });

  test("that a proxy names is looked at like any other", async (t) => {
    const site = await openSite(t, urls, { settings: { trustProxy: true } });
    const as = async (forwarded: string) =>
      (await site.inject({ url: "/", headers: { host: "localhost", "x-forwarded-host": forwarded } })).statusCode;
    assert.deepEqual([await as("shop.example.com"), await as("evil.example")], [200, 400]);
  });
});

describe("requests that a proxy may read otherwise", () => {
  const seen: string[] = [];
  const note = (request: HttpRequest) => {
    seen.push(request.url);
    return html("seen");
  };
  const urls = [path("first/", note), path("smuggled/", note)];
  const smuggled = "GET /smuggled/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const heads: Record<string, string> = {
    "two lengths": "Content-Length: 0\r\nContent-Length: 64",
    "a length and chunks": "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "chunks of a strange kind": "Transfer-Encoding: xchunked",
    "chunks that are not the last coding": "Transfer-Encoding: chunked, identity",
    "a space before the colon": "Transfer-Encoding : chunked",
    "a folded header": "X: a\r\n b: c",
    "a length with a sign": "Content-Length: +5",
    "a length in two parts": "Content-Length: 5, 5",
    "a bare line feed": "X: a\nTransfer-Encoding: chunked",
    "a null byte": "X: a\0b",
  };
  for (const [what, head] of Object.entries(heads))
    test(`with ${what} are refused, and nothing after them is read`, async (t) => {
      seen.length = 0;
      const answer = await raw(t, `POST /first/ HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n0\r\n\r\n${smuggled}`, { urls });
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.deepEqual(seen, []);
    });

  test("whose target is no path are refused", async (t) => {
    for (const target of ["http://evil.example/first/", "*", "first/", "/first/\x7f"]) {
      const answer = await raw(t, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, {
        urls,
        settings: { security: { sslRedirect: true } },
      });
      assert.match(answer, /^HTTP\/1\.1 400 /, target);
      assert.doesNotMatch(answer, /location:/i);
    }
  });
});

describe("a form of another site", () => {
  const token = "a".repeat(32);
  const urls = [path("pay/", () => "paid")];
  const post = async (t: TestContext, headers: Record<string, string>, settings: Options["settings"] = {}) => {
    const site = await openSite(t, urls, { settings });
    const all = { host: "shop.example.com", "content-type": "application/x-www-form-urlencoded", ...headers };
    return (await site.inject({ method: "POST", url: "/pay/", headers: all, payload: `csrfmiddlewaretoken=${token}` }))
      .statusCode;
  };
  const tossed = { cookie: `csrftoken=${token}` };

  test("is refused though a neighbour's subdomain planted cookie and token", async (t) => {
    assert.equal(await post(t, { ...tossed, origin: "http://shop.example.com" }), 200);
    for (const origin of [
      "http://blog.example.com",
      "http://example.com",
      "https://shop.example.com",
      "http://shop.example.com:8080",
      "null",
      "http://shop.example.com.evil.example",
    ])
      // prettier-ignore
      assert.equal(await post(t, { ...tossed, origin }), 403, origin);
  });

  test("is refused over https where it hides where it comes from", async (t) => {
    const over = { ...tossed, "x-forwarded-proto": "https" };
    const settings = { trustProxy: true };
    assert.equal(await post(t, { ...over, referer: "https://shop.example.com/form/" }, settings), 200);
    for (const referer of [
      "https://blog.example.com/",
      "http://shop.example.com/",
      "about:blank",
      "https://shop.example.com@evil.example/",
    ])
      assert.equal(await post(t, { ...over, referer }, settings), 403, referer);
    assert.equal(await post(t, over, settings), 403);
  });

  test("is refused where the first of two cookies is another's", async (t) => {
    assert.equal(
      await post(t, { cookie: `csrftoken=${"b".repeat(32)}; csrftoken=${token}`, origin: "http://shop.example.com" }),
      403,
    );
  });
});

describe("long paths", () => {
  const urls = [
    path("<slug:a>-<slug:b>-x/", () => "slugs"),
    path("<path:a>/x/", () => "path"),
    rePath(/^(?:[a-z]+\/)+x$/, () => "expression"),
  ];

  test("are answered, and those that are longer than any address are not tried", async (t) => {
    const site = await openSite(t, urls);
    for (const piece of ["a-", "a/", "/", "%2f", "é"]) {
      const url = `/${piece.repeat(4000).slice(0, 4000)}`;
      assert.ok([404, 400].includes((await site.inject({ url, headers: { accept: "application/json" } })).statusCode), piece);
    }
    const answer = await site.inject({ url: `/${"a".repeat(5000)}`, headers: { accept: "application/json" } });
    assert.equal(answer.statusCode, 414);
    assert.deepEqual(answer.json().error, {
      code: "HTTP_PATH_TOO_LONG",
      message: "The path has 5001 characters. At most 4096 are read.",
      hint: "Send what is long in the query or in the body.",
    });
  });
});

test("what a client sends does not end up as a header or another answer", async (t) => {
  const urls = [path("go/", (request: HttpRequest) => redirectTo(request.query.get("to") ?? "/"))];
  const site = await openSite(t, urls);
  for (const to of ["/a\r\nset-cookie: x=1", "/a\nset-cookie: x=1", "/a%0d%0aset-cookie: x=1", "/ab", "javascript:alert(1)"]) {
    const answer = await site.inject({ url: "/go/", query: { to } });
    assert.equal(answer.headers["set-cookie"], undefined, to);
    assert.doesNotMatch(String(answer.headers["location"] ?? ""), /[\r\n]|^javascript:/, to);
  }
});
