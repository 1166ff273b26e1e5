import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { defineApp, HttpError, json } from "cortado";
import { charField, emailField, Form, type FormOptions, ModelForm } from "cortado/forms";
import { csrfExempt, path, type UrlPattern } from "cortado/http";
import { gettextLazy } from "cortado/i18n";
import { char, manager, Model, positiveInteger, slug } from "cortado/orm";
import { ValidationError } from "cortado/validation";
import { createView, deleteView, detailView, formView, getListOr404, getObjectOr404, redirectView, templateView, updateView } from "cortado/views"; // oxfmt-ignore
import { openSite } from "./open-site.ts";
import { openTables } from "./open-tables.ts";
import { redirect, reverseLazy } from "../any-address.ts";

class Coffee extends Model({
  name: char({ maxLength: 30 }),
  slug: slug(),
  price: positiveInteger({ default: 0 }),
  page: char({ maxLength: 30, blank: true }),
}) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
  getAbsoluteUrl() {
    return `/coffee/${this.id}/`;
  }
}
const fields = ["name", "slug", "price"] as const;
class CoffeeForm extends ModelForm(Coffee, { fields: ["name"] }) {}
class Confirm extends Form({ word: charField() }) {
  cleanWord(word: string) {
    if (word !== "yes") throw new ValidationError("Say yes.");
    return word;
  }
}
class Contact extends Form({ email: emailField() }) {
  readonly of: unknown;
  constructor(options: FormOptions & { of?: unknown } = {}) {
    super(options);
    this.of = options.of;
  }
}

const done: string[] = [];
const templates = {
  "shop/coffee_form.html":
    "{{ form.name.value }}|{{ form.errors.name.0 }}|{{ object }}|{{ extra }}|{% for m in messages %}{{ m.tags }}: {{ m }}{% endfor %}",
  "shop/coffee_confirm_delete.html": "Delete {{ coffee }}? {{ form.word.errors.0 }}",
  "shop/coffee_detail.html": "{{ object }}",
  "special.html": "special {{ object }}",
  "contact.html": "{{ form.of }} {{ form.email.html_name }} {{ form.email.value }}",
  "plain.txt": "{{ name }} {{ a }} {{ view.name }}",
  "names.html":
    "{{ request.GET.q }} {{ request.GET.urlencode }} {% for k, v in request.GET.items %}{{ k }}={{ v }};{% endfor %} {{ request.POST.a }} {{ request.META.HTTP_X_CUP }} " +
    "{{ request.META.REMOTE_ADDR }} {{ request.COOKIES.theme }} {{ request.get_full_path }} {{ request.get_host }} {{ request.build_absolute_uri }} {{ request.path_info }} " +
    "{{ request.is_secure }} {{ request.method }} {{ request.scheme }} {{ request.content_type }} {{ request.LANGUAGE_CODE }} {{ request.resolver_match.url_name }}",
};
const named = "contact.html";
const urls: UrlPattern[] = [
  path("add/", createView(Coffee, { fields, successMessage: "{name} costs {price}: {object}", initial: { name: "Latte" } })),
  path(
    "add/mine/",
    createView(Coffee, {
      fields,
      context: ({ form, object }) => ({ extra: `${form.isBound} ${object}` }),
      formValid(form) {
        form.instance.name = form.instance.name.toUpperCase();
      },
      successUrl: ({ object }) => object,
      successMessage: ({ object }) => (object.price > 5 ? "dear" : undefined),
    }),
  ),
  path(
    "add/around/",
    createView(Coffee, {
      fields,
      async formValid(form, { proceed, request }) {
        const answer = await proceed();
        done.push(`${form.instance.id} ${request.path} ${answer.status}`);
      },
      formInvalid: (form) => json({ refused: Object.keys(form.errors) }, { status: 422 }),
    }),
  ),
  path("add/json/", createView(Coffee, { fields, json: ["id", "name"] })),
  path(
    "<int:pk>/edit/",
    updateView(Coffee, { formClass: CoffeeForm, successUrl: "/done/{id}/{name}/", successMessage: gettextLazy("Changed.") }),
  ),
  path("<int:pk>/delete/", deleteView(Coffee, { successUrl: "/gone/{id}/", successMessage: "{object} is gone." })),
  path("<int:pk>/delete/sure/", deleteView(Coffee, { successUrl: reverseLazy("new", { id: 7 }), formClass: Confirm })),
  path("<int:pk>/own/", detailView(Coffee, { templateNameField: "page" })),
  path("both/<int:pk>/<slug:slug>/", detailView(Coffee, { queryPkAndSlug: true })),
  path("name/<str:what>/", detailView(Coffee, { slugField: "name", slugParam: "what" })),
  path("first/", detailView(Coffee, { getObject: async () => (await Coffee.objects.first())! })),
  path(
    "none/<int:id>/",
    detailView(Coffee, { getObject: async ({ find, params }) => (params.id === 0 ? (null as never) : find()) }),
  ),
  path("contact/", formView(Contact, { templateName: named, successUrl: "/thanks/", prefix: "c", initial: async () => ({ email: "a@b.co" }), formOptions: ({ request }) => ({ of: request.path }) })), // oxfmt-ignore
  path("contact/refused/", formView(Contact, { templateName: named, successUrl: "/", formValid: () => { throw new HttpError(409, "Taken."); } })), // oxfmt-ignore
  path("unknown/", formView(Contact, { templateName: named, successUrl: "/", successMessage: "{emial}" })),
  path(
    "plain/<name>/",
    templateView("plain.txt", async ({ params }) => ({ a: params.name.length }), { contentType: "text/plain" }),
  ),
  path("to/<path:rest>", redirectView("/{rest}")),
  path("old/<int:id>/", redirectView({ patternName: "new" }, { permanent: true, queryString: true })),
  path("new/<int:id>/", templateView("plain.txt"), { name: "new" }),
  path(
    "repeat/",
    redirectView(({ request }) => `/x${request.path}`, { preserveRequest: true }),
  ),
  path("repeat/ever/", redirectView("/x/", { preserveRequest: true, permanent: true })),
  path("gone/", redirectView(null)),
  path("wrong/<int:id>/", redirectView("/{ids}/")),
  path("names/", templateView("names.html"), { name: "names" }),
].map((pattern) => ({ ...pattern, view: csrfExempt(pattern.view!) }));

