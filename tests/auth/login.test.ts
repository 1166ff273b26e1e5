import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { defineProject, json, path } from "cortado";
import { authenticateToken, createToken, hashPassword, loginRequired, permissionRequired } from "cortado/auth";
import { apiView, csrfExempt, memorySessionStore } from "cortado/http";
import { type TestSite, testSite } from "cortado/testing";
import { User } from "../admin/shop/models.ts";
import { project } from "../admin/shop/project.ts";

const whoami = apiView(async (request: any) => {
  const identity = await authenticateToken(request);
  return json({ user: String(request.user), token: identity && String(identity.user), scopes: [...(identity?.scopes ?? [])] });
});

const withViews = defineProject({
  ...project,
  urls: [
    ...project.urls!,
    path("whoami/", csrfExempt(whoami)),
    path("plant/", (request) => {
      request.session.set("cart", [3]);
      return "planted";
    }),
    path(
      "orders/",
      loginRequired(() => "orders"),
    ),
    path(
      "prices/",
      permissionRequired("shop.change_coffee", () => "prices"),
    ),
  ],
});

let site: TestSite;
let user: InstanceType<typeof User>;
beforeEach(async () => {
  site = await testSite(withViews);
  user = await User.objects.createUser({ username: "anna", email: "anna@example.com", password: "a long secret", isStaff: true });
});
afterEach(() => site.close());

const logIn = (values: Record<string, string>) =>
  site.submit("/admin/login/", { username: "anna", password: "a long secret", ...values });
const who = async () => (await site.get("/whoami/")).json().user;

test("logging in gives the session a new key, so that a planted one is worth nothing", async () => {
  await site.get("/plant/");
  const planted = site.cookies.header!;
  assert.match(planted, /sessionid=/);
  await logIn({});
  assert.equal(await who(), "anna");
  site.cookies.clear();
  assert.equal((await site.get("/whoami/", { headers: { cookie: planted } })).json().user, "anonymous");
});

test("a log-in leads to where one came from, but never to another site", async () => {
  assert.equal((await logIn({ next: "/admin/shop/coffee/?q=latte" })).headers["location"], "/admin/shop/coffee/?q=latte");
  site.cookies.clear();
  for (const next of ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]) {
    assert.equal((await logIn({ next })).headers["location"], "/admin/", next);
    site.cookies.clear();
  }
});

test("a log-in without the CSRF token is refused", async () => {
  const answer = await site.request("POST", "/admin/login/", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "username=anna&password=a+long+secret",
  });
  assert.equal(answer.status, 403);
  assert.equal(await who(), "anonymous");
});

test("guessing is slowed down after five failures, also with the right password", async () => {
  for (let i = 0; i < 5; i++) assert.equal((await logIn({ password: "wrong" })).status, 422);
  const answer = await logIn({});
  assert.equal(answer.status, 429);
  assert.match(String(answer.headers["retry-after"]), /^[12]$/);
  assert.match(answer.text, /Too many failed log-ins\. Try again in \d seconds\./);
});

test("guesses made at once are counted before they are answered, and spelling a name otherwise does not help", async () => {
  await site.get("/admin/login/");
  const names = ["anna", "Anna", " anna", "anna ", "ａｎｎａ", "ANNA", "anna", "anna", "anna", "anna"];
  const answers = await Promise.all(names.map((username) => logIn({ username, password: "wrong" })));
  assert.equal(answers.filter(({ status }) => status === 422).length, 5);
  assert.equal(answers.filter(({ status }) => status === 429).length, 5);
});

test("logging in well counts against nobody, however often and whoever else has failed", async () => {
  for (let i = 0; i < 40; i++) {
    assert.equal((await logIn({})).status, 302);
    site.cookies.clear();
  }
  assert.equal((await logIn({ username: "nobody" })).status, 422);
});

test("another session ends when the password changes, and this one goes on", async () => {
  await logIn({});
  const elsewhere = site.cookies.header;
  site.cookies.clear();
  await logIn({});
  const values = { oldPassword: "a long secret", password: "another long one", passwordAgain: "another long one" };
  assert.equal((await site.submit("/admin/password_change/", values)).status, 302);
  assert.equal(await who(), "anna");
  site.cookies.clear();
  const answer = await site.get("/whoami/", { headers: { cookie: elsewhere! } });
  assert.equal(answer.json().user, "anonymous");
});

