// What a project has in development alone: live reload, the mail that was sent, the overview.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { checkProject, keepTemplateTypes } from "#app";
import { defineApp, defineProject, type OpenProject, openProject, type ProjectOptions, render } from "cortado";
import { HttpResponse, type HttpRequest, path } from "cortado/http";
import { sendMail } from "cortado/mail";
import { library, type Loader, simpleTag } from "cortado/templates";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

const write = (file: string, text: string) => {
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), text);
};
write("shop/templates/page.html", "<html><body><p>{{ title }}</p></body></html>");
write("shop/static/shop.css", "p { color: red }");

async function openShop(t: TestContext, options: Partial<ProjectOptions> = {}): Promise<OpenProject> {
  const shop = defineApp({
    name: "shop",
    directory: join(folder, "shop"),
    contextProcessor: () => ({ cart: 3 }),
    ...options.apps?.[0],
  });
  const urls = [
    path("page/", (request: HttpRequest) => render(request, "page.html", { title: "Coffee" }), { name: "page" }),
    path("text/", () => "plain <body></body>"),
    path("json/", () => ({ html: "</body>" })),
    path("packed/", () => new HttpResponse("</body>", { headers: { "content-type": "text/html", "content-encoding": "br" } })),
    path("bytes/", () => new HttpResponse(Buffer.from("</body>"), { headers: { "content-type": "text/html" } })),
    path("counted/", () => new HttpResponse("<body></body>", { headers: { "content-type": "text/html", "content-length": "13" } })),
    path("boxed/", () => new HttpResponse("<body></body>", { headers: { "content-type": "text/html", "content-security-policy": "sandbox allow-popups" } })), // prettier-ignore
    path("two/", () => "<pre></body></pre><body>x</body  >"),
    path("nonce/", () => new HttpResponse("<body></body>", { headers: { "content-type": "text/html", "content-security-policy": "script-src 'nonce-abc123'" } })),
    path("send/", async () => {
      await sendMail({ subject: "Your <order>", body: "On its way.", html: '<p onclick="x">On its way.</p><script>alert(1)</script><img src="cid:cup">', from: "shop@example.com", to: "ada@example.com", attachments: [{ name: "cup.png", content: Buffer.from("png"), type: "image/png", cid: "cup" }, { name: "run.html", content: "<script>alert(2)</script>", type: "text/html" }] });
      return "sent";
    }),
  ]; // prettier-ignore
  const project = defineProject({ secretKey: "a key that nobody may see", database: "sqlite::memory:", root: folder, mode: "development", mailers: { default: "memory:" }, urls, ...options, apps: [shop] }); // prettier-ignore
  const open = await openProject(project);
  t.after(() => open.close());
  return open;
}

const get = async (open: OpenProject, url: string, headers: Record<string, string> = {}) =>
  (await open.server()).inject({ url, headers: { host: "localhost", ...headers } });

