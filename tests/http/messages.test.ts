import assert from "node:assert/strict";
import { test } from "node:test";
import { httpChecks, type HttpRequest, path } from "cortado/http";
import { cookiesOf, openSite } from "./open-site.ts";

type Left = readonly [level: string, text: string, extraTags?: string];

const urls = [
  path("add/", (request: HttpRequest) => {
    for (const [level, text, extraTags] of JSON.parse(request.query.get("m") ?? "[]") as Left[])
      request.messages.add(level, text, { extraTags });
    return "x";
  }),
  path("show/", (request: HttpRequest) => [...request.messages].map(({ tags, text }) => [tags, text])),
  path("keep/", (request: HttpRequest) => {
    const texts = [...request.messages].map(String);
    request.messages.keep();
    return texts;
  }),
  path("show-and-add/", (request: HttpRequest) => {
    const texts = [...request.messages].map(String);
    request.messages.info("after");
    return texts;
  }),
  path("plain/", () => "x"),
];
type Site = Awaited<ReturnType<typeof openSite>>;

const add = (site: Site, left: readonly Left[], cookies: Record<string, string> = {}) =>
  site.inject({ url: `/add/?m=${encodeURIComponent(JSON.stringify(left))}`, cookies });
const show = async (site: Site, cookies: Record<string, string>, url = "/show/") => (await site.inject({ url, cookies })).json();

test("messages are shown once, in a cookie where they fit and in the session where not", async (t) => {
  for (const [length, cookie] of [
    [5, "messages"],
    [50_000, "sessionid"],
  ] as const) {
    // Nothing that becomes shorter when it is packed.
    const text = Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join("");
    const leave = (request: HttpRequest) => {
      request.messages.success(text);
      return "x";
    };
    const long = await openSite(t, [...urls, path("long/", leave)]);
    const cookies = cookiesOf(await long.inject("/long/"));
    assert.deepEqual(Object.keys(cookies), [cookie]);
    assert.equal((await long.inject({ url: "/plain/", cookies })).headers["set-cookie"], undefined);
    const shown = await long.inject({ url: "/show/", cookies });
    assert.deepEqual(shown.json(), [["success", text]]);
    assert.match(String(shown.headers["set-cookie"]), new RegExp(`^${cookie}=; `));
  }
});

test("messages keep their order, over several pages", async (t) => {
  const site = await openSite(t, urls);
  let cookies = cookiesOf(await add(site, [["info", "one"], ["error", "two"]])); // prettier-ignore
  cookies = cookiesOf(await add(site, [["success", "three", "wide bold"]], cookies));
  assert.deepEqual(await show(site, cookies), [["info", "one"], ["error", "two"], ["wide bold success", "three"]]); // prettier-ignore
});

test("a message below the least level is left out, and a request may hear more", async (t) => {
  const all: Left[] = [["debug", "a"], ["info", "b"], ["warning", "c"]]; // prettier-ignore
  const usual = await openSite(t, urls);
  assert.deepEqual(await show(usual, cookiesOf(await add(usual, all))), [["info", "b"], ["warning", "c"]]); // prettier-ignore
  const quiet = await openSite(t, urls, { settings: { messages: { level: "warning" } } });
  assert.deepEqual(await show(quiet, cookiesOf(await add(quiet, all))), [["warning", "c"]]);
  const hearing = path("hear/", (request: HttpRequest) => {
    request.messages.level = "debug";
    request.messages.debug("x");
    return String(request.messages.size);
  });
  assert.equal((await (await openSite(t, [hearing])).inject("/hear/")).body, "1");
});

test("a project has levels and class names of its own", async (t) => {
  const messages = { levels: { critical: 50 }, tags: { error: "danger", critical: "danger alarm" } };
  const site = await openSite(t, urls, { settings: { messages } });
  const cookies = cookiesOf(await add(site, [["critical", "a"], ["error", "b"]])); // prettier-ignore
  assert.deepEqual(await show(site, cookies), [["danger alarm", "a"], ["danger", "b"]]); // prettier-ignore
});

test("a level that does not exist is refused, with the nearest one", async (t) => {
  const tried = path("try/<str:level>/", (request: HttpRequest, { level }) => {
    try {
      request.messages.add(level, "x");
      return "added";
    } catch (error) {
      const { code, message, hint } = error as { code: string; message: string; hint: string };
      return [code, message, hint];
    }
  });
  const site = await openSite(t, [tried]);
  assert.deepEqual((await site.inject("/try/warnin/")).json(), [
    "HTTP_UNKNOWN_MESSAGE_LEVEL",
    '"warnin" is no level of messages. There are: debug, info, success, warning, error.',
    'Did you mean "warning"?',
  ]);
  assert.equal((await site.inject("/try/critical/")).json()[2], "Give it a weight: messages: { levels: { critical: 50 } }.");
  const project = {
    apps: [],
    root: "/tmp",
    secretKey: "x".repeat(40),
    mode: "test",
    messages: { level: "loud", tags: { eror: "danger" } },
  };
  const found = await httpChecks(project as never);
  assert.deepEqual(
    found.map(({ level, code, hint }) => [level, code, hint]),
    [
      ["error", "HTTP_UNKNOWN_MESSAGE_LEVEL", "Give it a weight: messages: { levels: { loud: 50 } }."],
      ["error", "HTTP_UNKNOWN_MESSAGE_LEVEL", 'Did you mean "error"?'],
    ],
  );
});

test("what was gone through is kept where that is asked for, and what is added meanwhile waits", async (t) => {
  const site = await openSite(t, urls);
  const cookies = cookiesOf(await add(site, [["info", "before"]]));
  const kept = await site.inject({ url: "/keep/", cookies });
  assert.deepEqual(await show(site, cookiesOf(kept)), [["info", "before"]]);
  const after = await site.inject({ url: "/show-and-add/", cookies });
  assert.deepEqual(after.json(), ["before"]);
  assert.deepEqual(await show(site, cookiesOf(after)), [["info", "after"]]);
});

test("a project keeps messages in the session alone, or in the cookie alone without the oldest that do not fit", async (t) => {
  const inSession = await openSite(t, urls, { settings: { messages: { storage: "session" } } });
  const cookies = cookiesOf(await add(inSession, [["info", "a"]]));
  assert.deepEqual([Object.keys(cookies), await show(inSession, cookies)], [["sessionid"], [["info", "a"]]]);
  const inCookie = await openSite(t, urls, { settings: { messages: { storage: "cookie" } } });
  const noise = (n: number) =>
    Array.from({ length: 700 }, (_, i) => ((i * i * 31 + n * 17 + i * 7) % 3600).toString(36)).join("");
  const left: Left[] = [1, 2, 3, 4].map((n) => ["info", `${n}${noise(n)}`]);
  const filled = cookiesOf(await add(inCookie, left));
  assert.deepEqual(Object.keys(filled), ["messages"]);
  assert.ok(filled["messages"]!.length <= 2048);
  const shown = ((await show(inCookie, filled)) as [string, string][]).map(([, text]) => text[0]);
  assert.ok(shown.length < 4 && shown.at(-1) === "4");
});

test("a cookie that this site did not sign holds no messages", async (t) => {
  const site = await openSite(t, urls);
  const { messages = "" } = cookiesOf(await add(site, [["info", "a"]]));
  for (const forged of ['[["error","forged"]]:x', "", ":", messages.slice(0, -1), `x${messages}`])
    assert.deepEqual(await show(site, { messages: forged }), []);
});
