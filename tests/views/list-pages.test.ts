import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { defineApp } from "cortado";
import { path } from "cortado/http";
import { char, countQueries, foreignKey, integer, manager, Model } from "cortado/orm";
import { detailView, listView } from "cortado/views";
import { openSite } from "./open-site.ts";
import { openTables } from "./open-tables.ts";

class Roaster extends Model({ name: char({ maxLength: 30 }) }) {
  static objects = manager(this);
}
class Coffee extends Model({
  name: char({ maxLength: 30 }),
  price: integer(),
  roaster: () => foreignKey(Roaster, { onDelete: "cascade" }),
}) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

const templateName = "list.html";
const json = ["id", "name", "roaster.name"] as const;
const urls = [
  path("plain/", listView(Coffee, { templateName, ordering: "-name" })),
  path("named/", listView(Coffee, { templateName: "named.html", contextObjectName: "drinks", ordering: ["price", "name"] })),
  path("by/<str:name>/", listView(Coffee, { templateName, queryset: ({ params }) => Coffee.objects.filter({ roaster: { name: params.name } }) })), // oxfmt-ignore
  path("full/", listView(Coffee, { templateName, allowEmpty: false, queryset: () => Coffee.objects.filter({ price: 0 }) })),
  path(
    "full/pages/",
    listView(Coffee, { templateName, allowEmpty: false, paginateBy: 2, queryset: () => Coffee.objects.none() }),
  ),
  path("static/", listView(Coffee, { templateName, queryset: Coffee.objects.filter({ price: { gt: 5 } }) })),
  path("list/", listView(Coffee, { templateName, queryset: async () => [{ name: "made up" }], context: async ({ rows }) => ({ extra: (await rows).length }) })), // oxfmt-ignore
  path(
    "pages/",
    listView(Coffee, { templateName, paginateBy: ({ request }) => Number(request.query.get("size") ?? 3), paginateOrphans: 1 }),
  ),
  path("pages/<page>/", listView(Coffee, { templateName, paginateBy: 3 })),
  path("p/", listView(Coffee, { templateName, paginateBy: 3, pageParam: "p" })),
  path("uncounted/", listView(Coffee, { templateName, paginateBy: 3, pagination: "uncounted" })),
  path("keyset/", listView(Coffee, { templateName, paginateBy: 3, pagination: "keyset", ordering: "-price", json })),
  path("json/", listView(Coffee, { templateName, json })),
  path("json/pages/", listView(Coffee, { templateName, json: (coffee) => coffee.name.toUpperCase(), paginateBy: 3 })),
  path("json/<int:id>/", detailView(Coffee, { templateName, json })),
  path("own/<str:template>/", listView(Coffee, { templateName: ({ params }) => [`${params.template}.html`, templateName] })),
  path("default/", listView(Coffee, { templateNameSuffix: "_table" })),
];
const templates = {
  [templateName]:
    "{% for c in object_list %}{{ c.name }},{% endfor %}{{ extra }} {{ page_obj.number }}{% include 'cortado/pagination.html' %}",
  "named.html": "{% for c in drinks %}{{ c }},{% endfor %}{{ is_paginated }} {{ page_obj }} {{ view.name }} {{ view.kwargs }}",
  "shop/coffee_table.html": "table",
};

async function openShop(t: TestContext) {
  const database = await openTables(t, [defineApp({ name: "shop", models: { Coffee, Roaster } })]);
  await database.script(`CREATE TABLE shop_roaster (id integer PRIMARY KEY AUTOINCREMENT, name varchar(30) NOT NULL);
    CREATE TABLE shop_coffee (id integer PRIMARY KEY AUTOINCREMENT, name varchar(30) NOT NULL, price integer NOT NULL, roaster_id integer NOT NULL)`);
  const roaster = await Roaster.objects.create({ name: "Fritz" });
  for (let price = 1; price <= 7; price++) await Coffee.objects.create({ name: "abcdefg"[price - 1]!, price, roaster });
  const site = await openSite(t, urls, { templates });
  return async (url: string, accept = "text/html") => {
    const answer = await site.inject({ url, headers: { accept } });
    return answer.statusCode === 200 ? answer : answer.statusCode;
  };
}

async function bodyOf(answer: Promise<any>): Promise<unknown> {
  const { body } = await answer;
  return body === undefined
    ? await answer
    : String(body)
        .replace(/<nav[^]*<\/nav>/, "")
        .trim();
}

test("each step of a list may be said otherwise", async (t) => {
  const get = await openShop(t);
  assert.equal(await bodyOf(get("/plain/")), "g,f,e,d,c,b,a,");
  assert.equal(await bodyOf(get("/named/")), "a,b,c,d,e,f,g,False None listView {}");
  assert.equal(await bodyOf(get("/by/Fritz/")), "a,b,c,d,e,f,g,");
  assert.equal(await bodyOf(get("/by/Nobody/")), "");
  assert.equal(await bodyOf(get("/static/")), "f,g,");
  assert.equal(await bodyOf(get("/list/")), "made up,1");
  assert.equal(await bodyOf(get("/default/")), "table");
  assert.equal(await bodyOf(get("/own/named/")), "False None listView {&#x27;template&#x27;: &#x27;named&#x27;}");
  assert.equal(await bodyOf(get("/own/none/")), "a,b,c,d,e,f,g,");
  assert.deepEqual([await get("/full/"), await get("/full/pages/")], [404, 404]);
});

