import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Middleware, path } from "cortado/http";
import { overrideTimeZone, useI18n } from "cortado/i18n";
import { render, templateResponse } from "cortado/views";
import { openSite } from "./open-site.ts";

test("error pages are in the visitor's language, and say so", async (t) => {
  useI18n({ languages: { en: "English", ko: "Korean", ar: "Arabic" } });
  t.after(() => useI18n({}));
  const site = await openSite(t, [path("broken/", () => Promise.reject(new Error("broken")))]);
  const get = (url: string, language: string) =>
    site.inject({ url, headers: { host: "localhost", accept: "text/html", "accept-language": language } });
  const missing = await get("/nothing/", "ko");
  assert.match(missing.body, /<html lang="ko">/);
  assert.match(missing.body, /<h1>그런 페이지가 없습니다<\/h1>/);
  assert.match(missing.body, /\/nothing\/에는 페이지가 없습니다\./);
  assert.equal(missing.headers["content-language"], "ko");
  const failed = await get("/broken/", "ko");
  assert.match(failed.body, /잠시 뒤 다시 시도해 주세요/);
  assert.match(failed.body, /요청 번호 <code>[^<]+<\/code>/);
  assert.match((await get("/nothing/", "ar")).body, /<html lang="ar" dir="rtl">/);
  assert.match((await get("/nothing/", "en")).body, /<h1>There is no such page<\/h1>/);
});

test("pages know the language, the languages and the time zone", async (t) => {
  useI18n({ languages: { en: "English", ko: "Korean" }, timeZone: "Asia/Seoul" });
  t.after(() => useI18n({}));
  const page =
    "{{ LANGUAGE_CODE }} {{ LANGUAGE_BIDI }} {{ TIME_ZONE }}{% for code, name in LANGUAGES %} {{ code }}={{ name }}{% endfor %}";
  const site = await openSite(t, [path("", (request) => render(request, "page.html"))], { templates: { "page.html": page } });
  const { body } = await site.inject({ url: "/", headers: { host: "localhost", "accept-language": "ko" } });
  assert.equal(body, "ko False Asia/Seoul en=English ko=Korean");
});

test("a middleware gives the rest of the request a time zone, also a page that is rendered later", async (t) => {
  const inSeoul: Middleware = async (_, next) => {
    await setTimeout(1);
    return overrideTimeZone("Asia/Seoul", next);
  };
  const page = "{{ TIME_ZONE }} {{ moment|date:'H:i' }}";
  const context = { moment: new Date("2026-11-23T00:30:00Z") };
  const site = await openSite(
    t,
    [
      path("now/", (request) => render(request, "page.html", context)),
      path("later/", (request) => templateResponse(request, "page.html", context)),
    ],
    { templates: { "page.html": page }, middleware: [inSeoul] },
  );
  for (const url of ["/now/", "/later/"]) {
    assert.equal((await site.inject({ url, headers: { host: "localhost" } })).body, "Asia/Seoul 09:30", url);
  }
});
