import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfExempt, type HttpRequest, path } from "cortado/http";
import { gettextLazy } from "cortado/i18n";
import { safe } from "cortado/templates";
import { redirect, render } from "cortado/views";
import { openSite } from "./open-site.ts";

const templates = {
  "m.html": "{% for m in messages %}<li class='{{ m.tags }}'>{{ m }}|{{ m.message }}|{{ m.text|upper }}</li>{% endfor %}",
  "levels.html":
    "{% for m in messages %}{% if m.level == DEFAULT_MESSAGE_LEVELS.ERROR %}!{% endif %}{{ m.level_tag }}{% endfor %}",
};
const attack = `<img src=x onerror="alert('1')">`;
const urls = [
  path("plain/", (request: HttpRequest) => {
    request.messages.error(attack, { extraTags: `"><script>` });
    return "x";
  }),
  path("markup/", (request: HttpRequest) => {
    request.messages.success(safe("<b>done</b>"));
    request.messages.info(gettextLazy("lazy <i>"));
    return "x";
  }),
  path("long/", (request: HttpRequest) => {
    request.messages.error(
      attack + Array.from({ length: 5000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join(""),
    );
    return "x";
  }),
  path(
    "order/",
    csrfExempt((request: HttpRequest) => {
      request.messages.success("The order is on its way.");
      return redirect("/show/");
    }),
  ),
  path("show/", (request: HttpRequest) => render(request, "m.html")),
  path("levels/", (request: HttpRequest) => render(request, "levels.html")),
];

const cookiesOf = (answer: { cookies: readonly unknown[] }) =>
  Object.fromEntries((answer.cookies as { name: string; value: string }[]).map(({ name, value }) => [name, value]));

test("a plain message is escaped wherever it waited, and only what a view marked is HTML", async (t) => {
  const site = await openSite(t, urls, { templates });
  const shownAfter = async (url: string, page = "/show/") =>
    (await site.inject({ url: page, cookies: cookiesOf(await site.inject(url)) })).body;
  const escaped = "&lt;img src=x onerror=&quot;alert(&#x27;1&#x27;)&quot;&gt;";
  assert.equal(
    await shownAfter("/plain/"),
    `<li class='&quot;&gt;&lt;script&gt; error'>${escaped}|${escaped}|${"&lt;IMG SRC=X ONERROR=&quot;ALERT(&#x27;1&#x27;)&quot;&gt;"}</li>`,
  );
  assert.equal(
    await shownAfter("/markup/"),
    "<li class='success'><b>done</b>|<b>done</b>|&lt;B&gt;DONE&lt;/B&gt;</li><li class='info'>lazy &lt;i&gt;|lazy &lt;i&gt;|LAZY &lt;I&gt;</li>",
  );
  const long = await shownAfter("/long/");
  assert.ok(long.includes(escaped) && !long.includes("<img"));
  assert.equal(await shownAfter("/plain/", "/levels/"), "!error");
});

test("a message goes through a redirect to the page that shows it, and is gone then", async (t) => {
  const site = await openSite(t, urls, { templates });
  const ordered = await site.inject({ method: "POST", url: "/order/" });
  assert.equal(ordered.headers["location"], "/show/");
  const shown = await site.inject({ url: "/show/", cookies: cookiesOf(ordered) });
  assert.match(shown.body, /The order is on its way\./);
  assert.match(String(shown.headers["set-cookie"]), /^messages=; /);
});
