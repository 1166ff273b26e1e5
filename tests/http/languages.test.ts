import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { runInNewContext } from "node:vm";
import {
  acceptedLanguages,
  createServer,
  i18nPatterns,
  javascriptCatalog,
  jsonCatalog,
  languageOfPath,
  path,
  Resolver,
  reverse,
  setCurrentResolver,
  setLanguage,
  translateUrl,
} from "cortado/http";
import {
  currentLanguage,
  currentTimeZone,
  activateLanguage,
  activateTimeZone,
  gettext,
  overrideLanguage,
  useI18n,
} from "cortado/i18n";
import type { UrlPattern } from "cortado/http";
import { openSite } from "./open-site.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const german = { language: "de", po: 'msgid "Coffee"\nmsgstr "Kaffee"\n' };
const coffee = path("coffee/", () => `${currentLanguage()}: ${gettext("Coffee")}`, { name: "coffee" });

async function site(t: TestContext, urls: readonly UrlPattern[], settings: Parameters<typeof useI18n>[0] = {}) {
  useI18n({ languages: { en: "English", de: "German", "pt-br": "Brazilian Portuguese" }, catalogues: [german], ...settings });
  t.after(() => useI18n({}));
  const server = await openSite(t, urls);
  return (url: string, headers: Record<string, string> = {}) =>
    server.inject({ url, headers: { host: "localhost", ...headers } });
}

test("a request is in the language that the browser wants most of those that the project speaks", async (t) => {
  const get = await site(t, [coffee]);
  const answer = await get("/coffee/", { "accept-language": "fr, de-AT;q=0.8, en;q=0.5" });
  assert.equal(answer.body, "de: Kaffee");
  assert.equal(answer.headers["content-language"], "de");
  assert.match(String(answer.headers["vary"]), /Accept-Language/);
  assert.equal((await get("/coffee/", { "accept-language": "pt" })).body, "pt-br: Coffee");
  assert.equal((await get("/coffee/", { "accept-language": "*, de" })).body, "en: Coffee");
  assert.equal((await get("/coffee/", { "accept-language": ";;=q,de;q=2,,,-" })).body, "en: Coffee");
});

test("the cookie of a visitor stands before the browser's wish", async (t) => {
  const get = await site(t, [coffee]);
  assert.equal((await get("/coffee/", { cookie: "language=de", "accept-language": "en" })).body, "de: Kaffee");
  assert.equal((await get("/coffee/", { cookie: "language=<b>", "accept-language": "de" })).body, "de: Kaffee");
});

test("a project that speaks one language chooses none and says none", async (t) => {
  const get = await site(t, [coffee], { languages: { en: "English" } });
  const answer = await get("/coffee/", { "accept-language": "de", cookie: "language=de" });
  assert.equal(answer.body, "en: Coffee");
  assert.equal(answer.headers["content-language"], undefined);
});

test("requests at the same time keep their own languages", async (t) => {
  const slow = path("slow/", async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return currentLanguage();
  });
  const get = await site(t, [slow]);
  const wishes = ["de", "en", "pt-br", "de", "en"];
  const answers = await Promise.all(wishes.map((wish) => get("/slow/", { "accept-language": wish })));
  assert.deepEqual(answers.map(({ body }) => body), wishes); // prettier-ignore
});

test("addresses under i18nPatterns are in the language of their prefix", async (t) => {
  const get = await site(t, [...i18nPatterns([coffee]), path("plain/", () => "plain")]);
  const answer = await get("/de/coffee/", { "accept-language": "en" });
  assert.equal(answer.body, "de: Kaffee");
  assert.equal(answer.headers["vary"], undefined);
  assert.equal((await get("/fr/coffee/")).statusCode, 404);
  assert.equal((await get("/plain/")).body, "plain");
});