describe("live reload", () => {
  test("puts a script before the end of pages, and of nothing else", async (t) => {
    const open = await openShop(t);
    const script = /<script src="\/static\/cortado\/live-reload\.js" data-events="\/cortado\/reload\/" defer><\/script>/;
    const page = (await get(open, "/page/")).body;
    assert.match(page, script);
    assert.match(page, /Coffee<\/p><script [^>]*><\/script><\/body><\/html>$/);
    assert.match((await get(open, "/two/")).body, /<\/body><\/pre><body>x<script /);
    const counted = await get(open, "/counted/");
    assert.equal(counted.headers["content-length"], String(counted.body.length));
    for (const url of ["/json/", "/packed/", "/bytes/", "/boxed/"])
      assert.doesNotMatch((await get(open, url)).body, /live-reload/);
    assert.equal((await get(open, "/static/cortado/live-reload.js")).statusCode, 200);
  });

  test("its script carries the nonce of the page's policy", async (t) => {
    const open = await openShop(t, { security: { csp: { "script-src": ["<nonce>"] } } });
    assert.match((await get(open, "/nonce/")).body, /nonce="abc123"/);
    const { body, headers } = await get(open, "/page/");
    const nonce = /nonce="([^"]+)" defer/.exec(body)?.[1];
    assert.ok(nonce);
    assert.equal(headers["content-security-policy"], `script-src 'nonce-${nonce}'`);
  });

  test("is not there in production, in tests, without debug, or where a project wants none", async (t) => {
    const none: Partial<ProjectOptions>[] = [
      { mode: "production", secretKey: "a key for tests that is long enough, surely", allowedHosts: ["localhost"] },
      { mode: "test" },
      { debug: false },
    ];
    for (const options of none) {
      const open = await openShop(t, options);
      assert.doesNotMatch((await get(open, "/page/")).body, /live-reload/);
      for (const url of ["/cortado/", "/cortado/reload/", "/cortado/mail/"])
        assert.equal((await get(open, url)).statusCode, 404, url);
    }
    assert.doesNotMatch((await get(await openShop(t, { liveReload: false }), "/page/")).body, /live-reload/);
  });

  test("tells browsers who the process is, and which templates and static files change", async (t) => {
    const open = await openShop(t);
    const address = await open.listen({ port: 0 });
    const aborted = new AbortController();
    const answer = await fetch(`${address}/cortado/reload/`, { signal: aborted.signal });
    assert.equal(answer.headers.get("content-type"), "text/event-stream; charset=utf-8");
    const chunks = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let told = "";
    const until = async (wanted: RegExp) => {
      while (!wanted.test(told)) told += (await chunks.read()).value;
    };
    await until(/event: process\ndata: \d+-\d+\n\n/);
    write("shop/templates/page.html", "<html><body><p>{{ title }} {{ beans.origin }} {{ cart }}</p></body></html>");
    await until(/event: change\ndata: shop\/templates\/page\.html\n\n/);
    write("shop/static/shop.css", "p { color: blue }");
    await until(/event: change\ndata: shop\/static\/shop\.css\n\n/);
    write("shop/views.ts", "export {};");
    write("shop/static/shop.js", "1;");
    await until(/data: shop\/static\/shop\.js\n\n/);
    assert.doesNotMatch(told, /views\.ts/);
    aborted.abort();
    await chunks.cancel().catch(() => undefined);
    assert.match((await get(open, "/page/")).body, /Coffee {2}3<\/p>/);
  });
});

