import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { csrfExempt, httpChecks, HttpError, HttpResponse, isSafeRedirect, path, redirectTo } from "cortado/http";
import { openSite } from "./open-site.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("only addresses of this site are safe to redirect to", () => {
  const host = "cafe.example";
  for (const url of [
    "/",
    "/coffee/?a=b",
    "coffee/",
    "?page=2",
    "http://cafe.example/x",
    "https://CAFE.example/",
    "//cafe.example/x",
    "/a//b",
    "/x?next=http://a.b/",
  ])
    assert.equal(isSafeRedirect(url, host), true, url);
  const bad = ["", "  ", "//evil.com", "///evil.com", "////evil.com", "http://evil.com", "https://evil.com/cafe.example", "\\\\evil.com", "/\\evil.com", "http:\\\\evil.com", "http:///evil.com", "http:evil.com", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "http://cafe.example@evil.com", "http://evil.com@cafe.example/", "\x08//evil.com", "/\t/evil.com", "ftp://cafe.example/", "http://[::1", "//cafe.example.evil.com", "http://cafe.example:99/", "//relative.invalid/", "http://relative.invalid/", "http://cafe.example\\@evil.com", "//cafe.example\\@evil.com/", "http://cafe.example\\.evil.com", "/a\\b"]; // prettier-ignore
  for (const url of bad) assert.equal(isSafeRedirect(url, host), false, JSON.stringify(url));
  assert.equal(isSafeRedirect("http://cafe.example/", host, { requireHttps: true }), false);
  assert.equal(isSafeRedirect("https://cafe.example/", null), false);
  assert.equal(isSafeRedirect("/".padEnd(2048, "é"), host), true);
  assert.equal(isSafeRedirect("/".padEnd(2049, "é"), host), false);
});

test("what is taken for safe leads a browser to this host, as it is sent", () => {
  const pieces = ["http:", "https:", "/", "//", "\\", "@", ":", "cafe.example", "evil.com", ".", "..", "%5C", "%2F", "%40", "?", "#", "[", "]", "\u00a0", "\uff0f", "\uff20", "\u3002", "\ud800", ";", "|", "^", "{", '"', "<", "80", "%09", "%", "relative.invalid"]; // prettier-ignore
  let seed = 11;
  const pick = () => pieces[(seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % pieces.length]!;
  let taken = 0;
  for (let round = 0; round < 30_000; round++) {
    const next = Array.from({ length: 1 + (round % 7) }, pick).join("");
    if (!isSafeRedirect(next, "cafe.example")) continue;
    taken++;
    const location = String(redirectTo(next).headers["location"]);
    for (const page of ["http://cafe.example/a/b/", "https://cafe.example/"])
      assert.equal(new URL(location, page).hostname, "cafe.example", `${JSON.stringify(next)} is sent as ${location}`);
  }
  assert.ok(taken > 3000, String(taken));
});

test("no redirect goes to an address that is read in two ways", () => {
  for (const url of ["http://cafe.example\\@evil.com", "//cafe.example\\@evil.com", "https://cafe.example\\.evil.com/"])
    assert.throws(() => redirectTo(url), { code: "HTTP_BAD_REDIRECT" }, url);
  assert.equal(redirectTo("/a\\b").headers["location"], "/a%5Cb");
  assert.equal(redirectTo("/\ud800").headers["location"], "/%EF%BF%BD");
});

/** Asks with exactly this target: `fetch` and `inject` would tidy it first. */
function getRaw(port: number, target: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: "127.0.0.1", path: target, headers: { host: "localhost" } }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode!, body });
    });
    call.on("error", reject).end();
  });
}

test("static files come from the first folder that has them, and nothing else is reachable", async (t) => {
  const root = temporaryFolder(t);
  const [first, second] = [join(root, "first"), join(root, "second")];
  for (const folder of [first, join(second, "sub")]) await mkdir(folder, { recursive: true });
  await writeFile(join(root, "secret.txt"), "SECRET");
  await writeFile(join(first, "a.css"), "first");
  await writeFile(join(second, "a.css"), "second");
  await writeFile(join(second, "sub", "b.js"), "let b;");
  await writeFile(join(second, ".env"), "SECRET");
  const site = await openSite(t, [], { static: { prefix: "/static/", directories: [first, second] } });
  const css = await site.inject("/static/a.css");
  assert.deepEqual(
    [css.body, css.headers["content-type"], css.headers["cache-control"]],
    ["first", "text/css; charset=utf-8", "public, max-age=0"],
  );
  assert.equal(css.headers["x-content-type-options"], "nosniff");
  const again = await site.inject({ url: "/static/a.css", headers: { "if-none-match": String(css.headers.etag) } });
  assert.equal(again.statusCode, 304);
  assert.equal((await site.inject("/static/sub/b.js")).body, "let b;");
  const port = Number(new URL(await site.listen({ port: 0, host: "127.0.0.1" })).port);
  const targets = ["/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt", "/static/..%5csecret.txt", "/static/%2e%2e%2fsecret.txt", "/static/sub/../../../secret.txt", "/static/....//secret.txt", "/static//etc/passwd", "/static/%00/secret.txt", "/static/.env", "/static/%252e%252e/secret.txt", `/static/${root}/secret.txt`, "/static/sub/"]; // prettier-ignore
  for (const target of targets) {
    const { status, body } = await getRaw(port, target);
    assert.ok(status >= 400 && status < 500, `${target}: ${status}`);
    assert.doesNotMatch(body, /SECRET|root:/);
  }
});