async function openShop(t: TestContext) {
  const database = await openTables(t, [defineApp({ name: "shop", models: { Coffee } })]);
  await database.script(
    "CREATE TABLE shop_coffee (id integer PRIMARY KEY AUTOINCREMENT, name varchar(30) NOT NULL, slug varchar(50) NOT NULL, price integer NOT NULL, page varchar(30) NOT NULL)",
  );
  await Coffee.objects.create({ name: "Latte", slug: "latte", price: 4 });
  await Coffee.objects.create({ name: "Mocha", slug: "mocha", page: "special.html" });
  const site = await openSite(t, urls, { templates });
  const ask = async (url: string, data?: Record<string, string>, more: Record<string, unknown> = {}): Promise<any> => {
    const headers = { ...(data && { "content-type": "application/x-www-form-urlencoded" }), ...(more["headers"] as object) };
    const method = more["method"] ?? (data ? "POST" : "GET");
    return site.inject({
      url,
      method: method as "GET",
      headers,
      payload: (more["payload"] as string) ?? (data && new URLSearchParams(data).toString()),
    });
  };
  const page = async (url: string, data?: Record<string, string>) => {
    const { statusCode, headers, body } = await ask(url, data);
    return [statusCode, headers.location ?? body];
  };
  return { ask, page };
}
const tea = { name: "Tea", slug: "tea", price: "7" };

test("a row is made, with a message for the next page, and its page is shown", async (t) => {
  const { ask, page } = await openShop(t);
  assert.deepEqual(await page("/add/"), [200, "Latte||||"]);
  const answer = await ask("/add/", tea);
  assert.deepEqual([answer.statusCode, answer.headers.location], [302, "/coffee/3/"]);
  const shown = await ask("/add/", undefined, { headers: { cookie: `messages=${answer.cookies[0].value}` } });
  assert.match(shown.body, /success: Tea costs 7: Tea/);
  assert.deepEqual(await page("/add/", { ...tea, name: "" }), [200, "|This field is required.|||"]);
});