test("the types of templates are written once, and again when a template reads something else", async (t) => {
  rmSync(join(folder, ".cortado"), { recursive: true, force: true });
  write("shop/templates/page.html", "<html><body>{{ title }} {{ cart }} {{ request.path }}</body></html>");
  const open = await openShop(t);
  assert.equal(await keepTemplateTypes(open), true);
  assert.equal(await keepTemplateTypes(open), false);
  const file = join(folder, ".cortado/templates.d.ts");
  assert.match(readFileSync(file, "utf8"), /"page\.html": { required: { title: {} }; optional: {}; names: /);
  write("shop/templates/row.html", "{{ row.name }}");
  assert.equal(await keepTemplateTypes(open), true);
  assert.match(readFileSync(file, "utf8"), /"row\.html": { required: { row: { name: {} } }; optional: {}; names: /);
  rmSync(join(folder, "shop/templates/row.html"));
});

test("the types of templates are asked for whatever keeps sessions and wherever requests are sent on", async (t) => {
  rmSync(join(folder, ".cortado"), { recursive: true, force: true });
  const apps = [{ name: "shop", contextProcessor: () => ({ cart: 3 }), templates: join(folder, "shop/templates") }];
  write("shop/templates/page.html", "{{ title }} {{ cart }}");
  const open = await openShop(t, {
    apps,
    session: { store: "cached-database" },
    security: { sslRedirect: true },
    prependWww: true,
  });
  assert.equal(await keepTemplateTypes(open), true);
  const text = readFileSync(join(folder, ".cortado/templates.d.ts"), "utf8");
  assert.match(text, /"page\.html": { required: { title: {} }; optional: {}; names: /);
});

test("templates of the project's own folder stand before those of its apps, and of an app before those of the apps above it", async (t) => {
  write("templates/lost.html", "project");
  write("shop/templates/lost.html", "shop");
  write("shop/templates/cortado/welcome.html", "shop's welcome");
  const { services } = await openShop(t);
  assert.deepEqual(
    [await services.templates.render("lost.html"), await services.templates.render("cortado/welcome.html")],
    ["project", "shop's welcome"],
  );
  rmSync(join(folder, "templates"), { recursive: true });
});

test("the setting templates gives a project further folders, libraries, builtins and a sign for what is missing", async (t) => {
  write("more/lost.html", "{{ 1234|intcomma }} {{ 'tea'|shout }} [{{ nobody }}] {% yes %}{% include 'own.html' %}");
  const shout = library({ filters: { shout: (text: string) => `${text}!` } });
  const yes = library({ tags: { yes: simpleTag(() => "yes ") } });
  const own: Loader = {
    label: "own",
    names: () => ["own.html"],
    stamp: () => 0,
    find: (name) => (name === "own.html" ? { name, text: "loaded", origin: "own" } : undefined),
  };
  const templates = { directories: ["more", "less"], libraries: { shout }, builtins: ["humanize", "shout", yes], loaders: [own], stringIfInvalid: "no %s" }; // prettier-ignore
  const open = await openShop(t, { templates });
  assert.equal(await open.services.templates.render("lost.html"), "1,234 tea! [no nobody] yes loaded");
  const found = (await checkProject(open)).filter(({ object }) => object === "templates.directories");
  assert.deepEqual(found, [
    {
      level: "error",
      code: "TEMPLATES_CHECK_NO_FOLDER",
      message: `The setting templates.directories names the folder ${join(folder, "less")}, which is not there.`,
      hint: "Make it, or take it out of the setting.",
      object: "templates.directories",
    },
  ]);
});

test("a context processor that fails leaves the names that every project has", async (t) => {
  const open = await openShop(t, { apps: [{ name: "shop", contextProcessor: () => { throw new Error("no table"); } }] }); // prettier-ignore
  await keepTemplateTypes(open);
  assert.match(
    readFileSync(join(folder, ".cortado/templates.d.ts"), "utf8"),
    /"page\.html": { required: { cart: {}; title: {} }/,
  );
  assert.ok(existsSync(folder));
});

describe("the mail that development sent", () => {
  test("is listed, with its HTML in a frame that runs nothing, its text, headers and attachments", async (t) => {
    const open = await openShop(t);
    assert.match((await get(open, "/cortado/mail/")).body, /Nothing was sent/);
    await get(open, "/send/");
    const list = (await get(open, "/cortado/mail/")).body;
    const address = /href="(\/cortado\/mail\/\d+\/)">Your &lt;order&gt;/.exec(list)?.[1];
    assert.ok(address, list);
    const message = (await get(open, address)).body;
    assert.match(message, /<iframe src="\/cortado\/mail\/\d+\/html\/"[^>]* sandbox="allow-popups/);
    assert.match(message, /On its way\.[^]*cup\.png[^]*run\.html[^]*From: shop@example\.com/);
    assert.doesNotMatch(message, /<script>alert/);
    const framed = await get(open, `${address}html/`);
    assert.match(framed.headers["content-security-policy"] as string, /^sandbox .*default-src 'none'/);
    assert.equal(framed.headers["x-frame-options"], "SAMEORIGIN");
    assert.match(framed.body, /<img src="\.\.\/0\/">/);
    assert.doesNotMatch(framed.body, /live-reload/);
    const picture = await get(open, `${address}0/`);
    assert.deepEqual([picture.headers["content-type"], picture.body], ["image/png", "png"]);
    const page = await get(open, `${address}1/`);
    assert.equal(page.headers["content-type"], "application/octet-stream");
    assert.match(page.headers["content-disposition"] as string, /^attachment; filename\*=UTF-8''run\.html$/);
    assert.match((await get(open, `${address}source/`)).body, /^Subject: Your <order>\r\nFrom: /);
    for (const gone of ["99999/", "99999/html/"]) assert.equal((await get(open, `/cortado/mail/${gone}`)).statusCode, 404);
    assert.equal((await get(open, `${address}7/`)).statusCode, 404);
  });
});

test("the overview has the addresses and the settings, without their secrets", async (t) => {
  const open = await openShop(t);
  const { body } = await get(open, "/cortado/");
  assert.match(body, /<td class="mono">\/page\/<\/td>/);
  assert.match(body, />secretKey<\/th><td class="mono">••••••</);
  assert.doesNotMatch(body, /a key that nobody may see|\/cortado\/reload\/<\/td>/);
});
