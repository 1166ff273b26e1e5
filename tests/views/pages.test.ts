import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpError, type HttpRequest, path } from "cortado/http";
import { redirectView, render, requestContext, templateView, usualContextNames } from "cortado/views";
import { openSite } from "./open-site.ts";
import { redirect } from "../any-address.ts";

test("render gives a template what the view and the request have", async (t) => {
  const templates = { "a.html": "{{ name }} {{ request.path }} {{ debug }}" };
  const site = await openSite(
    t,
    [path("a/", (request: HttpRequest) => render(request, "a.html", { name: "<Latte>" }, { status: 201 }))],
    { templates },
  );
  const answer = await site.inject("/a/");
  assert.deepEqual([answer.statusCode, answer.body], [201, "&lt;Latte&gt; /a/ False"]);
  assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
});

test("the names that every template has are known without a request", async (t) => {
  const site = await openSite(t, [path("", async (request: HttpRequest) => Object.keys(await requestContext(request)))]);
  assert.deepEqual((await site.inject("/")).json(), usualContextNames);
});

test("a page without a form sets no cookie, a form carries its token and is taken with it", async (t) => {
  const templates = { "form.html": "<form>{% csrf_token %}</form>", "plain.html": "x" };
  const site = await openSite(
    t,
    [
      path("form/", (request: HttpRequest) => (request.method === "POST" ? "done" : render(request, "form.html"))),
      path("plain/", templateView("plain.html")),
    ],
    { templates },
  );
  assert.equal((await site.inject("/plain/")).headers["set-cookie"], undefined);
  const page = await site.inject("/form/");
  const token = /name="csrfmiddlewaretoken" value="(\w{64})"/.exec(page.body)?.[1];
  const cookies = { csrftoken: page.cookies[0]!.value };
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await site.inject({ method: "POST", url: "/form/", cookies, headers, payload: `csrfmiddlewaretoken=${token}` });
  assert.equal(answer.body, "done");
});

test("messages are shown by the next page that prints them", async (t) => {
  const templates = { "m.html": "{% if messages %}{% for m in messages %}[{{ m.tags }}: {{ m }}]{% endfor %}{% endif %}" };
  const add = (request: HttpRequest) => {
    request.messages.success("Saved <b>");
    return redirect("show");
  };
  const site = await openSite(
    t,
    [path("add/", add), path("show/", (request: HttpRequest) => render(request, "m.html"), { name: "show" })],
    { templates },
  );
  const added = await site.inject("/add/");
  assert.equal(added.headers.location, "/show/");
  const cookies = { messages: added.cookies[0]!.value };
  const shown = await site.inject({ url: "/show/", cookies });
  assert.equal(shown.body, "[success: Saved &lt;b&gt;]");
  assert.equal(shown.cookies[0]?.value, "");
});

test("apps add to the context of every page", async (t) => {
  const apps = [{ name: "shop", contextProcessor: () => ({ cart: 3 }) }] as never;
  const site = await openSite(t, [path("a/", templateView("a.html"))], { templates: { "a.html": "{{ cart }}" }, apps });
  assert.equal((await site.inject("/a/")).body, "3");
});

test("redirect goes to a name, a path or a row's page", async (t) => {
  const site = await openSite(t, [
    path("coffee/<int:id>/", () => "x", { name: "coffee" }),
    path("name/", () => redirect("coffee", { id: 3 })),
    path("path/", () => redirect("/coffee/4/")),
    path("row/", () => redirect({ getAbsoluteUrl: () => "/coffee/5/" })),
    path("old/", redirectView("/new/", { permanent: true })),
  ]);
  const to = async (url: string) => {
    const { statusCode, headers } = await site.inject(url);
    return [statusCode, headers.location];
  };
  assert.deepEqual(await to("/name/"), [302, "/coffee/3/"]);
  assert.deepEqual(await to("/path/"), [302, "/coffee/4/"]);
  assert.deepEqual(await to("/row/"), [302, "/coffee/5/"]);
  assert.deepEqual(await to("/old/"), [301, "/new/"]);
});