test("a step that is overridden changes the row, or goes around the view's own", async (t) => {
  const { ask, page } = await openShop(t);
  assert.deepEqual(await page("/add/mine/"), [200, "||| false undefined|".replace("| f", "|f")]);
  const made = await ask("/add/mine/", tea);
  assert.deepEqual([made.headers.location, made.cookies.length], ["/coffee/3/", 1]);
  assert.equal((await Coffee.objects.get({ id: 3 })).name, "TEA");
  assert.equal((await ask("/add/mine/", { ...tea, price: "1" })).cookies.length, 0);
  assert.deepEqual(await page("/add/around/", tea), [302, "/coffee/5/"]);
  assert.deepEqual(done.splice(0), ["5 /add/around/ 302"]);
  const refused = await ask("/add/around/", { ...tea, price: "-1" });
  assert.deepEqual([refused.statusCode, refused.json()], [422, { refused: ["price"] }]);
});

test("programs are told of the row that was saved, or of what was refused", async (t) => {
  const { ask } = await openShop(t);
  const more = { headers: { accept: "application/json" } };
  const made = await ask("/add/json/", tea, more);
  assert.deepEqual([made.statusCode, made.json(), made.headers.vary], [201, { id: 3, name: "Tea" }, "Accept"]);
  const refused = await ask("/add/json/", { ...tea, name: "" }, more);
  assert.deepEqual([refused.statusCode, refused.json()], [400, { errors: { name: ["This field is required."] } }]);
  const headers = { accept: "application/json", "content-type": "application/json" };
  const sent = await ask("/add/json/", undefined, {
    headers,
    method: "POST",
    payload: '{"name":"Chai","slug":"chai","price":3}',
  });
  assert.deepEqual([sent.statusCode, sent.json()], [201, { id: 4, name: "Chai" }]);
});

test("a row is changed by POST and by PUT, and goes to an address made of its values", async (t) => {
  const { ask, page } = await openShop(t);
  assert.deepEqual(await page("/1/edit/"), [200, "Latte||Latte||"]);
  const answer = await ask("/1/edit/", { name: "a/b?c" });
  assert.equal(answer.headers.location, "/done/1/a/b%3Fc/");
  assert.equal((await ask("/1/edit/", { name: "Lungo" }, { method: "PUT" })).headers.location, "/done/1/Lungo/");
  assert.equal((await ask("/1/edit/", { name: "x" }, { method: "PATCH" })).statusCode, 405);
});

test("a row is deleted by POST or DELETE, after a question that may ask for a word", async (t) => {
  const { ask, page } = await openShop(t);
  assert.deepEqual(await page("/2/delete/sure/", { word: "no" }), [200, "Delete Mocha? Say yes."]);
  assert.deepEqual(await page("/2/delete/sure/", { word: "yes" }), [302, "/new/7/"]);
  const answer = await ask("/1/delete/", undefined, { method: "DELETE" });
  assert.deepEqual([answer.statusCode, answer.headers.location, answer.cookies.length], [302, "/gone/1/", 1]);
  assert.equal(await Coffee.objects.count(), 0);
  assert.equal((await ask("/1/delete/")).statusCode, 404);
});

test("a row is found by key, by slug, by both, or by a function, and may name its template", async (t) => {
  const { page } = await openShop(t);
  assert.deepEqual(await page("/1/own/"), [200, "Latte"]);
  assert.deepEqual(await page("/2/own/"), [200, "special Mocha"]);
  assert.deepEqual(await page("/both/1/latte/"), [200, "Latte"]);
  assert.equal((await page("/both/1/mocha/"))[0], 404);
  assert.deepEqual(await page("/name/Mocha/"), [200, "Mocha"]);
  assert.deepEqual(await page("/first/"), [200, "Latte"]);
  assert.deepEqual(await page("/none/2/"), [200, "Mocha"]);
  for (const url of ["/none/0/", "/none/9/"]) assert.equal((await page(url))[0], 404);
});

test("a form is made with what its view says", async (t) => {
  const { ask, page } = await openShop(t);
  assert.deepEqual(await page("/contact/"), [200, "/contact/ c-email a@b.co"]);
  assert.deepEqual(await page("/contact/", { "c-email": "x@y.co" }), [302, "/thanks/"]);
  assert.equal((await page("/contact/refused/", { email: "x@y.co" }))[0], 409);
  const error = (await ask("/unknown/", { email: "x@y.co" }, { headers: { accept: "application/json" } })).json();
  assert.equal(error.error.code, "HTTP_SERVER_ERROR");
});

