import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { defineApp } from "cortado";
import { path, rePath } from "cortado/http";
import { overrideTimeZone } from "cortado/i18n";
import { char, countQueries, date, dateTime, manager, Model, slug } from "cortado/orm";
import { Temporal } from "cortado/validation";
import {
  archiveIndexView,
  dateDetailView,
  dayArchiveView,
  monthArchiveView,
  todayArchiveView,
  weekArchiveView,
  yearArchiveView,
} from "cortado/views";
import { openSite } from "./open-site.ts";
import { openTables } from "./open-tables.ts";

class Post extends Model({ title: char({ maxLength: 30 }), slug: slug(), day: date(), at: dateTime() }) {
  static objects = manager(this);
  override toString() {
    return this.title;
  }
}

const days = { dateField: "day" };
const moments = { dateField: "at" };
const urls = [
  path("", archiveIndexView(Post, days)),
  path("pages/", archiveIndexView(Post, { ...days, paginateBy: 2 })),
  path("future/", archiveIndexView(Post, { ...days, allowFuture: true })),
  path("none/", archiveIndexView(Post, { ...days, queryset: () => Post.objects.none() })),
  path("none/empty/", archiveIndexView(Post, { ...days, allowEmpty: true, queryset: () => Post.objects.none() })),
  path("<int:year>/", yearArchiveView(Post, days)),
  path("<int:year>/whole/", yearArchiveView(Post, { ...days, makeObjectList: true })),
  path("<int:year>/empty/", yearArchiveView(Post, { ...days, allowEmpty: true })),
  path("<int:year>/<int:month>/", monthArchiveView(Post, days)),
  path("<int:year>/<int:month>/empty/", monthArchiveView(Post, { ...days, allowEmpty: true })),
  path("named/<int:year>/<str:month>/", monthArchiveView(Post, days)),
  path("whole/<int:year>/<str:month>/", monthArchiveView(Post, { ...days, monthFormat: "%B" })),
  path("<int:year>/week/<int:week>/", weekArchiveView(Post, { ...days, allowEmpty: true })),
  path("<int:year>/monday/<int:week>/", weekArchiveView(Post, { ...days, allowEmpty: true, weekFormat: "%W" })),
  path("<int:year>/iso/<int:week>/", weekArchiveView(Post, { ...days, allowEmpty: true, weekFormat: "%V" })),
  path("<int:year>/<int:month>/<int:day>/", dayArchiveView(Post, days)),
  path("today/", todayArchiveView(Post, days)),
  path("<int:year>/<int:month>/<int:day>/<slug:slug>/", dateDetailView(Post, days)),
  path("at/<int:year>/<int:month>/<int:day>/", dayArchiveView(Post, moments)),
  path("at/<int:year>/<int:month>/", monthArchiveView(Post, moments)),
  path("at/", archiveIndexView(Post, moments)),
  path("title/", archiveIndexView(Post, { dateField: "title" })),
  rePath(/^query\/$/, dayArchiveView(Post, days)),
];

const list = "{% for post in object_list %}{{ post }},{% endfor %}";
const dates = "{% for d in date_list %}{{ d|date:'Y-m-d' }},{% endfor %}";
const beside = (period: string) =>
  `{{ previous_${period}|date:'Y-m-d' }}<{{ ${period}|date:'Y-m-d' }}<{{ next_${period}|date:'Y-m-d' }}`;
const templates = {
  "blog/post_archive.html": `${dates} {% for post in latest %}{{ post }},{% endfor %} {{ page_obj.number }}`,
  "blog/post_archive_year.html": `${dates} ${list} ${beside("year")}`,
  "blog/post_archive_month.html": `${dates} ${list} ${beside("month")}`,
  "blog/post_archive_week.html": `${list} ${beside("week")}`,
  "blog/post_archive_day.html": `${list} ${beside("day")} {{ previous_month|date:'Y-m-d' }}<{{ next_month|date:'Y-m-d' }}`,
  "blog/post_detail.html": "{{ post }}",
};

async function openBlog(t: TestContext) {
  const database = await openTables(t, [defineApp({ name: "blog", models: { Post } })]);
  await database.script(
    "CREATE TABLE blog_post (id integer PRIMARY KEY AUTOINCREMENT, title varchar(30), slug varchar(50), day date, at datetime)",
  );
  for (const [title, at] of [
    ["Old", "2024-11-05T12:00:00Z"],
    ["New Year", "2025-01-01T00:30:00Z"],
    ["Noon", "2025-01-01T12:00:00Z"],
    ["Late", "2025-01-31T20:00:00Z"],
    ["Spring", "2025-03-30T23:30:00Z"],
    ["Far", "2999-01-01T00:00:00Z"],
  ] as const)
    await Post.objects.create({ title, slug: title.toLowerCase().replace(" ", "-"), day: Temporal.PlainDate.from(at.slice(0, 10)), at: new Date(at) }); // oxfmt-ignore
  const site = await openSite(t, urls, { templates });
  return async (url: string): Promise<string | number> => {
    const answer = await site.inject(url);
    return answer.statusCode === 200 ? answer.body : answer.statusCode;
  };
}

test("the index lists the latest rows and the years that have any", async (t) => {
  const get = await openBlog(t);
  assert.equal(await get("/"), "2025-01-01,2024-01-01, Spring,Late,New Year,Noon,Old, ");
  assert.equal(await get("/pages/?page=2"), "2025-01-01,2024-01-01, New Year,Noon, 2");
  assert.equal(await get("/future/"), "2999-01-01,2025-01-01,2024-01-01, Far,Spring,Late,New Year,Noon,Old, ");
  assert.equal(await get("/none/"), 404);
  assert.equal(await get("/none/empty/"), "  ");
});

