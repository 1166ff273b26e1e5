import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Permission } from "cortado/auth";
import { LogEntry } from "cortado/admin";
import { type TestSite, testSite } from "cortado/testing";
import { queriesOf } from "./count-queries.ts";
import { Coffee, Roaster, Tag, User } from "./shop/models.ts";
import { project } from "./shop/project.ts";
import { addSample } from "./shop/sample.ts";

let site: TestSite;
beforeEach(async () => {
  site = await testSite(project);
  await addSample();
  await site.login(await User.objects.get({ username: "admin" }));
});
afterEach(() => site.close());

const text = async (path: string) => (await site.get(path)).text;
const namesIn = (html: string) => [...html.matchAll(/<th scope="row"[^>]*><a[^>]*>([^<]+)<\/a>/g)].map(([, name]) => name);

/** Logs in a staff user who may do these things. */
async function loginWith(...codenames: string[]): Promise<void> {
  const anna = await User.objects.get({ username: "anna" });
  await anna.userPermissions.set(await Permission.objects.filter({ codename: { in: codenames } }));
  await site.login(anna);
}

test("a visitor is sent to the log-in page, and a user who is not staff is told so", async () => {
  await site.logout();
  assert.equal((await site.get("/admin/shop/coffee/")).headers["location"], "/admin/login/?next=%2Fadmin%2Fshop%2Fcoffee%2F");
  await site.login(await User.objects.createUser({ username: "guest", email: "guest@example.com", password: "a long secret" }));
  const answer = await site.get("/admin/");
  assert.equal(answer.status, 403);
  assert.match(answer.text, /guest is not staff/);
});

test("the start page lists apps, models with their numbers, accounts, and what one did last", async () => {
  await site.submit("/admin/shop/tag/add/", { name: "oat" });
  const html = await text("/admin/");
  for (const part of ["Shop", "Coffees", "Roasters", "Accounts", "Users", "Groups", "What you did last", "oat"])
    assert.ok(html.includes(part), part);
});

test("a list searches every word in the named fields, also over a relation", async () => {
  assert.deepEqual(namesIn(await text("/admin/shop/coffee/?q=latte")), ["Caffè Latte"]);
  assert.deepEqual(namesIn(await text("/admin/shop/coffee/?q=momos+yirga")), ["Yirgacheffe Filter"]);
  assert.match(await text("/admin/shop/coffee/?q=nowhere"), /No coffee matches/);
});

test("a list filters by boolean, choice, relation, a relation's field and emptiness, and shows each as a chip", async () => {
  assert.equal(namesIn(await text("/admin/shop/coffee/?isIce=true")).length, 4);
  assert.deepEqual(namesIn(await text("/admin/shop/coffee/?stock=out")), ["Espresso"]);
  const momos = await Roaster.objects.get({ name: "Momos" });
  const html = await text(`/admin/shop/coffee/?roaster=${momos.pk}&isIce=false`);
  assert.deepEqual(namesIn(html), ["Yirgacheffe Filter"]);
  assert.match(html, /Roaster <b>Momos<\/b>/);
  assert.equal(namesIn(await text("/admin/shop/coffee/?roaster.country=ET")).length, 3);
  assert.equal(namesIn(await text("/admin/shop/coffee/?roastedOn=empty")).length, 9);
  assert.equal(namesIn(await text("/admin/shop/coffee/?roastedOn=today")).length, 0);
});

test("what is no filter is left out of the list, with a note", async () => {
  const html = await text("/admin/shop/coffee/?bogus=1&isIce=perhaps&__proto__=x");
  assert.equal(namesIn(html).length, 9);
  assert.match(html, /Not a filter here, so left out: bogus, isIce, __proto__\./);
  const tags = await text("/admin/shop/tag/?q=nowhere");
  assert.match(tags, /Not a filter here, so left out: q\./);
  assert.match(tags, /1–2 of 2/);
});

test("no address of a list is an error of the server", async () => {
  const odd = [
    "q=%00",
    "q=%25_'%22%5C",
    "roaster='",
    "roaster=1e3",
    "roaster=%00",
    "roastedOn=9999-12-31",
    "roastedOn=0000-01-01",
  ];
  for (const query of [...odd, "roaster=99999999999999999999", "p=1e5", "o=%00,__proto__", "stock=%00"])
    assert.equal((await site.get(`/admin/shop/coffee/?${query}`)).status, 200, query);
  assert.equal((await site.get("/admin/search/?q=%00%00x")).status, 200);
  assert.equal((await site.get("/admin/models/..%2F..%2Fetc/")).status, 404);
});