test("what does not go together is refused when the view is declared", () => {
  const code = "VIEWS_BAD_OPTIONS";
  const hint = 'Name the fields that visitors may write: { fields: ["name"] }, or give a form: { formClass: CoffeeForm }.';
  assert.throws(() => createView(Coffee, {}), { code, message: "createView: it is given neither fields nor a formClass.", hint });
  assert.throws(() => updateView(Coffee, { fields, formClass: CoffeeForm }), { code, message: "updateView: it is given both a formClass and fields.", hint }); // oxfmt-ignore
});

test("a template is shown with the address's parameters, as any content type", async (t) => {
  const { ask } = await openShop(t);
  const answer = await ask("/plain/<b>/");
  assert.deepEqual([answer.body, answer.headers["content-type"]], ["&lt;b&gt; 3 templateView", "text/plain"]);
});

test("a redirect takes parameters, a query and the request along, and leads nowhere else", async (t) => {
  const { ask, page } = await openShop(t);
  assert.deepEqual(await page("/to/a/b%20c"), [302, "/a/b%20c"]);
  assert.deepEqual(await page("/to//evil.example"), [302, "/evil.example"]);
  assert.deepEqual(await page("/old/3/?a=1&b=2"), [301, "/new/3/?a=1&b=2"]);
  assert.deepEqual(await page("/repeat/", { a: "1" }), [307, "/x/repeat/"]);
  assert.deepEqual(await page("/repeat/ever/"), [308, "/x/"]);
  assert.equal((await page("/gone/"))[0], 410);
  assert.equal((await ask("/wrong/1/")).statusCode, 500);
});

test("an address or a message that names a value which is not there says so", async (t) => {
  await openTables(t, [defineApp({ name: "shop", models: { Coffee } })]);
  const site = await openSite(t, urls, { templates, debug: true });
  const { error } = (await site.inject({ url: "/wrong/1/", headers: { accept: "application/json" } })).json();
  assert.deepEqual(
    [error.code, error.message, error.hint],
    ["VIEWS_UNKNOWN_PLACEHOLDER", '"/{ids}/" names "{ids}", but there is only id.', 'Did you mean "id"?'],
  );
});

test("redirect() goes to a name, a path or a row, for good or with the request, with a query", async (t) => {
  await openShop(t);
  const to = (answer: ReturnType<typeof redirect>) => [answer.status, answer.header("location")];
  assert.deepEqual(to(redirect("new", { id: 3 })), [302, "/new/3/"]);
  assert.deepEqual(to(redirect("new", { id: 3 }, { permanent: true, query: { a: [1, 2], b: null, c: "x y" } })), [
    301,
    "/new/3/?a=1&a=2&c=x+y",
  ]);
  assert.deepEqual(to(redirect("/x/?a=1#top", { query: { b: 2 } })), [302, "/x/?a=1&b=2#top"]);
  assert.deepEqual(to(redirect("/x/", { preserveRequest: true, fragment: "é" })), [307, "/x/#%C3%A9"]);
  assert.deepEqual(to(redirect({ getAbsoluteUrl: () => "/row/" }, { permanent: true })), [301, "/row/"]);
});

test("what is not there is 404", async (t) => {
  await openShop(t);
  assert.equal((await getObjectOr404(Coffee, { id: 1 })).name, "Latte");
  assert.equal((await getObjectOr404(Coffee.objects.filter({ price: 4 }), { slug: "latte" })).name, "Latte");
  await assert.rejects(getObjectOr404(Coffee.objects, { id: 9 }), {
    status: 404,
    code: "HTTP_NOT_FOUND",
    message: "No coffee found matching the query",
  });
  await assert.rejects(getObjectOr404(Coffee, { price: { gte: 0 } }), Coffee.MultipleObjectsReturned);
  assert.equal((await getListOr404(Coffee, { price: 4 })).length, 1);
  await assert.rejects(getListOr404(Coffee.objects, { price: 99 }), { status: 404 });
});

test("templates ask a request by Django's names", async (t) => {
  const { ask } = await openShop(t);
  const headers = { "x-cup": "small", cookie: "theme=dark" };
  const { body } = await ask("/names/?q=a&t=1&t=2", undefined, { headers });
  assert.equal(
    body,
    "a q=a&amp;t=1&amp;t=2 q=a;t=2;  small 127.0.0.1 dark /names/?q=a&amp;t=1&amp;t=2 localhost:80 " +
      "http://localhost/names/?q=a&amp;t=1&amp;t=2 /names/ False GET http  en names",
  );
});
