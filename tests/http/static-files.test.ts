import assert from "node:assert/strict";
import { lstat, readdir, readFile, readlink, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { collectStatic, type CollectOptions, findStatic, httpChecks, listStatic, staticUrl, useStaticFiles } from "cortado/http";
import { FileStorage, useStorages } from "cortado/storage";
import { openSite } from "./open-site.ts";
import { temporaryFolder } from "../temporary-folder.ts";

type Settings = Parameters<typeof collectStatic>[0];

interface Project {
  root: string;
  settings: Settings;
  target: FileStorage;
  collect(options?: CollectOptions): ReturnType<typeof collectStatic>;
  read(name: string): Promise<string>;
}

/** A project of these files, in production. */
async function projectOf(t: TestContext, files: Record<string, string>, settings: Partial<Settings> = {}): Promise<Project> {
  const root = temporaryFolder(t, files);
  const apps = [
    { name: "shop", directory: join(root, "shop") },
    { name: "other", staticFiles: join(root, "other-assets") },
  ];
  const target = new FileStorage(join(root, "var/static"), { baseUrl: settings.staticUrl ?? "/static/", allowOverwrite: true });
  useStorages({ staticfiles: target });
  const all = { apps, root, debug: false, mode: "production", secretKey: "x".repeat(40), ...settings } as Settings;
  t.after(() => useStaticFiles({ ...all, debug: true }));
  return {
    root,
    settings: all,
    target,
    collect: (options) => collectStatic(all, target, options),
    read: async (name) => Buffer.from(await target.read(name)).toString(),
  };
}

const pathsOf = async (project: Project) => JSON.parse(await project.read("staticfiles.json")).paths as Record<string, string>;

test("files are found in the project's own folder, those of the setting and those of apps, in this order", async (t) => {
  const files = {
    "static/a.css": "1",
    "shop/static/a.css": "2",
    "shop/static/shop/b.css": "3",
    "vendor/htmx.js": "4",
    "more/c.css": "5",
    "other-assets/d.css": "6",
    "shop/static/.hidden": "7",
    "shop/static/old.css~": "8",
  };
  const { settings, root } = await projectOf(t, files, { staticDirectories: ["more", ["vendor", "vendor"]] });
  assert.deepEqual(findStatic(settings, "a.css"), [join(root, "static/a.css"), join(root, "shop/static/a.css")]);
  assert.deepEqual(findStatic(settings, "vendor/htmx.js"), [join(root, "vendor/htmx.js")]);
  for (const path of ["none.css", "htmx.js", "../shop/static/a.css", "shop", "a\0", ""])
    assert.deepEqual(findStatic(settings, path), [], path);
  const listed = (await Array.fromAsync(listStatic(settings))).map(({ path }) => path);
  assert.deepEqual(listed, ["a.css", "c.css", "vendor/htmx.js", "a.css", "shop/b.css", "d.css"]);
});

test("files are collected, and only what changed is copied again", async (t) => {
  const project = await projectOf(t, {
    "static/a.css": "a {}",
    "shop/static/a.css": "shadow",
    "shop/static/shop/b.txt": "b",
    "static/x.scss": "x",
  });
  const told: string[] = [];
  const first = await project.collect({ ignore: ["*.scss"], onFile: (action, path) => void told.push(`${action} ${path}`) });
  assert.equal(await project.read("a.css"), "a {}");
  assert.equal(await project.read("shop/b.txt"), "b");
  assert.equal(await project.target.exists("x.scss"), false);
  assert.deepEqual([first.copied, first.shadowed, first.hashed], [2, 1, 2]);
  assert.ok(told.includes("shadowed a.css") && told.includes("copied shop/b.txt"));
  const again = await project.collect({ ignore: ["*.scss"] });
  assert.deepEqual([again.copied, again.unmodified, again.hashed], [0, 2, 0]);
  await writeFile(join(project.root, "static/a.css"), "b {}");
  await utimes(join(project.root, "static/a.css"), new Date(), new Date(Date.now() + 5000));
  assert.equal((await project.collect()).copied, 2);
  assert.equal(await project.read("a.css"), "b {}");
});

test("a dry run writes nothing, clearing empties, links lead to the sources", async (t) => {
  const project = await projectOf(t, { "static/a.css": "a {}" });
  assert.equal((await project.collect({ dryRun: true })).copied, 1);
  await assert.rejects(readdir(join(project.root, "var")), { code: "ENOENT" });
  await project.collect();
  await project.target.save("old/gone.css", "x");
  const dry = await project.collect({ clear: true, dryRun: true });
  assert.equal(dry.copied, 1);
  assert.equal(await project.target.exists("old/gone.css"), true);
  const cleared = await project.collect({ clear: true });
  assert.ok(cleared.deleted >= 3);
  assert.equal(await project.target.exists("old/gone.css"), false);
  assert.equal((await project.collect({ link: true })).linked, 1);
  assert.equal(await readlink(join(project.root, "var/static/a.css")), join(project.root, "static/a.css"));
  assert.equal((await project.collect()).copied, 1);
  assert.equal((await lstat(join(project.root, "var/static/a.css"))).isFile(), true);
  await project.collect({ hash: false, clear: true });
  assert.deepEqual((await project.target.listdir()).files, ["a.css"]);
});

test("names tell the content, and what refers to a file refers to its new name", async (t) => {
  const project = await projectOf(t, {
    "static/css/site.css": `@import "base.css"; @import url('../vendor/reset.css') screen;
      /* url(none.png) stays */ a { background: url( "../img/a b.png?v=1#x" ) } b { background: url(../img/a%20b.png) }
      c { background: url(data:image/png;base64,AA==) url(https://x.example/y.png) url(//x.example/z.png) url(#svg) url(/other/q.png) }
      d { background: url(/static/img/a%20b.png); content: "url(none.png)" }
      /*# sourceMappingURL=site.css.map */`,
    "static/css/base.css": "p { color: red }",
    "static/css/site.css.map": "{}",
    "static/vendor/reset.css": "q {}\n/*# sourceMappingURL=missing.css.map */",
    "static/img/a b.png": "png",
    "static/js/app.js": 'import "./cart.js";\nimport("./cart.js");\nconst x = "./none.js";\n//# sourceMappingURL=app.js.map',
    "static/js/app.js.map": "{}",
    "static/js/cart.js": "export {};",
  });
  await project.collect();
  const paths = await pathsOf(project);
  for (const [plain, hashed] of Object.entries(paths))
    assert.match(hashed, new RegExp(`^${plain.replace(/(\.\w+)$/, "")}\\.[0-9a-f]{12}\\.\\w+$`));
  const css = await project.read(paths["css/site.css"]!);
  const base = (name: string) => paths[name]!.split("/").at(-1)!.replace(" ", "%20");
  assert.ok(css.includes(`@import "${base("css/base.css")}"`), css);
  assert.ok(css.includes(`@import url('../vendor/${base("vendor/reset.css")}') screen`), css);
  assert.ok(css.includes(`url( "../img/${base("img/a b.png")}?v=1#x" )`), css);
  assert.ok(css.includes(`url(../img/${base("img/a b.png")})`), css);
  assert.ok(css.includes(`url(/static/img/${base("img/a b.png")})`), css);
  assert.ok(css.includes(`sourceMappingURL=${base("css/site.css.map")}`), css);
  for (const kept of [
    "url(none.png) stays",
    'content: "url(none.png)"',
    "data:image/png;base64,AA==",
    "https://x.example/y.png",
    "//x.example/z.png",
    "url(#svg)",
    "url(/other/q.png)",
  ])
    assert.ok(css.includes(kept), kept);
  assert.ok((await project.read(paths["vendor/reset.css"]!)).includes("sourceMappingURL=missing.css.map"));
  const js = await project.read(paths["js/app.js"]!);
  assert.ok(js.startsWith('import "./cart.js";') && js.endsWith(`//# sourceMappingURL=${base("js/app.js.map")}`), js);
  // A change goes up to what refers to it.
  await writeFile(join(project.root, "static/css/base.css"), "p { color: blue }");
  await project.collect();
  const changed = await pathsOf(project);
  assert.notEqual(changed["css/site.css"], paths["css/site.css"]);
  assert.equal(changed["vendor/reset.css"], paths["vendor/reset.css"]);
});

test("what modules import gets its new name where that is wanted", async (t) => {
  const modules = {
    "static/app.js":
      'import { a } from "./lib/a.js";\nexport * from \'./lib/a.js\';\nconst b = await import("./lib/b.js");\nimport "react";\n// import "./none.js"\n',
    "static/lib/a.js": 'import "../shared.js";',
    "static/lib/b.js": "export {};",
    "static/shared.js": "export {};",
  };
  const project = await projectOf(t, modules, { staticFiles: { moduleImports: true } });
  await project.collect();
  const paths = await pathsOf(project);
  const js = await project.read(paths["app.js"]!);
  assert.equal(
    js,
    `import { a } from "./${paths["lib/a.js"]}";\nexport * from './${paths["lib/a.js"]}';\nconst b = await import("./${paths["lib/b.js"]}");\nimport "react";\n// import "./none.js"\n`,
  );
  assert.equal(await project.read(paths["lib/a.js"]!), `import "../${paths["shared.js"]}";`);
  await writeFile(join(project.root, "static/shared.js"), 'import "./lib/a.js";');
  await assert.rejects(project.collect(), {
    code: "HTTP_CIRCULAR_STATIC_REFERENCE",
    message: "Static files refer to each other in a circle: lib/a.js → shared.js → lib/a.js.",
    hint: "Break the circle, or leave the setting staticFiles.moduleImports out where these are modules.",
  });
});

test("a reference to nothing is said before anything is written", async (t) => {
  const project = await projectOf(t, {
    "static/css/a.css": "a { background: url(../img/lgo.png) }",
    "static/img/logo.png": "png",
  });
  await assert.rejects(project.collect({ clear: true }), {
    code: "HTTP_MISSING_STATIC_REFERENCE",
    message: 'The static file "css/a.css" refers to "../img/lgo.png", and there is no static file "img/lgo.png".',
    hint: 'Did you mean "img/logo.png"?',
  });
  await assert.rejects(readdir(join(project.root, "var")), { code: "ENOENT" });
});

test("in production addresses are of hashed names, in development of the sources", async (t) => {
  const project = await projectOf(t, { "static/shop/logo.png": "png", "static/a b.css": "a {}" });
  await useStaticFiles(project.settings);
  assert.equal(staticUrl("shop/logo.png"), "/static/shop/logo.png", "nothing was collected yet");
  await project.collect();
  await useStaticFiles(project.settings);
  const paths = await pathsOf(project);
  assert.equal(staticUrl("shop/logo.png"), `/static/${paths["shop/logo.png"]}`);
  assert.equal(staticUrl("shop/logo.png?v=1#x"), `/static/${paths["shop/logo.png"]}?v=1#x`);
  assert.equal(staticUrl("a b.css"), `/static/${paths["a b.css"]!.replace(" ", "%20")}`);
  assert.equal(staticUrl("shop/"), "/static/shop/");
  assert.throws(() => staticUrl("shop/lgo.png"), {
    code: "HTTP_NO_STATIC_FILE",
    message: 'The static file "shop/lgo.png" was not collected.',
    hint: 'Did you mean "shop/logo.png"? If it is new, run: npx cortado collectstatic',
  });
  await useStaticFiles({ ...project.settings, staticFiles: { strict: false } });
  assert.equal(staticUrl("shop/lgo.png"), "/static/shop/lgo.png");
  await useStaticFiles({ ...project.settings, debug: true });
  assert.equal(staticUrl("shop/logo.png"), "/static/shop/logo.png");
});

test("collected files are served compressed to who takes that, and for ever under hashed names", async (t) => {
  const text = "p { color: red }\n".repeat(200);
  const project = await projectOf(t, { "static/site.css": text, "static/tiny.css": "a {}", "static/.secret": "x" });
  const { compressed } = await project.collect();
  assert.equal(compressed, 6);
  await useStaticFiles(project.settings);
  const site = await openSite(t, [], { settings: project.settings });
  const url = staticUrl("site.css");
  const get = (accepted: string | undefined, more = {}) =>
    site.inject({ url, headers: { host: "localhost", ...(accepted !== undefined && { "accept-encoding": accepted }), ...more } });
  const bodies: [string | undefined, string | undefined, (bytes: Buffer) => Buffer][] = [
    ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["zstd, gzip", "zstd", zstdDecompressSync],
    ["gzip;q=0.5, br;q=0", "gzip", gunzipSync],
    ["identity", undefined, (bytes) => bytes],
    [undefined, undefined, (bytes) => bytes],
  ];
  for (const [accepted, coding, unpack] of bodies) {
    const answer = await get(accepted);
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers["content-encoding"], coding, accepted);
    assert.equal(unpack(answer.rawPayload).toString(), text);
    assert.equal(answer.headers["content-type"], "text/css; charset=utf-8");
    assert.equal(answer.headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal(answer.headers["vary"], "Accept-Encoding");
  }
  const packed = await get("br");
  const known = await get("br", { "if-none-match": packed.headers.etag });
  assert.equal(known.statusCode, 304);
  const part = await get("br", { range: "bytes=0-3" });
  assert.deepEqual([part.statusCode, part.body, part.headers["content-encoding"]], [206, text.slice(0, 4), undefined]);
  assert.equal(part.headers["content-range"], `bytes 0-3/${text.length}`);
  assert.equal((await get(undefined, { range: "bytes=999999-" })).statusCode, 416);
  const plain = await site.inject({ url: "/static/site.css", headers: { host: "localhost", "accept-encoding": "br" } });
  assert.equal(plain.headers["content-encoding"], "br");
  assert.equal(plain.headers["cache-control"], "public, max-age=3600");
  const tiny = await site.inject({ url: staticUrl("tiny.css"), headers: { host: "localhost", "accept-encoding": "br" } });
  assert.deepEqual([tiny.headers["content-encoding"], tiny.headers["vary"]], [undefined, undefined]);
  for (const hidden of [
    "/static/.secret",
    "/static/..%2f..%2fstatic/site.css",
    "/static/",
    "/static/site.css/",
    "/static/none.css",
  ])
    assert.equal((await site.inject({ url: hidden, headers: { host: "localhost" } })).statusCode, 404, hidden);
});

test("in development files come from their sources, those of a named folder under its name", async (t) => {
  const project = await projectOf(
    t,
    { "static/a.css": "a {}", "vendor/lib/x.js": "let x;" },
    { staticDirectories: [["vendor one", "vendor"]], debug: true },
  );
  const site = await openSite(t, [], { settings: project.settings });
  const get = (url: string) => site.inject({ url, headers: { host: "localhost" } });
  assert.equal((await get("/static/a.css")).headers["cache-control"], "public, max-age=3600");
  const named = await get("/static/vendor%20one/lib/x.js");
  assert.deepEqual([named.body, named.headers["content-type"]], ["let x;", "text/javascript; charset=utf-8"]);
  assert.equal((await get("/static/lib/x.js")).statusCode, 404);
  assert.equal((await stat(join(project.root, "static/a.css"))).size, 4);
  assert.equal(await readFile(join(project.root, "vendor/lib/x.js"), "utf8"), "let x;");
});

test("production is told where files were not collected", async (t) => {
  const project = await projectOf(t, { "static/a.css": "a {}" });
  const settings = { ...project.settings, storage: "file:var", allowedHosts: ["example.com"] };
  const security = { sslRedirect: true, hstsSeconds: 3600 };
  const [found, ...more] = await httpChecks({ ...settings, security });
  assert.deepEqual(more, []);
  assert.deepEqual([found?.level, found?.code], ["warning", "HTTP_CHECK_NOT_COLLECTED"]);
  assert.equal(
    found?.message,
    `Static files were not collected into ${join(project.root, "var/static")}: they are served uncompressed, and asked for again and again.`,
  );
  assert.equal(found?.hint, "Run: npx cortado collectstatic --no-input");
  await project.collect();
  assert.deepEqual(await httpChecks({ ...settings, security }), []);
});

test("folders that are not there, or that are collected into themselves, are said by the checks", async (t) => {
  const project = await projectOf(t, { "static/a.css": "a {}" });
  const found = await httpChecks({
    ...project.settings,
    mode: "development",
    storage: "file:var",
    storages: { staticfiles: "file:static" },
    staticDirectories: ["none"],
  });
  assert.deepEqual(
    found.map(({ level, code, message, hint }) => [level, code, message, hint]),
    [
      [
        "error",
        "HTTP_CHECK_NO_STATIC_FOLDER",
        `The setting staticDirectories names the folder ${join(project.root, "none")}, which is not there.`,
        "Make it, or take it out of the setting.",
      ],
      [
        "error",
        "HTTP_CHECK_STATIC_TARGET",
        `Static files are collected into ${join(project.root, "static")}, which is one of their own folders.`,
        'Collect them elsewhere: storages: { staticfiles: "file:var/static" }.',
      ],
    ],
  );
});
