import assert from "node:assert/strict";
import { test } from "node:test";
import { type HttpRequest, include, path } from "cortado/http";
import { testSite } from "cortado/testing";
import { project } from "../admin/shop/project.ts";
import { reverse } from "../any-address.ts";

const page = (request: HttpRequest) => request.services.templates.renderString('{% url "polls:index" %}', { request });
const chosen = (request: HttpRequest) => {
  request.currentApp = "author";
  return page(request);
};
const polls = { appName: "polls", urls: [path("", page, { name: "index" }), path("chosen/", chosen)] };

test("{% url %} of an application means the instance whose page it is on, or the one that the view names", async (t) => {
  const urls = [
    path("author/", include(polls, { namespace: "author" })),
    path("publisher/", include(polls, { namespace: "publisher" })),
    path("other/", page),
  ];
  const site = await testSite({ ...project, urls, urlPrefix: "/shop/" });
  t.after(() => site.close());
  const text = async (url: string) => (await site.get(url)).text;
  assert.deepEqual(await Promise.all(["/author/", "/publisher/", "/publisher/chosen/", "/other/"].map(text)), [
    "/shop/author/",
    "/shop/publisher/",
    "/shop/author/",
    "/shop/publisher/",
  ]);
  assert.equal(reverse("polls:index", {}, { currentApp: "author" }), "/shop/author/");
});