test("an address without its prefix is sent on to the visitor's language", async (t) => {
  const get = await site(t, i18nPatterns([coffee]));
  const answer = await get("/coffee/?page=2", { "accept-language": "de" });
  assert.equal(answer.statusCode, 302);
  assert.equal(answer.headers["location"], "/de/coffee/?page=2");
  assert.equal(answer.headers["vary"], "Accept-Language, Cookie");
  assert.equal((await get("/coffee?page=2", { "accept-language": "de" })).headers["location"], "/de/coffee/?page=2");
  assert.equal((await get("//evil.example/coffee/", { "accept-language": "de" })).statusCode, 404);
});

test("the default language may go without a prefix", async (t) => {
  const get = await site(t, i18nPatterns([coffee], { prefixDefaultLanguage: false }));
  assert.equal((await get("/coffee/", { "accept-language": "de" })).body, "en: Coffee");
  assert.equal((await get("/de/coffee/")).body, "de: Kaffee");
  assert.equal((await get("/en/coffee/")).statusCode, 404);
});

test("reverse makes addresses in the language of what runs", (t) => {
  useI18n({ languages: { en: "English", de: "German" } });
  t.after(() => useI18n({}));
  setCurrentResolver(new Resolver(i18nPatterns([coffee])));
  assert.equal(reverse("coffee"), "/en/coffee/");
  assert.equal(overrideLanguage("de", () => reverse("coffee")), "/de/coffee/"); // prettier-ignore
  assert.equal(translateUrl("/en/coffee/?page=2#top", "de"), "/de/coffee/?page=2#top");
  assert.equal(translateUrl("https://localhost/de/coffee/", "en"), "https://localhost/en/coffee/");
  assert.equal(translateUrl("/nothing/", "de"), "/nothing/");
  assert.equal(languageOfPath("/de-li/coffee/"), "de");
  assert.deepEqual(acceptedLanguages("de;q=0.7, ko, x;q=0, en;q=0.9"), ["ko", "en", "de"]);
});

test("setLanguage keeps the choice in a cookie and goes on to the page in that language", async (t) => {
  const urls = [path("language/", setLanguage), ...i18nPatterns([coffee])];
  await site(t, urls);
  const server = await openSite(t, urls);
  const token = "a".repeat(32);
  const post = (payload: string, headers: Record<string, string> = {}) =>
    server.inject({
      method: "POST",
      url: "/language/",
      payload: `${payload}&csrfmiddlewaretoken=${token}`,
      headers: {
        host: "localhost",
        "content-type": "application/x-www-form-urlencoded",
        cookie: `csrftoken=${token}`,
        ...headers,
      },
    });
  const chosen = await post("language=de&next=/en/coffee/");
  assert.equal(chosen.statusCode, 302);
  assert.equal(chosen.headers["location"], "/de/coffee/");
  assert.equal(chosen.cookies[0]?.value, "de");
  assert.equal((await post("language=de&next=//evil.example/")).headers["location"], "/");
  assert.equal(
    (await post("language=de", { referer: "http://localhost/en/coffee/" })).headers["location"],
    "http://localhost/de/coffee/",
  );
  assert.equal((await post("language=de", { accept: "application/json" })).statusCode, 204);
  assert.equal((await post("language=xx&next=/en/coffee/")).cookies.length, 0);
});

test("a time zone that a request activates is that request's alone", async (t) => {
  const zone = path("zone/", async () => {
    const before = currentTimeZone();
    activateTimeZone("Asia/Seoul");
    await new Promise((resolve) => setTimeout(resolve, 2));
    return `${before} ${currentTimeZone()}`;
  });
  const settings = { allowedHosts: ["127.0.0.1"] };
  const server = await openSite(t, [zone, path("plain/", () => currentTimeZone())], { settings });
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  const ask = async (url: string) => (await fetch(address + url, { headers: { connection: "keep-alive" } })).text();
  for (let round = 0; round < 3; round++) {
    assert.equal(await ask("/zone/"), "UTC Asia/Seoul");
    assert.equal(await ask("/plain/"), "UTC");
  }
});

