import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test, type TestContext } from "node:test";
import {
  Channel,
  csrfExempt,
  gotRequestException,
  type HttpRequest,
  json,
  path,
  rateLimit,
  type Socket,
  type UrlPattern,
  webSocketView,
} from "cortado/http";
import { WebSocket } from "ws";
import { openSite } from "./open-site.ts";

const echo = async (socket: Socket) => {
  for await (const message of socket) await socket.send(message);
};

type Options = NonNullable<Parameters<typeof openSite>[2]>;

async function listen(t: TestContext, urls: readonly UrlPattern[], options: Options = {}) {
  const site = await openSite(t, urls, options);
  const { port } = new URL(await site.listen({ port: 0, host: "127.0.0.1" }));
  const open = (url: string, { headers = {}, protocols = [] as string[] } = {}) => {
    const client = new WebSocket(`ws://127.0.0.1:${port}${url}`, protocols, { headers: { host: "localhost", ...headers } });
    client.on("error", () => {});
    t.after(() => client.terminate());
    return client;
  };
  return { site, port: Number(port), open };
}

async function say(client: WebSocket, message: string | Buffer): Promise<string> {
  client.send(message);
  const [data] = await once(client, "message", { signal: AbortSignal.timeout(5000) });
  return String(data);
}

async function closed(client: WebSocket): Promise<[code: number, reason: string]> {
  const [code, reason] = await once(client, "close", { signal: AbortSignal.timeout(5000) });
  return [code as number, String(reason)];
}

/** The status and the body of the answer that refuses a WebSocket. */
async function refused(client: WebSocket): Promise<[status: number, body: string]> {
  const [, answer] = await once(client, "unexpected-response", { signal: AbortSignal.timeout(5000) });
  let body = "";
  for await (const chunk of answer) body += chunk;
  return [answer.statusCode, body];
}