test("a list is cut into pages by a number, or without a count", async (t) => {
  const get = await openShop(t);
  assert.equal(await bodyOf(get("/pages/")), "a,b,c, 1");
  assert.equal(await bodyOf(get("/pages/?page=2")), "d,e,f,g, 2");
  assert.equal(await bodyOf(get("/pages/?page=2&size=6")), 404 as never);
  assert.equal(await bodyOf(get("/pages/3/")), "g, 3");
  assert.equal(await bodyOf(get("/pages/last/")), "g, 3");
  assert.equal(await bodyOf(get("/p/?p=last")), "g, 3");
  assert.deepEqual(await Promise.all(["/pages/?page=9", "/pages/x/", "/p/?p=0", "/uncounted/?page=4"].map((url) => get(url))), [404, 404, 404, 404]); // oxfmt-ignore
  assert.equal(await bodyOf(get("/uncounted/?page=3")), "g, 3");
  assert.equal(await countQueries(() => get("/uncounted/?page=2")), 1);
  assert.equal(await countQueries(() => get("/pages/?page=2")), 2);
});

test("pages lead to one another, by number and from row to row, and keep the rest of the query", async (t) => {
  const get = await openShop(t);
  const links = async (url: string) => {
    const { body } = (await get(url)) as { body: string };
    return Object.fromEntries(
      [...body.matchAll(/<a rel="(\w+)" href="([^"]*)"/g)].map(([, rel, href]) => [rel, href!.replaceAll("&amp;", "&")]),
    );
  };
  assert.deepEqual(await links("/p/"), { next: "?page=2" });
  const { body } = (await get("/pages/?q=x&page=1")) as { body: string };
  assert.match(body, /<a href="\?q=x&amp;page=1" aria-current="page">1<\/a>[^]*<a href="\?q=x&amp;page=2">2<\/a>/);
  const first = await links("/keyset/?q=x");
  assert.deepEqual(Object.keys(first), ["next"]);
  const second = await links(`/keyset/${first["next"]}`);
  assert.match(second["next"]!, /^\?q=x&after=/);
  assert.equal(await bodyOf(get(`/keyset/${first["next"]}`)), "d,c,b,");
  assert.equal(await bodyOf(get(`/keyset/${second["prev"]}`)), "g,f,e,");
  assert.deepEqual(Object.keys(await links(`/keyset/${second["next"]}`)), ["prev"]);
  assert.equal(await get("/keyset/?after=nonsense"), 404);
});

test("programs that prefer JSON get the rows from the same address", async (t) => {
  const get = await openShop(t);
  const ask = async (url: string): Promise<any> => {
    const answer = (await get(url, "application/json")) as { json(): unknown; headers: Record<string, string> };
    assert.equal(answer.headers["vary"], "Accept");
    return answer.json();
  };
  assert.deepEqual((await ask("/json/")).results[1], { id: 2, name: "b", "roaster.name": "Fritz" });
  assert.deepEqual(await ask("/json/2/"), { id: 2, name: "b", "roaster.name": "Fritz" });
  assert.deepEqual(await ask("/json/pages/?page=2&q=x"), {
    count: 7,
    page: 2,
    pages: 3,
    next: "/json/pages/?q=x&page=3",
    previous: "/json/pages/?q=x&page=1",
    results: ["D", "E", "F"],
  });
  const { next, previous, results } = await ask("/keyset/");
  assert.deepEqual([previous, results.map((row: { name: string }) => row.name)], [null, ["g", "f", "e"]]);
  assert.deepEqual((await ask(next)).results[0], { id: 4, name: "d", "roaster.name": "Fritz" });
  assert.equal(((await get("/json/")) as { headers: Record<string, string> }).headers["vary"], "Accept");
  assert.equal(await countQueries(() => get("/json/", "application/json")), 1);
});

test("nothing that a client sends becomes markup or an error of the server", async (t) => {
  const get = await openShop(t);
  const hostile = encodeURIComponent(`"><script>alert(1)</script>' onx='`);
  const { body } = (await get(`/p/?q=${hostile}&${hostile}=1`)) as { body: string };
  assert.doesNotMatch(body, /<script|onx='/);
  const cursors = ["", "W10", "WzFd", "WzFlOTk5LDFd", "bnVsbA", "%00", hostile, "a".repeat(5000)];
  const urls = cursors.flatMap((cursor) => [`/keyset/?after=${cursor}`, `/keyset/?before=${cursor}`]);
  const numbers = ["%00", "1%00", "٣", "1e3", "0x1", "-0", "9".repeat(400), " ", "1,2", "NaN", "Infinity", "[]"];
  urls.push(...numbers.flatMap((number) => [`/pages/?page=${number}`, `/uncounted/?page=${number}`]));
  for (const url of urls) {
    const answer = await get(url);
    assert.ok(typeof answer === "object" || answer === 404, `${url}: ${String(answer)}`);
  }
});