const failing = [
  path("fails/", () => {
    throw new TypeError("the secret is 1234");
  }),
  path("template/", (request: HttpRequest) => render(request, "broken.html")),
  path("forbidden/", () => {
    throw new HttpError(403, "Staff only.");
  }),
  path("coffee/", () => "x", { name: "coffee" }),
];
const broken = { "broken.html": "<p>\n  {% for x in y %}{{ x }}{% endfr %}" };

test("strangers get a calm page that says nothing of the program", async (t) => {
  const site = await openSite(t, failing, { templates: broken });
  for (const url of ["/fails/", "/template/"]) {
    const answer = await site.inject(url);
    assert.equal(answer.statusCode, 500);
    assert.match(answer.body, /<h1>Something went wrong on our side<\/h1>/);
    assert.doesNotMatch(answer.body, /1234|TypeError|endfr|\.ts|debug/);
  }
  const missing = await site.inject("/cofee/");
  assert.match(missing.body, /<h1>There is no such page<\/h1>/);
  assert.doesNotMatch(missing.body, /were tried|anonymous/);
  assert.match((await site.inject("/forbidden/")).body, /<h1>This is not open to you<\/h1>[^]*Staff only\./);
  assert.match(
    (await site.inject({ method: "POST", url: "/coffee/" })).body,
    /<h1>This form could not be trusted<\/h1>[^]*the cookie csrftoken is missing/,
  );
});

test("in debug the page explains: the exception, the template's line, the addresses that were tried", async (t) => {
  const site = await openSite(t, failing, { templates: broken, debug: true });
  const failed = (await site.inject("/fails/")).body;
  assert.match(failed, /TypeError: the secret is 1234/);
  assert.match(failed, /<b>\d+ \|     throw new TypeError\(&quot;the secret is 1234&quot;\);<\/b>/);
  const template = (await site.inject("/template/")).body;
  assert.match(template, /in broken\.html, line 2, column 26/);
  assert.match(template, /Did you mean &quot;endfor&quot;\?/);
  const missing = (await site.inject("/cofee/")).body;
  assert.match(missing, /Did you mean \/coffee\/\?/);
  assert.match(missing, /These addresses were tried[^]*\/fails\/[^]*\/coffee\//);
});

test("programs get their errors in JSON", async (t) => {
  const site = await openSite(t, failing);
  const answer = await site.inject({ url: "/forbidden/", headers: { accept: "application/json" } });
  assert.deepEqual(answer.json(), { error: { code: "HTTP_FORBIDDEN", message: "Staff only." } });
});

test("a project's own page for a status comes first, and one that fails is replaced by the plain page", async (t) => {
  const own = await openSite(t, failing, { templates: { "404.html": "own: {{ problem.message }}" } });
  assert.equal((await own.inject("/x/")).body, "own: There is no page at /x/.");
  const bad = await openSite(t, failing, { templates: { "404.html": "{% nonsense %}" } });
  const answer = await bad.inject("/x/");
  assert.deepEqual([answer.statusCode, /<h1>Not Found<\/h1>/.test(answer.body)], [404, true]);
});

test("a project's own page of a refusal has what every page has; that of a failure has not", async (t) => {
  const shown = "{{ LANGUAGE_CODE }} {{ chef }} {{ csrf_token|yesno }}";
  const chef = { name: "kitchen", contextProcessor: () => ({ chef: "Ada" }) };
  const site = await openSite(t, failing, { apps: [chef], templates: { "404.html": shown, "500.html": shown } });
  assert.equal((await site.inject("/x/")).body, "en Ada yes");
  assert.equal((await site.inject("/fails/")).body, "  no");
});

test("the shared look is served as a static file", async (t) => {
  const site = await openSite(t, failing);
  const page = (await site.inject("/x/")).body;
  const href = /<link rel="stylesheet" href="([^"]+)">/.exec(page)![1]!;
  assert.equal(href, "/static/cortado/cortado.css");
  assert.equal((await site.inject(href)).headers["content-type"], "text/css; charset=utf-8");
});
