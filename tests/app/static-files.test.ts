import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { defineApp, defineProject, openProject, path, render } from "cortado";
import { collectStatic, useStaticFiles } from "cortado/http";
import { storage } from "cortado/storage";
import { temporaryFolder } from "../temporary-folder.ts";

test("a page in production leads to what was collected, and it is served for ever", async (t) => {
  const root = temporaryFolder(t, {
    "shop/templates/page.html": '<link href="{% static "shop/site.css" %}">',
    "shop/static/shop/site.css": "a { background: url(logo.svg) }",
    "shop/static/shop/logo.svg": "<svg/>",
  });
  const project = defineProject({
    apps: [defineApp({ name: "shop", directory: join(root, "shop") })],
    urls: [path("", (request) => render(request, "page.html"))],
    database: "sqlite::memory:",
    secretKey: "x".repeat(40),
    allowedHosts: ["localhost"],
    mode: "production",
    root,
  });
  t.after(() => useStaticFiles({ ...project, debug: true }));
  const linkOn = async (): Promise<[link: string, status: number, cache: unknown]> => {
    const open = await openProject(project);
    const server = await open.server();
    const headers = { host: "localhost" };
    const page = await server.inject({ url: "/", headers });
    const link = /href="([^"]*)"/.exec(page.body)![1]!;
    const css = await server.inject({ url: link, headers });
    await open.close();
    return [link, css.statusCode, css.headers["cache-control"]];
  };
  assert.deepEqual(await linkOn(), ["/static/shop/site.css", 200, "public, max-age=3600"]);
  const open = await openProject(project);
  await collectStatic(open.settings, storage("staticfiles"));
  await open.close();
  const [link, status, cache] = await linkOn();
  assert.match(link, /^\/static\/shop\/site\.[0-9a-f]{12}\.css$/);
  assert.deepEqual([status, cache], [200, "public, max-age=31536000, immutable"]);
});