test("a deactivated user is out at the next request", async () => {
  await logIn({});
  assert.equal(await who(), "anna");
  user.isActive = false;
  await user.save();
  assert.equal(await who(), "anonymous");
});

test("the session of a user who was deleted is empty at the next request, and its key worth nothing", async () => {
  await logIn({});
  const cookie = site.cookies.header!;
  await user.delete();
  assert.equal(await who(), "anonymous");
  assert.equal((await site.get("/whoami/", { headers: { cookie } })).json().user, "anonymous");
});

test("a new secret key logs nobody out while the old one is a fallback, and signs anew", async () => {
  const session = { store: memorySessionStore() };
  const oldKey = project.secretKey;
  const newKey = "another secret key that is long enough for tests";
  const open = async (settings: Partial<typeof project>) => {
    await site.close();
    site = await testSite(defineProject({ ...withViews, session, ...settings }));
    // The same row in each site's database.
    await User.objects.create({ id: 7, username: "bo", email: "bo@example.com", password: stored, isStaff: true } as never);
  };
  const stored = await hashPassword("a long secret");
  await open({});
  await site.submit("/admin/login/", { username: "bo", password: "a long secret" });
  const cookie = site.cookies.header!;
  await open({ secretKey: newKey, secretKeyFallbacks: [oldKey] });
  const welcome = await site.get("/whoami/", { headers: { cookie } });
  assert.equal(welcome.json().user, "bo");
  const renewed = site.cookies.header!;
  assert.notEqual(renewed, cookie);
  await open({ secretKey: newKey });
  assert.equal((await site.get("/whoami/", { headers: { cookie } })).json().user, "anonymous");
  assert.equal((await site.get("/whoami/", { headers: { cookie: renewed } })).json().user, "bo");
});

test("logging out is a POST, and forgets the session", async () => {
  await logIn({});
  await site.get("/admin/logout/");
  assert.equal(await who(), "anna");
  const page = await site.get("/admin/");
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.text)![1]!;
  await site.request("POST", "/admin/logout/", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `csrfmiddlewaretoken=${token}`,
  });
  assert.equal(await who(), "anonymous");
});

test("loginRequired sends visitors to the log-in page and JSON clients a 401", async () => {
  assert.equal((await site.get("/orders/")).headers["location"], "/admin/login/?next=%2Forders%2F");
  const refused = await site.get("/orders/", { headers: { accept: "application/json" } });
  assert.equal(refused.status, 401);
  assert.equal(refused.json().error.message, "Log in first.");
  await logIn({});
  assert.equal((await site.get("/orders/")).text, "orders");
});

test("permissionRequired refuses a user without the permission and names it", async () => {
  await logIn({});
  const answer = await site.get("/prices/", { headers: { accept: "application/json" } });
  assert.equal(answer.status, 403);
  assert.equal(answer.json().error.message, "This needs the permission shop.change_coffee.");
  user.isSuperuser = true;
  await user.save();
  assert.equal((await site.get("/prices/")).text, "prices");
});

test("a bearer token stands for its user until it expires or is switched off, and only its hash is kept", async () => {
  const value = await createToken(user, ["predict", "train"], { name: "nightly" });
  const ask = (authorization: string) => site.get("/whoami/", { headers: { authorization } });
  assert.deepEqual((await ask(`Bearer ${value}`)).json(), { user: "anonymous", token: "anna", scopes: ["predict", "train"] });
  const [row] = await site.services.databases["default"]!.query("SELECT * FROM auth_apitoken");
  assert.equal(JSON.stringify(row).includes(value), false);

  for (const header of ["Bearer wrong", "Basic YTpi", `Bearer ${value}x`]) {
    const refused = await ask(header);
    assert.equal(refused.status, 401, header);
    assert.equal(refused.headers["www-authenticate"], "Bearer");
  }
  const past = await createToken(user, ["predict"], { expires: new Date(Date.now() - 1000) });
  assert.equal((await ask(`Bearer ${past}`)).json().error.message, "The token has expired.");
  user.isActive = false;
  await user.save();
  assert.equal((await ask(`Bearer ${value}`)).status, 401);
});
