import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { html, type HttpRequest, path } from "cortado";
import { CookieJar, type TestSite, testSite } from "cortado/testing";
import cafe from "../../examples/cafe/cortado.config.ts";
import { User } from "../../examples/cafe/accounts/models.ts";
import { Coffee } from "../../examples/cafe/homepage/models.ts";

describe("a test site", { concurrency: false }, () => {
  let site: TestSite;
  before(async () => {
    site = await testSite(cafe);
  });
  after(() => site.close());

  test("submits the form of a page with its token", async () => {
    const answer = await site.submit("/coffee/", { name: "Latte", price: 4500, isIce: true });
    assert.deepEqual([answer.status, answer.location], [302, "/coffee/"]);
    const [coffee] = await Coffee.objects.all();
    assert.deepEqual([coffee!.name, coffee!.price, coffee!.isIce], ["Latte", 4500, true]);
  });

  test("a page without a form is not submitted to", async () => {
    await assert.rejects(site.submit("/api/models", {}), {
      code: "TESTING_NO_FORM",
      message: "GET /api/models answered 200 without a form that carries a CSRF token.",
      hint: /site\.post/,
    });
  });

  test("logs a user in without a password, and out again", async () => {
    const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a long secret" });
    assert.equal((await site.get("/admin/")).status, 302);
    await site.login(ada);
    assert.equal((await site.get("/admin/")).status, 200);
    await site.logout();
    assert.equal((await site.get("/admin/")).status, 302);
  });

  test("sends an object as JSON and reads an answer as JSON", async () => {
    const answer = await site.post("/api/models/digits/predict", { input: { pixels: Array(784).fill(0) } });
    assert.equal(answer.json<{ model: string }>().model, "digits");
  });
});

test("the form that has the named inputs is sent with its hidden inputs, boxes and files", async () => {
  const token = (request: HttpRequest) => `<input type="hidden" name="csrfmiddlewaretoken" value="${request.csrfToken}">`;
  const page = (request: HttpRequest) =>
    html(`
    <form method="post">${token(request)}<input type="hidden" name="which" value="language"><input name="language"></form>
    <form method="post">${token(request)}<input name="which" type="hidden" value="coffee &quot;1&quot;"><input name="name"></form>`);
  const received = async (request: HttpRequest) => {
    if (request.method === "GET") return page(request);
    const { data, files } = await request.form();
    const photo = files.get("photo");
    return { which: data.get("which"), name: data.getAll("name"), ice: data.get("ice"), photo: photo && (await photo.text()) };
  };
  const site = await testSite({ ...cafe, urls: [path("form/", received)] });
  const photo = new File(["a picture"], "latte.txt");
  const sent = await site.submit("/form/", { name: ["Latte", 2], ice: true, hot: false, photo });
  assert.deepEqual(sent.json(), { which: 'coffee "1"', name: ["Latte", "2"], ice: "on", photo: "a picture" });
  assert.deepEqual((await site.submit("/form/", { language: "ko" })).json().which, "language");
  assert.deepEqual((await site.submit("/form/", { name: "Latte", which: "another" })).json().which, "another");
  await site.close();
});

describe("two test sites after each other", () => {
  test("do not see each other's rows", async () => {
    const first = await testSite(cafe);
    await Coffee.objects.create({ name: "Only here", price: 1 });
    await first.close();
    const second = await testSite(cafe);
    assert.equal(await Coffee.objects.count(), 0);
    await second.close();
  });
});

describe("a cookie jar", () => {
  test("keeps what was set and forgets what has no age left", () => {
    const jar = new CookieJar();
    jar.store(["a=1; Path=/", "b=2; HttpOnly", "a=3"]);
    assert.equal(jar.header, "a=3; b=2");
    jar.store(["a=; Max-Age=0"]);
    assert.deepEqual([jar.get("a"), jar.header], [undefined, "b=2"]);
  });
});

test("a site that is told to refuses a request with a query in a loop", async () => {
  const names = async () => {
    const ids = await Coffee.objects.valuesList("id", { flat: true });
    for (const id of [...ids, -1, -2, -3, -4, -5]) await Coffee.objects.filter({ id }).exists();
    return "done";
  };
  const project = { ...cafe, urls: [path("loop/", names), ...cafe.urls!] };
  for (const [options, status] of [
    [{}, 200],
    [{ failOnQueriesInLoops: true }, 500],
  ] as const) {
    const site = await testSite(project, options);
    const answer = await site.get("/loop/");
    await site.close();
    assert.equal(answer.status, status);
  }
});