describe("a WebSocket", () => {
  test("has an address with parameters, and gives and takes messages", async (t) => {
    const { open } = await listen(t, [
      path("chat/<slug:room>/", webSocketView(async (socket, request, { room }: { room: string }) => {
        for await (const message of socket) await socket.send({ room, said: String(message), path: request.path });
      })), // prettier-ignore
      path("bytes/", webSocketView(echo)),
    ]);
    const client = open("/chat/tea/");
    await once(client, "open");
    assert.deepEqual(JSON.parse(await say(client, "hello")), { room: "tea", said: "hello", path: "/chat/tea/" });
    client.close();
    const bytes = open("/bytes/");
    await once(bytes, "open");
    bytes.send(Buffer.of(1, 2, 3));
    const [data, isBinary] = await once(bytes, "message");
    assert.deepEqual([data, isBinary], [Buffer.of(1, 2, 3), true]);
  });

  test("sees the session, what the apps prepare, and the headers that middleware adds", async (t) => {
    const { site, open } = await listen(
      t,
      [
        path("set/", (request) => {
          request.session.set("cup", "small");
          return "set";
        }),
        path("who/", webSocketView((socket, request) => socket.send({ cup: request.session.get("cup"), user: (request as unknown as { user: string }).user }))), // prettier-ignore
      ],
      {
        prepareRequest: [(request: HttpRequest) => void Object.assign(request, { user: "ada" })],
        middleware: [async (_request, next) => (await next()).setHeader("x-seen", "yes")],
      },
    );
    const { cookies } = await site.inject("/set/");
    const cookie = (cookies as { name: string; value: string }[]).map(({ name, value }) => `${name}=${value}`).join("; ");
    const client = open("/who/", { headers: { cookie } });
    const first = once(client, "message");
    const end = closed(client);
    const [answer] = await once(client, "upgrade");
    assert.deepEqual([answer.headers["x-seen"], answer.headers["x-content-type-options"]], ["yes", "nosniff"]);
    const [data] = await first;
    assert.deepEqual(JSON.parse(String(data)), { cup: "small", user: "ada" });
    assert.deepEqual(await end, [1000, ""]);
  });

  test("is refused to pages of other sites, to other hosts, and where nothing is", async (t) => {
    const settings = { security: { trustedOrigins: ["https://*.friend.example"] } };
    const { open } = await listen(t, [path("chat/", webSocketView(echo)), path("page/", () => "page")], { settings });
    const [status, body] = await refused(
      open("/chat/", { headers: { origin: "http://evil.example", accept: "application/json" } }),
    );
    assert.equal(status, 403);
    assert.deepEqual(JSON.parse(body).error, {
      code: "HTTP_FOREIGN_ORIGIN",
      message: "The origin http://evil.example may not open a WebSocket here.",
      hint: 'Name it in the project\'s setting: security: { trustedOrigins: ["https://shop.example.com"] }.',
    });
    for (const origin of ["http://localhost", "https://a.friend.example"])
      await once(open("/chat/", { headers: { origin } }), "open");
    for (const origin of ["null", "https://localhost", "http://localhost.evil.example", "https://friend.example.evil"])
      assert.equal((await refused(open("/chat/", { headers: { origin } })))[0], 403, origin);
    assert.equal((await refused(open("/chat/", { headers: { host: "evil.example" } })))[0], 400);
    assert.equal((await refused(open("/nowhere/")))[0], 404);
    assert.equal((await refused(open("/page/")))[0], 200);
  });

  test("is no page: asked as one, it says so", async (t) => {
    const { site } = await listen(t, [path("chat/", webSocketView(echo))]);
    const answer = await site.inject({ url: "/chat/", headers: { accept: "application/json" } });
    assert.deepEqual([answer.statusCode, answer.headers["upgrade"]], [426, "websocket"]);
    assert.deepEqual(answer.json().error, {
      code: "HTTP_UPGRADE_REQUIRED",
      message: "/chat/ speaks WebSocket alone.",
      hint: 'Open it with: new WebSocket("/chat/")',
    });
  });

  test("is refused by decorators as any view is", async (t) => {
    const { open } = await listen(t, [path("chat/", rateLimit(webSocketView(echo), { rate: "1/h" }))]);
    const [answer] = await once(open("/chat/"), "upgrade");
    assert.equal(answer.headers["ratelimit-remaining"], "0");
    assert.equal((await refused(open("/chat/")))[0], 429);
  });

  test("ends with 1011 where its view throws, and the failure is told", async (t) => {
    const failure = new Error("out of milk");
    const { open } = await listen(t, [
      path(
        "",
        webSocketView(() => Promise.reject(failure)),
      ),
    ]);
    const told: unknown[] = [];
    const note = ({ error }: { error: unknown }): void => void told.push(error);
    gotRequestException.connect(note);
    t.after(() => gotRequestException.disconnect(note));
    assert.deepEqual(await closed(open("/")), [1011, "something went wrong"]);
    assert.deepEqual(told, [failure]);
  });

  test("ends with 1009 for a message that is too large, and the others go on", async (t) => {
    const { open } = await listen(t, [path("", webSocketView(echo, { maxMessage: 1000 }))]);
    const [large, small] = [open("/"), open("/")];
    await Promise.all([once(large, "open"), once(small, "open")]);
    large.send("x".repeat(1001));
    assert.equal((await closed(large))[0], 1009);
    assert.equal(await say(small, "still here"), "still here");
  });

  test("ends with 1001 when the server closes, and request.signal with it", async (t) => {
    let aborted = false;
    const view = webSocketView(async (socket, request) => {
      request.signal.addEventListener("abort", () => (aborted = true));
      await echo(socket);
    });
    const { site, open } = await listen(t, [path("", view)]);
    const client = open("/");
    await once(client, "open");
    await say(client, "x");
    const end = closed(client);
    await site.close();
    assert.deepEqual(await end, [1001, "the server is closing"]);
    for (let i = 0; i < 100 && !aborted; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(aborted);
  });

  test("speaks the protocol that both ends know", async (t) => {
    const { open } = await listen(t, [
      path(
        "",
        webSocketView((socket) => socket.send(socket.protocol), { protocols: ["v2", "v1"] }),
      ),
    ]);
    const [data] = await once(open("/", { protocols: ["v1", "v2"] }), "message");
    assert.equal(String(data), "v2");
  });

  test("holds a client back that sends faster than it is read, and loses nothing", async (t) => {
    const view = webSocketView(async (socket) => {
      let [count, held] = [0, false];
      for await (const message of socket) {
        held ||= socket.raw.isPaused;
        if (count < 3) await new Promise((resolve) => setTimeout(resolve, 20));
        count += 1;
        if (message === "end") return socket.send({ count, held });
      }
    });
    const { open } = await listen(t, [path("", view)]);
    const client = open("/");
    await once(client, "open");
    for (let i = 0; i < 500; i++) client.send("x".repeat(100));
    assert.deepEqual(JSON.parse(await say(client, "end")), { count: 501, held: true });
  });

  test("hangs up on a client that gives no sign of life", async (t) => {
    const { port } = await listen(t, [path("", webSocketView(echo, { heartbeat: 0.05 }))]);
    const socket = connect(port, "127.0.0.1");
    t.after(() => socket.destroy());
    const lines = ["GET / HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]; // prettier-ignore
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    socket.resume();
    await once(socket, "close", { signal: AbortSignal.timeout(5000) });
  });

  test("is heard by a room until it is closed", async (t) => {
    const room = new Channel();
    const view = webSocketView(async (socket) => {
      room.add(socket);
      for await (const message of socket) room.send(message, { except: socket });
    });
    const { open } = await listen(t, [path("", view)]);
    const clients = [open("/"), open("/"), open("/")];
    await Promise.all(clients.map((client) => once(client, "open")));
    for (let i = 0; i < 100 && room.size < 3; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    const heard = Promise.all(clients.slice(1).map((client) => once(client, "message")));
    clients[0]!.send("hello");
    assert.deepEqual((await heard).map(([data]) => String(data)), ["hello", "hello"]); // prettier-ignore
    clients[1]!.close();
    await closed(clients[1]!);
    for (let i = 0; i < 100 && room.size > 2; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(room.size, 2);
  });
});

test("other upgrades, and WebSockets where there are none, are answered as what they are", async (t) => {
  const { port } = await listen(t, [path("page/", () => "page"), path("chat/", webSocketView(echo))]);
  const plain = await openSite(t, [
    path(
      "page/",
      csrfExempt(() => json("plain")),
    ),
  ]);
  const { port: plainPort } = new URL(await plain.listen({ port: 0, host: "127.0.0.1" }));
  const ask = async (to: number, head: string) => {
    const socket = connect(to, "127.0.0.1");
    socket.write(`${head}\r\nHost: localhost\r\nConnection: Upgrade, close\r\n\r\n`);
    let answer = "";
    for await (const chunk of socket) answer += chunk;
    return answer.split("\r\n", 1)[0];
  };
  assert.equal(await ask(port, "GET /page/ HTTP/1.1\r\nUpgrade: h2c"), "HTTP/1.1 200 OK");
  assert.equal(await ask(port, "POST /chat/ HTTP/1.1\r\nContent-Length: 0\r\nUpgrade: websocket"), "HTTP/1.1 400 Bad Request");
  assert.match((await ask(port, "GET /chat/ HTTP/1.1\r\nUpgrade: websocket"))!, /^HTTP\/1\.1 400/);
  assert.equal(await ask(Number(plainPort), "GET /page/ HTTP/1.1\r\nUpgrade: websocket"), "HTTP/1.1 200 OK");
});

test("a server closes though a client opened a connection that it never used", async (t) => {
  const { site, port } = await listen(t, []);
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  await site.close();
  if (!socket.closed) await once(socket.resume(), "close", { signal: AbortSignal.timeout(5000) });
});

test("a WebSocket's line in the log has the status 101, and comes when it ends", async (t) => {
  const lines: string[] = [];
  const fastify = { logger: { stream: { write: (line: string) => void lines.push(line) } } };
  const { site, open } = await listen(t, [path("chat/", webSocketView(echo))], { fastify });
  const client = open("/chat/");
  await once(client, "open");
  await say(client, "hello");
  const answered = () => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "answered");
  assert.deepEqual(answered(), []);
  client.close();
  await closed(client);
  await site.close();
  assert.deepEqual(
    answered().map(({ url, status }) => [url, status]),
    [["/chat/", 101]],
  );
});