test("a year has months, and rows where it is told", async (t) => {
  const get = await openBlog(t);
  assert.equal(await get("/2025/"), "2025-01-01,2025-03-01,  2024-01-01<2025-01-01<");
  assert.equal(await get("/2024/"), "2024-11-01,  <2024-01-01<2025-01-01");
  assert.equal(await get("/2025/whole/"), "2025-01-01,2025-03-01, Spring,Late,New Year,Noon, 2024-01-01<2025-01-01<");
  for (const url of ["/2023/", "/2999/", "/0/", "/10000/"]) assert.equal(await get(url), 404, url);
  assert.equal(await get("/2023/empty/"), "  2022-01-01<2023-01-01<2024-01-01");
  assert.equal(await get("/1/empty/"), "  <0001-01-01<0002-01-01");
  for (const url of ["/9999/empty/", "/9999/12/31/", "/9999/12/empty/"]) assert.equal(await get(url), 404, url);
});

test("a month has days, a day has rows, and each knows those beside it that have any", async (t) => {
  const get = await openBlog(t);
  assert.equal(await get("/2025/1/"), "2025-01-01,2025-01-31, Late,New Year,Noon, 2024-11-01<2025-01-01<2025-03-01");
  assert.equal(await get("/named/2025/jan/"), "2025-01-01,2025-01-31, Late,New Year,Noon, 2024-11-01<2025-01-01<2025-03-01");
  assert.equal(await get("/whole/2025/January/"), await get("/2025/1/"));
  assert.equal(await get("/2025/2/"), 404);
  assert.equal(await get("/2025/2/empty/"), "  2025-01-01<2025-02-01<2025-03-01");
  for (const url of ["/2025/13/", "/2025/0/", "/named/2025/1/", "/named/2025/foo/", "/whole/2025/jan/"]) assert.equal(await get(url), 404, url); // oxfmt-ignore
  assert.equal(await get("/2025/1/31/"), "Late, 2025-01-01<2025-01-31<2025-03-30 2024-11-01<2025-03-01");
  for (const url of ["/2025/2/30/", "/2025/1/2/", "/2999/1/1/", "/today/"]) assert.equal(await get(url), 404, url);
  assert.equal(await get("/query/?year=2025&month=jan&day=31"), await get("/2025/1/31/"));
  assert.equal(await get("/query/?year=2025"), 404);
});

test("weeks begin on Sunday, on Monday or as ISO says", async (t) => {
  const get = await openBlog(t);
  // Python: strptime("2025 0 0", "%Y %w %U") is 2024-12-29, "2025 1 0" is 2025-01-05; %W: "2025 0 1" is 2024-12-30.
  assert.match(String(await get("/2025/week/0/")), /<2024-12-29</);
  assert.match(String(await get("/2025/week/1/")), /<2025-01-05</);
  assert.match(String(await get("/2025/monday/0/")), /^New Year,Noon, 2024-12-23<2024-12-30<2025-01-06/);
  assert.match(String(await get("/2025/iso/1/")), /<2024-12-30</);
  assert.match(String(await get("/2025/monday/4/")), /^Late, 2025-01-20<2025-01-27</);
  for (const url of ["/2025/week/54/", "/2025/iso/53/", "/2025/iso/0/"]) assert.equal(await get(url), 404, url);
});

test("one row has an address with its date", async (t) => {
  const get = await openBlog(t);
  assert.equal(await get("/2025/1/31/late/"), "Late");
  for (const url of ["/2025/1/30/late/", "/2025/1/31/none/", "/2999/1/1/far/"]) assert.equal(await get(url), 404, url);
});

test("moments belong to the days of the current time zone", async (t) => {
  const get = await openBlog(t);
  assert.equal(await get("/at/2025/1/1/"), "Noon,New Year, 2024-11-05<2025-01-01<2025-01-31 2024-11-01<2025-03-01");
  await overrideTimeZone("America/New_York", async () => {
    assert.equal(await get("/at/2025/1/1/"), "Noon, 2024-12-31<2025-01-01<2025-01-31 2024-12-01<2025-03-01");
  });
  await overrideTimeZone("Asia/Seoul", async () => {
    assert.equal(await get("/at/2025/1/31/"), 404);
    assert.match(String(await get("/at/2025/2/")), /Late,/);
  });
});

test("an archive asks what its page shows: twice for a list of days and rows, and once more for each neighbour", async (t) => {
  const get = await openBlog(t);
  assert.equal(await countQueries(() => get("/2025/1/")), 4);
  assert.equal(await countQueries(() => get("/")), 2);
});

test("a field without dates is refused", async (t) => {
  const site = await openSite(t, [path("", archiveIndexView(Post, { dateField: "title" }))], { debug: true });
  await openTables(t, [defineApp({ name: "blog", models: { Post } })]);
  const { error } = (await site.inject({ url: "/", headers: { accept: "application/json" } })).json();
  assert.deepEqual(
    [error.code, error.message, error.hint],
    [
      "VIEWS_BAD_OPTIONS",
      'archiveIndexView: its dateField "title" is a char field of Post, which has no dates.',
      "Name a field that is a date or a dateTime.",
    ],
  );
});