test("the checks name what is unsafe in production", async () => {
  const check = async (settings: object) => {
    const found = await httpChecks({
      apps: [],
      debug: false,
      mode: "production",
      root: "/",
      allowedHosts: ["a.b"],
      ...settings,
    } as never);
    return found.map(({ level, code, message, hint }) => [level, code, message, hint]);
  };
  const secretKey = "x".repeat(32);
  const security = { sslRedirect: true, hstsSeconds: 60 };
  assert.deepEqual(await check({ secretKey, security }), []);
  assert.deepEqual(await check({ secretKey: "short", debug: true, allowedHosts: ["*"] }), [
    [
      "warning",
      "HTTP_CHECK_DEBUG",
      "debug is on in production: error pages explain the program to strangers.",
      "Set debug: false.",
    ],
    ["warning", "HTTP_CHECK_ANY_HOST", "Every host is allowed.", 'Name them: allowedHosts: ["example.com"].'],
    ["warning", "HTTP_CHECK_WEAK_SECRET", "The setting secretKey is shorter than 32 characters.", "Use a long random one: node -p \"crypto.randomBytes(32).toString('hex')\""], // prettier-ignore
    ["warning", "HTTP_CHECK_HTTPS", "Requests over http are not sent to https.", "Set security: { sslRedirect: true }."],
    [
      "warning",
      "HTTP_CHECK_HSTS",
      "Browsers are not told to stay on https.",
      "Set security: { hstsSeconds: 3600 }, and more once it works.",
    ],
  ]);
  const noHost = [
    "warning",
    "HTTP_CHECK_NO_HOST",
    "No host is allowed, so every request is refused.",
    'Set allowedHosts: ["example.com"].',
  ];
  assert.deepEqual(await check({ secretKey, security, allowedHosts: [] }), [noHost]);
  const noKey = ["error", "HTTP_CHECK_SECRET_KEY", "The setting secretKey is empty.", 'Set it: secretKey: env("SECRET_KEY").'];
  assert.deepEqual(await check({ secretKey: "", mode: "test" }), [noKey]);
});

/** Writes bytes to a server and reads what it answers until it closes. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => (answer += chunk));
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

test("requests that are hardly HTTP are answered and leave the server standing", async (t) => {
  const site = await openSite(t, [path("a/", () => "fine"), path("form/", () => "x")]);
  const port = Number(new URL(await site.listen({ port: 0, host: "127.0.0.1" })).port);
  const close = "Host: localhost\r\nConnection: close\r\n\r\n";
  const cases: [string, string][] = [
    ["GET /a/ HTTP/1.0\r\n\r\n", "400"],
    [`GET http://evil.example/a/ HTTP/1.1\r\n${close}`, "400"],
    [`OPTIONS * HTTP/1.1\r\n${close}`, "400"],
    [`GET /a/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n`, "200"],
    [`BREW /a/ HTTP/1.1\r\n${close}`, "400"],
    [`PROPFIND /a/ HTTP/1.1\r\n${close}`, "403"],
    [`POST /form/ HTTP/1.1\r\nContent-Type: ;;;\r\nContent-Length: 1\r\n${close}x`, "4"],
    [`GET /${"a".repeat(20_000)} HTTP/1.1\r\n${close}`, "431"],
    [`GET /a/?${"a=1&".repeat(3000)} HTTP/1.1\r\n${close}`, "200"],
  ];
  for (const [bytes, status] of cases) {
    const answer = await exchange(port, bytes);
    assert.ok(answer.startsWith(`HTTP/1.1 ${status}`), `${bytes.slice(0, 60)}: ${answer.slice(0, 60)}`);
    assert.doesNotMatch(answer, /\.ts:|node_modules/);
  }
  const absolute = `GET http://evil.example/a/ HTTP/1.1\r\nAccept: application/json\r\n${close}`;
  const problem =
    '{"error":{"code":"HTTP_BAD_PATH","message":"The address is not valid: it holds a broken percent escape or is not a path."}}';
  assert.ok((await exchange(port, absolute)).endsWith(problem));
  assert.match(await exchange(port, `GET /a/ HTTP/1.1\r\n${close}`), /fine$/);
});

/** A view that tells when it is asked, and answers when it is let. */
function slowView() {
  const entered = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const slow = path("slow/", async () => {
    entered.resolve();
    await gate.promise;
    return "finished";
  });
  return { entered, gate, slow };
}

