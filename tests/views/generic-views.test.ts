import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { defineApp } from "cortado";
import { emailField, Form } from "cortado/forms";
import { csrfExempt, path, type UrlPattern } from "cortado/http";
import { char, integer, manager, Model } from "cortado/orm";
import { createView, deleteView, detailView, formView, listView, updateView } from "cortado/views";
import { openSite } from "./open-site.ts";
import { openTables } from "./open-tables.ts";

class Coffee extends Model({ name: char({ maxLength: 30 }), price: integer({ default: 0 }) }, { ordering: ["name"] }) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

const templates = {
  "shop/coffee_list.html": "{% for coffee in coffee_list %}{{ coffee }},{% endfor %}{{ is_paginated }} {{ page_obj.number }}",
  "shop/coffee_detail.html": "{{ coffee.name }} {{ object.price }}",
  "shop/coffee_form.html": "{{ form.errors }}{{ form.as_p }}",
  "shop/coffee_confirm_delete.html": "Delete {{ coffee }}?",
};
const fields = ["name", "price"] as const;
/** The views are tried without the token of a browser. */
const urls: UrlPattern[] = [
  path("", listView(Coffee)),
  path("pages/", listView(Coffee, { paginateBy: 2, queryset: () => Coffee.objects.filter({ price: { gt: 0 } }) })),
  path("<int:id>/", detailView(Coffee)),
  path("by-name/<str:name>/", detailView(Coffee, { slugField: "name" })),
  path("by-mistake/<str:nme>/", detailView(Coffee)),
  path("by-text/<str:id>/", detailView(Coffee)),
  path("add/", csrfExempt(createView(Coffee, { fields, successUrl: ({ object }) => `/${object.id}/` }))),
  path("add-and-stay/", csrfExempt(createView(Coffee, { fields }))),
  path("<int:id>/edit/", csrfExempt(updateView(Coffee, { fields, successUrl: "/" }))),
  path("<int:id>/delete/", csrfExempt(deleteView(Coffee, { successUrl: "/" }))),
];

async function openShop(t: TestContext) {
  const database = await openTables(t, [defineApp({ name: "shop", models: { Coffee } })]);
  await database.script(
    "CREATE TABLE shop_coffee (id integer PRIMARY KEY AUTOINCREMENT, name varchar(30) NOT NULL, price integer NOT NULL)",
  );
  for (const [name, price] of [
    ["Americano", 4000],
    ["Latte", 4500],
    ["Mocha", 5000],
    ["Water", 0],
  ] as const)
    await Coffee.objects.create({ name, price });
  return openSite(t, urls, { templates, debug: true });
}

const headers = { "content-type": "application/x-www-form-urlencoded" };

test("generic views list rows, in pages too, and show one", async (t) => {
  const site = await openShop(t);
  const get = async (url: string) => {
    const { statusCode, body } = await site.inject(url);
    return [statusCode, body];
  };
  assert.deepEqual(await get("/"), [200, "Americano,Latte,Mocha,Water,False "]);
  assert.deepEqual(await get("/pages/?page=2"), [200, "Mocha,True 2"]);
  assert.equal((await get("/pages/?page=3"))[0], 404);
  assert.deepEqual(await get("/2/"), [200, "Latte 4500"]);
  assert.deepEqual(await get("/by-name/Mocha/"), [200, "Mocha 5000"]);
  assert.equal((await get("/99/"))[0], 404);
  for (const id of ["latte", "1e5", "9".repeat(30)]) assert.equal((await get(`/by-text/${id}/`))[0], 404);
  assert.equal((await site.inject({ method: "OPTIONS", url: "/" })).headers.allow, "GET, HEAD, OPTIONS");
});

test("generic views create, change and delete rows", async (t) => {
  const site = await openShop(t);
  const post = (url: string, payload: string) => site.inject({ method: "POST", url, headers, payload });
  assert.match((await site.inject("/add/")).body, /<input type="text" name="name"/);
  const refused = await post("/add/", "name=Ristretto&price=cheap");
  assert.deepEqual([refused.statusCode, /Enter a whole number/.test(refused.body)], [200, true]);
  const added = await post("/add/", "name=Ristretto&price=3500");
  assert.deepEqual([added.statusCode, added.headers.location], [302, "/5/"]);
  assert.match((await site.inject("/5/edit/")).body, /value="Ristretto"/);
  assert.equal((await post("/5/edit/", "name=Doppio&price=3600")).headers.location, "/");
  assert.equal((await site.inject("/5/")).body, "Doppio 3600");
  assert.equal((await site.inject("/5/delete/")).body, "Delete Doppio?");
  assert.equal((await post("/5/delete/", "")).headers.location, "/");
  assert.equal(await Coffee.objects.filter({ id: 5 }).count(), 0);
});

test("a generic view that lacks something says what", async (t) => {
  const site = await openShop(t);
  const json = { accept: "application/json" };
  const said = ({ code, message, hint }: Record<string, unknown>) => ({ code, message, hint });
  assert.deepEqual(said((await site.inject({ url: "/by-mistake/Latte/", headers: json })).json().error), {
    code: "VIEWS_MISSING_PARAMETER",
    message: 'detailView looks its row up by the parameter "pk" or "id" or "slug", but the address has nme.',
    hint: 'Write the address as <int:pk>, or name another field and parameter: { slugField: "…" }.',
  });
  const answer = await site.inject({
    method: "POST",
    url: "/add-and-stay/",
    headers: { ...headers, ...json },
    payload: "name=A&price=1",
  });
  assert.deepEqual(said(answer.json().error), {
    code: "VIEWS_NO_SUCCESS_URL",
    message: "createView does not know where to go after the form was saved.",
    hint: 'Give it an address: { successUrl: "/coffee/" }, or a function of the row.',
  });
});

class Contact extends Form({ email: emailField() }) {}

test("a form view takes a form that is no row", async (t) => {
  const seen: unknown[] = [];
  const view = formView(Contact, {
    templateName: "c.html",
    successUrl: "/thanks/",
    formValid: (form) => seen.push(form.cleanedData),
  });
  const site = await openSite(t, [path("contact/", csrfExempt(view))], { templates: { "c.html": "{{ form.as_p }}" } });
  assert.match((await site.inject("/contact/")).body, /type="email"/);
  assert.equal((await site.inject({ method: "POST", url: "/contact/", headers, payload: "email=x" })).statusCode, 200);
  assert.equal(
    (await site.inject({ method: "POST", url: "/contact/", headers, payload: "email=a@b.co" })).headers.location,
    "/thanks/",
  );
  assert.deepEqual(seen, [{ email: "a@b.co" }]);
});
