import assert from "node:assert/strict";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { loginNotRequired, loginRequiredMiddleware, remoteUser } from "cortado/auth";
import { apiView, type Middleware, path, webSocketView } from "cortado/http";
import { testSite } from "cortado/testing";
import { User } from "../admin/shop/models.ts";
import { project } from "../admin/shop/project.ts";

const who = path("who/", (request) => `${request.user.username || "nobody"}`);

async function open(t: TestContext, middleware: readonly Middleware[]) {
  const urls = [
    who,
    path(
      "open/",
      loginNotRequired(() => "open"),
    ),
    path(
      "api/",
      apiView(() => ({ open: true })),
    ),
    path("log-in/", () => "log in"),
  ];
  const site = await testSite({ ...project, urls, middleware, loginUrl: "/log-in/" });
  t.after(() => site.close());
  const anna = await User.objects.createUser({ username: "anna", email: "anna@example.com", password: "a long secret" });
  return { site, anna };
}

test("every address asks for a log-in but those that are open", async (t) => {
  const { site, anna } = await open(t, [loginRequiredMiddleware]);
  const asked = await site.get("/who/?a=1");
  assert.deepEqual([asked.status, asked.headers["location"]], [302, "/log-in/?next=%2Fwho%2F%3Fa%3D1"]);
  assert.equal((await site.get("/who/", { headers: { accept: "application/json" } })).status, 401);
  for (const url of ["/open/", "/api/", "/log-in/"]) assert.equal((await site.get(url)).status, 200, url);
  assert.equal((await site.get("/nowhere/")).status, 404);
  await site.login(anna);
  assert.equal((await site.get("/who/")).text, "anna");
});

test("a proxy's word logs in who is known, and its silence logs out", async (t) => {
  const { site } = await open(t, [remoteUser()]);
  const as = (user: string) => site.get("/who/", { headers: { "remote-user": user } });
  assert.equal((await as("anna")).text, "anna");
  assert.equal((await site.get("/who/")).text, "nobody");
  assert.equal((await as("stranger")).text, "nobody");
  await User.objects.filter({ username: "anna" }).update({ isActive: false });
  assert.equal((await as("anna")).text, "nobody");
});

test("a proxy's word may make users, and be said once for a session", async (t) => {
  const create = (username: string) => User.objects.createUser({ username, email: `${username}@example.com` });
  const { site, anna } = await open(t, [remoteUser({ header: "X-Remote-User", create, persistent: true })]);
  const as = (user: string) => site.get("/who/", { headers: { "x-remote-user": user } });
  assert.equal((await as("bert")).text, "bert");
  assert.equal((await site.get("/who/")).text, "bert");
  assert.equal((await as("anna")).text, "anna");
  assert.equal(await User.objects.count(), 2);
  await site.login(anna);
  assert.equal((await site.get("/who/")).text, "anna");
});

test("a test site opens WebSockets as its visitor", async (t) => {
  const urls = [
    path(
      "who/",
      webSocketView((socket, request) => socket.send(request.user.username)),
    ),
  ];
  const site = await testSite({ ...project, urls, middleware: [loginRequiredMiddleware], loginUrl: "/log-in/" });
  t.after(() => site.close());
  await assert.rejects(site.webSocket("/who/"), {
    code: "TESTING_SOCKET_REFUSED",
    message: "The WebSocket /who/ was refused with 302.",
    hint: "Look at what site.get says of the address, and log a user in where the view asks for one.",
  });
  await site.login(await User.objects.createUser({ username: "carl", email: "carl@example.com" }));
  assert.equal(await site.listen(), await site.listen());
  const socket = await site.webSocket("/who/");
  const [data] = await once(socket, "message", { signal: AbortSignal.timeout(5000) });
  assert.equal(String(data), "carl");
});