test("no address and no header of a stranger is an error", async (t) => {
  const odd = path("odd/", () => {
    activateLanguage("x\r\nset-cookie: a=b");
    return gettext("Coffee");
  });
  const get = await site(t, [...i18nPatterns([coffee, odd])]);
  assert.equal((await get("/de/odd/")).body, "Coffee");
  assert.equal((await get("/de/odd/")).headers["set-cookie"], undefined);
  for (const wish of [
    "",
    ",",
    "*;q=0",
    "de;q=abc",
    "de;q=1e9",
    "x".repeat(5000),
    "de-".repeat(300),
    "\u00ff",
    "__proto__",
    "constructor;q=1",
  ]) {
    const answer = await get("/coffee/", {
      "accept-language": wish,
      cookie: `language=${encodeURIComponent(wish).slice(0, 2000)}`,
    });
    assert.equal(answer.statusCode, 302, wish);
    assert.match(String(answer.headers["location"]), /^\/(?:en|de)\/coffee\/$/);
  }
  for (const url of ["/de/%00/", "/constructor/coffee/", "/__proto__/", "/de//coffee/"]) {
    const { statusCode, headers } = await get(url);
    assert.equal(statusCode, 404, `${url} ${headers["location"]}`);
  }
});

test("scripts of pages have the texts, plurals and formats of the request's language", async (t) => {
  const po = `msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n
msgid "</script>"\nmsgstr "</Skript>"\n\nmsgctxt "drink"\nmsgid "Java"\nmsgstr "Mokka"\n
msgid "%s cup"\nmsgid_plural "%s cups"\nmsgstr[0] "%s Tasse"\nmsgstr[1] "%s Tassen"\n`;
  const folder = temporaryFolder(t, { "de/LC_MESSAGES/cortadojs.po": po });
  const get = await site(t, [path("i18n.js", javascriptCatalog), path("i18n.json", jsonCatalog)], { catalogues: [folder] });
  const answer = await get("/i18n.js", { "accept-language": "de" });
  assert.equal(answer.headers["content-type"], "text/javascript; charset=utf-8");
  const page = runInNewContext(`${answer.body}; globalThis`) as Record<string, (...args: unknown[]) => unknown>;
  assert.equal(page["gettext"]!("</script>"), "</Skript>");
  assert.equal(page["gettext"]!("constructor"), "constructor");
  assert.equal(page["pgettext"]!("drink", "Java"), "Mokka");
  assert.equal(page["interpolate"]!(page["ngettext"]!("%s cup", "%s cups", 3), [3]), "3 Tassen");
  assert.equal(page["ngettext"]!("tea", "teas", 1), "tea");
  assert.equal(page["get_format"]!("DATE_FORMAT"), "j. F Y");
  const { catalog, plural } = (await get("/i18n.json", { "accept-language": "de" })).json() as {
    catalog: object;
    plural: string;
  };
  assert.equal(Object.keys(catalog).length, 3);
  assert.equal(plural, "(n != 1)");
  assert.equal((await get("/i18n.json")).json().plural, null);
});

test("addresses behind a proxy's prefix have a language too", async (t) => {
  useI18n({ languages: { en: "English", de: "German" }, catalogues: [german] });
  t.after(() => useI18n({}));
  const resolver = new Resolver(i18nPatterns([coffee]), { prefix: "/shop/" });
  setCurrentResolver(resolver);
  const server = await createServer({
    services: {
      resolver,
      settings: {
        apps: [],
        secretKey: "a secret key that is long enough for tests",
        debug: false,
        mode: "test",
        root: ".",
        allowedHosts: ["localhost"],
      },
    } as never,
  });
  t.after(() => server.close());
  const get = (url: string) => server.inject({ url, headers: { host: "localhost", "accept-language": "de" } });
  assert.equal((await get("/shop/de/coffee/")).body, "de: Kaffee");
  assert.equal((await get("/de/coffee/")).body, "de: Kaffee");
  assert.equal((await get("/shop/coffee/?a=1")).headers["location"], "/shop/de/coffee/?a=1");
  assert.equal(translateUrl("/shop/de/coffee/", "en"), "/shop/en/coffee/");
});
