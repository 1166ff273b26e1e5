// What a test learns of the templates that a page was made of.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { defineApp, defineProject, type HttpRequest, path, render } from "cortado";
import { templateResponse, TemplateResponse } from "cortado/views";
import { type Middleware } from "cortado/http";
import { testSite, type TestSiteOptions } from "cortado/testing";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
mkdirSync(join(folder, "templates"));
const template = (name: string, text: string) => writeFileSync(join(folder, "templates", name), text);
template("base.html", "{% block content %}{% endblock %}");
template("row.html", "{{ row }}");
template("page.html", '{% extends "base.html" %}{% block content %}{% include "row.html" with row=title %}{% endblock %}');
template("careless.html", "{{ title }}{{ tittle }}\n{% for x in list %}{{ x }}{% endfor %}");
template(
  "careful.html",
  '{% if titel %}{{ titel }}{% endif %}{{ note|default:"-" }}{{ more|default_if_none:"" }}{% firstof a b "c" %}{% if list|length > 3 and not x.y %}{% endif %}',
);
template("lost.html", "{{ xyz }}");
template("deferred.html", "{{ title }} {{ news }}"); // prettier-ignore

const addNews: Middleware = async (_request, next) => {
  const response = await next();
  if (response instanceof TemplateResponse) response.context["news"] = "fresh";
  return response;
};

const page =
  (name: string, context = {}) =>
  (request: HttpRequest) =>
    render(request, name, context);
const project = defineProject({
  apps: [defineApp({ name: "shop", directory: folder })],
  secretKey: "a key for tests",
  middleware: [addNews],
  urls: [
    path("page/", page("page.html", { title: "Coffee" })),
    path("careless/", page("careless.html", { title: "Coffee" })),
    path("lost/", page("lost.html")),
    path("careful/", page("careful.html")),
    path("deferred/", (request: HttpRequest) => templateResponse(request, "deferred.html", { title: "Coffee" })),
    path("broken/", (request: HttpRequest) => templateResponse(request, "gone.html")),
    path("form/", (request: HttpRequest) =>
      templateResponse(request, "deferred.html", { title: () => request.csrfToken.length }),
    ),
  ],
});

async function open(t: TestContext, options: TestSiteOptions = {}) {
  const site = await testSite(project, options);
  t.after(() => site.close());
  return site;
}

test("an answer knows its templates and what they were rendered with", async (t) => {
  const site = await open(t);
  const answer = await site.get("/page/");
  assert.equal(answer.text, "Coffee");
  assert.deepEqual(answer.templates, ["page.html", "base.html", "row.html"]);
  assert.deepEqual([answer.context["title"], answer.context["row"], answer.context["request"].path], ["Coffee", "Coffee", "/page/"]); // prettier-ignore
  const [first, second] = await Promise.all([site.get("/page/"), site.get("/careful/")]);
  assert.deepEqual([first.templates.length, second.templates], [3, ["careful.html"]]);
});

test("names that contexts lacked are collected, not those that a template can do without", async (t) => {
  const site = await open(t);
  await site.get("/careful/");
  assert.deepEqual(site.missingNames, []);
  await site.get("/careless/");
  assert.deepEqual(
    site.missingNames.map(({ name, template: from, line }) => `${name} ${from}:${line}`),
    ["tittle careless.html:1", "list careless.html:2"],
  );
});

test("a site may refuse pages that lacked names", async (t) => {
  const site = await open(t, { missingNames: "fail" });
  assert.equal((await site.get("/careful/")).status, 200);
  await assert.rejects(site.get("/careless/"), {
    code: "TESTING_MISSING_NAMES",
    message:
      /^The context lacked "tittle" \(careless\.html, line 1\), "list" \(careless\.html, line 2\)\.\n1 \| {{ title }}{{ tittle }}/,
    hint: 'Did you mean "title"?',
  });
});

test("a missing name that resembles none gets a general hint", async (t) => {
  const site = await open(t, { missingNames: "fail" });
  await assert.rejects(site.get("/lost/"), { code: "TESTING_MISSING_NAMES", hint: /{{ name\|default:"" }}/ });
});

test("a deferred template is rendered when every middleware had its turn", async (t) => {
  const site = await open(t);
  const answer = await site.get("/deferred/");
  assert.deepEqual([answer.text, answer.headers["content-type"]], ["Coffee fresh", "text/html; charset=utf-8"]);
  assert.deepEqual(answer.templates, ["deferred.html"]);
});

test("a deferred template that fails gets the error page, and one with a token its cookie", async (t) => {
  const site = await open(t);
  assert.equal((await site.get("/broken/")).status, 500);
  const answer = await site.get("/form/");
  assert.equal(answer.text, "64 fresh");
  assert.match(answer.headers["set-cookie"]!, /^csrftoken=/);
});

test("whoever waits for a deferred body is called once it is there", async () => {
  const calls: string[] = [];
  const request = { services: { templates: { render: async (name: string) => name }, settings: { apps: [] } } } as never;
  const response = templateResponse(request, "a.html", {}, { status: 201 });
  await response.afterRender(({ body }) => void calls.push(`first ${String(body)}`));
  assert.deepEqual([response.isRendered, response.body, response.status], [false, null, 201]);
  await response.complete();
  await response.complete();
  await response.afterRender(() => void calls.push("late"));
  assert.deepEqual([response.isRendered, calls], [true, ["first a.html", "late"]]);
});