test("a list is ordered by the columns of the address, and a head turns the order round", async () => {
  const html = await text("/admin/shop/coffee/?o=-price");
  assert.equal(namesIn(html)[0], "Yirgacheffe Filter");
  assert.match(html, /aria-sort="descending"><a href="\?o=price">Price/);
  assert.equal(namesIn(await text("/admin/shop/coffee/?o=roaster,price&p=zero"))[0], "Espresso");
});

test("a list pages on without counting the whole table", async () => {
  await Coffee.objects.bulkCreate(
    Array.from({ length: 50 }, (_, i) => new Coffee({ name: `Batch ${String(i).padStart(2, "0")}` })),
  );
  const first = await text("/admin/shop/coffee/");
  assert.match(first, /1–20 of 59/);
  assert.match(first, /rel="next" href="\?p=2"/);
  assert.match(await text("/admin/shop/coffee/?p=3"), /41–59 of 59/);
});

test("a page of a list asks at most four queries, session and user included, and counts no table whole", async () => {
  await Coffee.objects.bulkCreate(Array.from({ length: 50 }, (_, i) => new Coffee({ name: `Batch ${i}` })));
  await text("/admin/shop/coffee/?p=2");
  const asked = await queriesOf(site.services.databases["default"]!, () => text("/admin/shop/tag/"));
  assert.equal(asked.length, 3, asked.join("\n"));
  const paged = await queriesOf(site.services.databases["default"]!, () => text("/admin/shop/coffee/?p=2&isIce=false"));
  const choices = paged.filter((sql) => /^SELECT [^(]*FROM "shop_roaster"/.test(sql) && !sql.includes("JOIN"));
  assert.equal(choices.length, 1, "the relation that one can filter by asks one more");
  assert.ok(paged.length - choices.length <= 4, paged.join("\n"));
  for (const sql of paged.filter((each) => /count\(/i.test(each))) assert.match(sql, /LIMIT 10001/);
});

test("adding validates, says what is wrong where it is wrong, and keeps what was typed", async () => {
  const refused = await site.submit("/admin/shop/coffee/add/", { name: "", price: "much", stock: "in" });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /2 things are not right yet\./);
  assert.match(refused.text, /<a href="#id_name">Name<\/a>: This field is required\./);
  assert.match(refused.text, /value="much"/);
});

test("adding saves the row with its many-to-many side, records it and says so", async () => {
  const milk = await Tag.objects.get({ name: "milk" });
  const values = {
    name: "Mocha",
    price: 5200,
    stock: "in",
    tags: [String(milk.pk)],
    about: "",
    page: "",
    extra: "{}",
    roastedOn: "2026-03-04",
  };
  const answer = await site.submit("/admin/shop/coffee/add/", values);
  assert.equal(answer.headers["location"], "/admin/shop/coffee/");
  const mocha = await Coffee.objects.get({ name: "Mocha" });
  assert.deepEqual((await mocha.tags).map(String), ["milk"]);
  assert.equal(String(mocha.roastedOn), "2026-03-04");
  assert.match(await text("/admin/shop/coffee/"), /The coffee “Mocha” was added\./);
  const entry = await LogEntry.objects.filter({ objectText: "Mocha" }).first();
  assert.equal(entry?.action, "add");
});

test("changing records the fields that changed, before and after, and nothing when nothing changed", async () => {
  const { pk } = await Roaster.objects.get({ name: "Fritz" });
  const address = `/admin/shop/roaster/${pk}/change/`;
  const answer = await site.submit(address, { name: "Fritz Coffee", country: "CO", _continue: "1" });
  assert.equal(answer.headers["location"], address);
  await site.submit(address, { name: "Fritz Coffee", country: "CO" });
  const entries = await LogEntry.objects.filter({ modelKey: "shop.Roaster" });
  assert.deepEqual(
    entries.map((entry) => entry.changes),
    [
      [
        { field: "name", label: "name", before: "Fritz", after: "Fritz Coffee" },
        { field: "country", label: "country", before: "Korea", after: "Colombia" },
      ],
    ],
  );
  const history = await text(`/admin/shop/roaster/${pk}/history/`);
  assert.match(history, /<del>Korea<\/del><\/td><td><ins>Colombia<\/ins>/);
});

test("deleting lists what goes along and waits for a confirmation", async () => {
  const { pk } = await Coffee.objects.get({ name: "Cortado" });
  const address = `/admin/shop/coffee/${pk}/delete/`;
  const page = await text(address);
  assert.match(page, /1 review/);
  assert.match(page, /The best of the street\./);
  assert.equal(await Coffee.objects.filter({ pk }).exists(), true);
  assert.equal((await site.submit(address, { post: "yes" })).status, 302);
  assert.equal(await Coffee.objects.filter({ pk }).exists(), false);
});

test("what protects a row is named, and the row stays", async () => {
  const { pk } = await Roaster.objects.get({ name: "Fritz" });
  const page = await text(`/admin/shop/roaster/${pk}/delete/`);
  assert.match(page, /cannot be deleted: other rows need it/);
  assert.match(page, /4 coffees/);
  assert.doesNotMatch(page, /name="post"/);
});

test("selected rows are deleted after a page that counts them", async () => {
  const keys = (await Coffee.objects.filter({ isIce: true })).map(({ pk }) => String(pk));
  const asked = await site.submit("/admin/shop/coffee/", { action: "deleteSelected", selected: keys });
  assert.match(asked.text, /Delete 4 coffees<\/button>/);
  const done = await site.submit("/admin/shop/coffee/", { action: "deleteSelected", selected: keys, post: "yes" });
  assert.equal(done.status, 302);
  assert.equal(await Coffee.objects.all().count(), 5);
  assert.equal(await LogEntry.objects.filter({ action: "delete" }).count(), 4);
});

test("where all that match were to be deleted and more match by now, one is asked again, and comes back to the same list", async () => {
  const list = "/admin/shop/coffee/?isIce=true";
  const values = { action: "deleteSelected", selected: "1", all: "1" };
  assert.match((await site.submit(list, values)).text, /name="count" value="4"/);
  await Coffee.objects.create({ name: "Iced Mocha", isIce: true });
  const again = await site.submit(list, { ...values, post: "yes", count: "4" });
  assert.match(again.text, /Delete 5 coffees<\/button>/);
  assert.equal(await Coffee.objects.all().count(), 10);
  assert.equal((await site.submit(list, { ...values, post: "yes", count: "5" })).headers["location"], list);
  assert.equal(await Coffee.objects.all().count(), 5);
});

test("an action of one's own runs on the selected rows, or on all that match", async () => {
  const answer = await site.submit("/admin/shop/coffee/?stock=low", { action: "sellOut", all: "1" });
  assert.equal(answer.status, 302);
  assert.equal(await Coffee.objects.filter({ stock: "out" }).count(), 3);
  const unknown = await site.submit("/admin/shop/coffee/", { action: "selOut", selected: "1" });
  assert.equal(unknown.status, 400);
  assert.match(unknown.text, /Did you mean (?:&quot;|")sellOut/);
  await site.submit("/admin/shop/coffee/", { action: "sellOut" });
  assert.match(await text("/admin/shop/coffee/"), /Nothing was selected\./);
});

test("a user sees and does only what the permissions allow", async () => {
  await loginWith("shop.view_coffee");
  const list = await text("/admin/shop/coffee/");
  assert.equal(namesIn(list).length, 9);
  assert.doesNotMatch(list, /Add coffee|name="action"|Roasters/);
  const { pk } = await Coffee.objects.get({ name: "Cortado" });
  const form = await text(`/admin/shop/coffee/${pk}/change/`);
  assert.doesNotMatch(form, /name="price"|_save|Delete/);
  assert.equal((await site.get("/admin/shop/roaster/")).status, 403);
  assert.equal((await site.get("/admin/shop/coffee/add/")).status, 403);
  assert.equal((await site.get(`/admin/shop/coffee/${pk}/delete/`)).status, 403);
  assert.equal((await site.submit(`/admin/shop/coffee/${pk}/change/`, { name: "Hacked", price: 1 })).status, 403);
  const deleted = await site.submit("/admin/shop/coffee/", { action: "deleteSelected", selected: String(pk), post: "yes" });
  assert.equal(deleted.status, 403);
  assert.equal((await Coffee.objects.get({ pk })).name, "Cortado");
  assert.match((await site.get("/admin/shop/roaster/")).text, /You may not view roasters\./);
});

test("deleting stops at rows that the user may not delete", async () => {
  await loginWith("shop.view_coffee", "shop.delete_coffee");
  const { pk } = await Coffee.objects.get({ name: "Cortado" });
  assert.match(await text(`/admin/shop/coffee/${pk}/delete/`), /also delete what you may not delete: reviews/);
});

test("a user is added with a password that follows the rules, and logs in with it", async () => {
  const values = { username: "kim", email: "Kim@Example.com", password: "kim", passwordAgain: "kin" };
  const differs = await site.submit("/admin/shop/user/add/", values);
  assert.match(differs.text, /The two passwords differ\./);
  const weak = await site.submit("/admin/shop/user/add/", { ...values, passwordAgain: "kim" });
  assert.match(weak.text, /too short/);
  const done = await site.submit("/admin/shop/user/add/", {
    ...values,
    password: "a fine long one",
    passwordAgain: "a fine long one",
  });
  const kim = await User.objects.get({ username: "kim" });
  assert.equal(done.headers["location"], `/admin/shop/user/${kim.pk}/change/`);
  assert.equal(kim.email, "kim@example.com");
  assert.equal(await kim.checkPassword("a fine long one"), true);
  const page = await text(`/admin/shop/user/${kim.pk}/change/`);
  assert.match(page, /permission-groups/);
  assert.doesNotMatch(page, /argon2id/);
});

test("a staff user cannot give rights nor touch a superuser", async () => {
  await loginWith("shop.change_user", "shop.delete_user", "auth.change_group", "auth.add_group");
  const anna = await User.objects.get({ username: "anna" });
  const admin = await User.objects.get({ username: "admin" });
  const values = {
    username: "anna",
    email: "anna@example.com",
    firstName: "Anna",
    isActive: true,
    isSuperuser: true,
    isStaff: true,
  };
  assert.equal((await site.submit(`/admin/shop/user/${anna.pk}/change/`, values)).status, 302);
  await anna.refresh();
  assert.deepEqual([anna.firstName, anna.isSuperuser], ["Anna", false]);
  assert.equal(
    (await site.submit(`/admin/shop/user/${admin.pk}/change/`, { username: "x", email: "x@example.com" })).status,
    403,
  );
  assert.equal((await site.get(`/admin/shop/user/${admin.pk}/password/`)).status, 403);
  assert.equal((await site.get(`/admin/shop/user/${admin.pk}/delete/`)).status, 403);
  assert.doesNotMatch(await text("/admin/auth/group/add/"), /type="checkbox"/);
});

test("a staff user touches no user who has more rights, for to set a password is to become that user", async () => {
  await loginWith("shop.change_user", "shop.view_coffee");
  const boss = await User.objects.createUser({
    username: "boss",
    email: "boss@example.com",
    password: "a third secret",
    isStaff: true,
  });
  const address = `/admin/shop/user/${boss.pk}/password/`;
  const values = { password: "quite another one", passwordAgain: "quite another one" };
  await boss.userPermissions.set(await Permission.objects.filter({ codename: "shop.view_coffee" }));
  assert.equal((await site.submit(address, values)).status, 302);
  await boss.userPermissions.set(await Permission.objects.filter({ codename: "shop.delete_coffee" }));
  assert.equal((await site.submit(address, values)).status, 403);
});

test("permissions are chosen by check boxes, in groups that are called as their models are", async () => {
  const html = await text("/admin/auth/group/add/");
  assert.match(html, /<legend>Admin · log entry<\/legend>/);
  assert.match(html, /<span title="shop.view_coffee">Can view coffee<\/span>/);
});

test("an empty list says so, with one button to add the first row", async () => {
  const html = await text("/admin/auth/group/");
  assert.match(html, /No groups yet/);
  assert.equal(html.match(/>Add group/g)?.length, 1);
  assert.equal((await text("/admin/auth/group/?q=x")).match(/>Add group/g)?.length, 1);
});

test("no cache keeps a page of the admin", async () => {
  for (const path of ["/admin/", "/admin/shop/coffee/", "/admin/shop/coffee/1/change/", "/admin/nowhere/"])
    assert.equal((await site.get(path)).headers["cache-control"], "private, no-store", path);
});

test("the palette finds pages and rows, and only those the user may see", async () => {
  const ask = async (q: string) =>
    (await site.get(`/admin/search/?q=${q}`, { headers: { accept: "application/json" } })).json().results;
  assert.deepEqual((await ask("latte"))[0], {
    label: "Coffees",
    items: [{ label: "Caffè Latte", url: "/admin/shop/coffee/1/change/" }],
  });
  assert.deepEqual((await ask("add+coff"))[0].items, [{ label: "Add coffee", url: "/admin/shop/coffee/add/" }]);
  await loginWith("shop.view_roaster");
  assert.deepEqual(await ask("latte"), []);
});

test("a key that is no key, a deleted row and an unknown model are 404, each in its own words", async () => {
  assert.match((await site.get("/admin/shop/coffee/abc/change/")).text, /no coffee with the key “abc”/);
  assert.equal((await site.get("/admin/shop/coffee/99999999999999999999/change/")).status, 404);
  for (const id of ["%00", "1%00", "1%2F2", "%22%3E%3Cscript%3E"])
    for (const page of ["change", "delete", "history"])
      assert.equal((await site.get(`/admin/shop/coffee/${id}/${page}/`)).status, 404, id);
  assert.match((await site.get("/admin/shop/cofee/")).text, /The admin shows no/);
  assert.equal((await site.get("/admin/nowhere/")).status, 404);
  assert.match(await text("/admin/nowhere/"), /<nav class="navigation"/, "inside the admin's frame, from where one goes on");
});

test("what a row says is text and never markup", async () => {
  await Coffee.objects.create({ name: "<script>alert(1)" });
  for (const path of ["/admin/shop/coffee/", "/admin/shop/coffee/?q=%3Cscript%3E", "/admin/search/?q=%3Cscript%3E"]) {
    const html = await text(path);
    assert.doesNotMatch(html, /<script>alert/);
    assert.match(html, /&lt;script&gt;/);
  }
});

test("the theme is kept in a cookie and comes with the next page, without a script", async () => {
  const page = await site.get("/admin/");
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.text)![1]!;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await site.request("POST", "/admin/theme/", {
    headers,
    body: `csrfmiddlewaretoken=${token}&theme=dark&next=/admin/shop/`,
  });
  assert.equal(answer.headers["location"], "/admin/shop/");
  assert.match(await text("/admin/"), /<html lang="en" data-theme="dark">/);
});

test("the log shows what was done, and cannot be changed by anyone", async () => {
  await site.submit("/admin/shop/tag/add/", { name: "oat" });
  assert.match(await text("/admin/admin/logentry/?action=add"), /oat/);
  const entry = (await LogEntry.objects.all().first())!;
  const page = await text(`/admin/admin/logentry/${entry.pk}/change/`);
  assert.match(page, /<h1>oat added<\/h1>/);
  assert.match(page, /name: nothing → oat/);
  assert.equal((await site.get("/admin/admin/logentry/add/")).status, 403);
  assert.equal((await site.get(`/admin/admin/logentry/${entry.pk}/delete/`)).status, 403);
  assert.equal((await site.submit(`/admin/admin/logentry/${entry.pk}/change/`, { username: "nobody" })).status, 403);
});

test("saving leads back to the list as it was filtered and ordered, and never elsewhere", async () => {
  const list = "/admin/shop/roaster/?q=fritz&o=-name";
  const [, row] = /<a href="(\/admin\/shop\/roaster\/\d+\/change\/[^"]*)"/.exec(await text(list))!;
  const values = { name: "Fritz", country: "KR" };
  assert.equal((await site.submit(row!.replaceAll("&amp;", "&"), values)).headers["location"], list);
  const elsewhere = `${row!.split("?")[0]}?list=//evil.example`;
  assert.equal((await site.submit(elsewhere, values)).headers["location"], "/admin/shop/roaster/");
});