test("a server that closes finishes what is in flight", async (t) => {
  const { entered, gate, slow } = slowView();
  const site = await openSite(t, [slow]);
  const address = (await site.listen({ port: 0, host: "127.0.0.1" })).replace("127.0.0.1", "localhost");
  const call = fetch(`${address}/slow/`);
  await entered.promise;
  const closed = site.close();
  gate.resolve();
  assert.equal(await (await call).text(), "finished");
  await closed;
});

test("what comes on a connection that a closing server still keeps is answered, as the last on it", async (t) => {
  const { entered, gate, slow } = slowView();
  const site = await openSite(t, [slow]);
  await site.listen({ port: 0, host: "127.0.0.1" });
  const socket = connect((site.server.address() as AddressInfo).port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => (text += String(chunk)));
  const gone = once(socket, "close");
  const ask = "GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
  socket.write(ask);
  await entered.promise;
  const closed = site.close();
  socket.write(ask);
  await sleep(50);
  gate.resolve();
  await Promise.all([closed, gone]);
  assert.deepEqual(text.match(/HTTP\/1.1 \d+|connection: close|finished/gi), [
    "HTTP/1.1 200",
    "finished",
    "HTTP/1.1 200",
    "Connection: close",
    "finished",
  ]);
});

test("the log has one line a request, with its id, and nothing of cookies or bodies", async (t) => {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const fail = () => {
    throw new Error("broken");
  };
  const site = await openSite(t, [path("a/", () => "x"), path("fail/", fail)], {
    fastify: { logger: { level: "info", stream } },
  });
  await site.inject({ url: "/a/?q=1", cookies: { sessionid: "SECRET" } });
  await site.inject("/fail/");
  const found = lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    found.map(({ msg, status, url, err }) => [msg, status, url, err?.message]),
    [
      ["answered", 200, "/a/?q=1", undefined],
      ["The request failed.", undefined, undefined, "broken"],
      ["answered", 500, "/fail/", undefined],
    ],
  );
  assert.equal(found[1].reqId, found[2].reqId);
  assert.doesNotMatch(lines.join(), /SECRET/);
});

test("an answer that cannot be sent is a failure that is told, not a dead connection", async (t) => {
  const bad: Record<string, () => HttpResponse> = {
    status: () => new HttpResponse("x", { status: 42 }),
    header: () => Object.assign(new HttpResponse("x"), { headers: { "x-note": "a\r\nb: c" } }),
  };
  const urls = Object.entries(bad).map(([name, view]) => path(`${name}/`, view));
  const server = await openSite(t, urls);
  await server.listen({ port: 0 });
  for (const name of Object.keys(bad)) {
    const answer = await fetch(`http://localhost:${(server.server.address() as { port: number }).port}/${name}/`);
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /Something went wrong on our side/);
  }
});

test("an error that asks for a header which cannot be sent is a failure, wherever it is thrown", async (t) => {
  const refuse = (): never => {
    throw new HttpError(401, "Who are you?", { headers: { "www-authenticate": 'Bearer realm="caf\u20ac"' } });
  };
  const server = await openSite(t, [path("", refuse)], { prepareRequest: [refuse] });
  assert.equal((await server.inject("/")).statusCode, 500);
});

test("whatever is thrown is answered, in debug too", async (t) => {
  const things = [null, undefined, Symbol("odd"), Object.create(null), new Error("odd", { cause: null })];
  const urls = things.map((thing, at) =>
    path(`${at}/`, () => {
      throw thing;
    }),
  );
  const server = await openSite(t, urls, { settings: { debug: true } });
  for (const at of things.keys()) assert.equal((await server.inject(`/${at}/`)).statusCode, 500);
});

test("a host whose port is none is not served, rather than a failure", async (t) => {
  const server = await openSite(t, [path("", () => "")]);
  for (const method of ["GET", "POST"] as const)
    assert.equal((await server.inject({ method, url: "/", headers: { host: "localhost:99999" } })).statusCode, 400);
});

test("a body whose sender went away before it was asked for is refused, and what waits for it goes on", async (t) => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const late = async (request: { raw: { once(name: "close", then: () => void): void }; body(): Promise<Buffer> }) => {
    await new Promise<void>((then) => request.raw.once("close", then));
    resolve(await request.body().catch((error: unknown) => error));
    return "";
  };
  const server = await openSite(t, [path("", csrfExempt(late))]);
  await server.listen({ port: 0 });
  const socket = connect((server.server.address() as { port: number }).port, "localhost");
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
  setTimeout(() => socket.destroy(), 50);
  assert.equal(((await promise) as HttpError).code, "HTTP_BODY_ABORTED");
});

test("a redirect keeps the brackets of an IPv6 address", () => {
  assert.equal(redirectTo("http://[::1]:8000/a%20b/").headers["location"], "http://[::1]:8000/a%20b/");
});

test("a client that never ends its request is not waited for without end", async (t) => {
  const server = await openSite(t, [path("", () => "")]);
  assert.equal(server.server.requestTimeout, 300_000);
  const patient = await openSite(t, [path("", () => "")], { fastify: { requestTimeout: 0 } });
  assert.equal(patient.server.requestTimeout, 0);
});
