import assert from "node:assert/strict";
import { test } from "node:test";
import { Signer } from "cortado/signing";
import { EmptyPage, KeysetPaginator, PageNotAnInteger, Paginator, UncountedPaginator } from "cortado/views";
import { Engine } from "cortado/templates";

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test("a list is cut into pages", async () => {
  const paginator = await Paginator.of(numbers(5), 2);
  assert.deepEqual([paginator.count, paginator.numPages, paginator.pageRange, paginator.perPage], [5, 3, [1, 2, 3], 2]);
  const last = await paginator.page("3");
  assert.deepEqual([[...last], last.objectList, last.length, last[0]], [[5], [5], 1, 5]);
  assert.deepEqual([last.number, last.hasNext, last.hasPrevious, last.hasOtherPages], [3, false, true, true]);
  assert.deepEqual([last.startIndex, last.endIndex, last.previousPageNumber, String(last)], [5, 5, 2, "<Page 3 of 3>"]);
  assert.throws(() => last.nextPageNumber, EmptyPage);
  const pages: number[][] = [];
  for await (const page of paginator) pages.push([...page]);
  assert.deepEqual(pages, [[1, 2], [3, 4], [5]]);
});

test("a query is counted once and read in part", async () => {
  const asked: unknown[] = [];
  const source = {
    count: async () => (asked.push("count"), 5),
    slice: async (from: number, to: number) => (asked.push([from, to]), numbers(5).slice(from, to)),
  };
  const paginator = await Paginator.of(source, 2, { orphans: 1 });
  assert.deepEqual([...(await paginator.page(2))], [3, 4, 5]);
  assert.deepEqual(asked, ["count", [2, 5]]);
});

test("few rows at the end are no page of their own", async () => {
  for (const [count, orphans, pages, last] of [
    [11, 1, 1, 11],
    [11, 0, 2, 1],
    [22, 2, 2, 12],
    [23, 2, 3, 3],
    [3, 20, 1, 3],
  ] as const) {
    const paginator = await Paginator.of(numbers(count), 10, { orphans });
    assert.equal(paginator.numPages, pages, `${count}, ${orphans}`);
    assert.equal((await paginator.page(pages)).length, last);
  }
});

test("an empty list has one page, or none", async () => {
  const empty = await (await Paginator.of([], 2)).page();
  assert.deepEqual([empty.number, empty.startIndex, empty.endIndex, empty.hasNext, empty.hasOtherPages], [1, 0, 0, false, false]);
  const none = await Paginator.of([], 2, { allowEmptyFirstPage: false });
  assert.deepEqual([none.numPages, none.pageRange], [0, []]);
  await assert.rejects(none.page(1), EmptyPage);
});

test("a page that is not there says why, and is 404 where nobody catches it", async () => {
  const paginator = await Paginator.of(numbers(5), 2);
  for (const [page, message, Kind] of [
    ["4", "That page contains no results", EmptyPage],
    ["0", "That page number is less than 1", EmptyPage],
    ["-1", "That page number is less than 1", EmptyPage],
    ["x", "That page number is not an integer", PageNotAnInteger],
    ["1.5", "That page number is not an integer", PageNotAnInteger],
    ["", "That page number is not an integer", PageNotAnInteger],
    [null, "That page number is not an integer", PageNotAnInteger],
    ["9".repeat(400), "That page contains no results", EmptyPage],
  ] as const) {
    const error = await paginator.page(page).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Kind, String(page));
    assert.deepEqual([error.status, error.code, error.message], [404, "VIEWS_NO_SUCH_PAGE", message]);
    assert.equal(error.hint, `Asked for was "${String(page).slice(0, 40)}"; there are pages 1 to 3.`);
  }
  const own = await Paginator.of(numbers(5), 2, { errorMessages: { noResults: "Nothing there", invalidPage: "What?" } });
  await assert.rejects(own.page(9), { message: "Nothing there" });
  await assert.rejects(own.page("?"), { message: "What?" });
});

test("getPage gives a page whatever is asked for", async () => {
  const paginator = await Paginator.of(numbers(5), 2);
  const got = async (page: unknown) => (await paginator.getPage(page)).number;
  assert.deepEqual(
    await Promise.all(["2", 2, "x", undefined, "9", "0", "-3", " 2 ", "+2"].map(got)),
    [2, 2, 1, 1, 3, 3, 3, 2, 2],
  );
});

test("page numbers are left out in the middle, as Django leaves them out", async () => {
  for (const [number, pages, onEachSide, onEnds, shown] of [
    [1, 20, 3, 2, "1 2 3 4 … 19 20"],
    [10, 20, 3, 2, "1 2 … 7 8 9 10 11 12 13 … 19 20"],
    [20, 20, 3, 2, "1 2 … 17 18 19 20"],
    [7, 20, 3, 2, "1 2 3 4 5 6 7 8 9 10 … 19 20"],
    [8, 20, 3, 2, "1 2 … 5 6 7 8 9 10 11 … 19 20"],
    [14, 20, 3, 2, "1 2 … 11 12 13 14 15 16 17 18 19 20"],
    [13, 20, 3, 2, "1 2 … 10 11 12 13 14 15 16 … 19 20"],
    [1, 10, 3, 2, "1 2 3 4 5 6 7 8 9 10"],
    [5, 11, 3, 2, "1 2 3 4 5 6 7 8 9 10 11"],
    [6, 12, 1, 1, "1 … 5 6 7 … 12"],
    [4, 12, 1, 0, "… 3 4 5 …"],
    [1, 50, 0, 0, "1 …"],
  ] as const) {
    const paginator = await Paginator.of(numbers(pages), 1);
    assert.equal(paginator.getElidedPageRange(number, { onEachSide, onEnds }).join(" "), shown);
    assert.equal((await paginator.page(number)).elidedPageRange({ onEachSide, onEnds }).join(" "), shown);
  }
});

test("templates know a page by Django's names", async () => {
  const page = await (await Paginator.of(numbers(25), 10)).page(2);
  const source =
    "{{ page_obj.number }} of {{ page_obj.paginator.num_pages }}, {{ page_obj.start_index }}-{{ page_obj.end_index }} of " +
    "{{ page_obj.paginator.count }} {{ page_obj.has_previous }} {{ page_obj.previous_page_number }} {{ page_obj.next_page_number }} " +
    "{% for n in page_obj.paginator.page_range %}{{ n }}{% endfor %} {{ page_obj|length }} {{ page_obj.0 }} {{ page_obj.object_list|first }} " +
    "{% for n in page_obj %}{{ n }},{% endfor %} {{ page_obj }} {{ page_obj.paginator.get_elided_page_range|join:'' }}";
  assert.equal(
    await new Engine().renderString(source, { page_obj: page }),
    "2 of 3, 11-20 of 25 True 1 3 123 10 11 11 11,12,13,14,15,16,17,18,19,20, &lt;Page 2 of 3&gt; 123",
  );
});

test("pages without a count know whether another follows", async () => {
  const asked: unknown[] = [];
  const source = { slice: async (from: number, to: number) => (asked.push([from, to]), numbers(5).slice(from, to)) };
  const paginator = new UncountedPaginator(source, 2);
  const page = await paginator.page("2");
  assert.deepEqual(
    [[...page], page.hasNext, page.hasPrevious, page.nextPageNumber, page.previousPageNumber],
    [[3, 4], true, true, 3, 1],
  );
  const last = await paginator.page(3);
  assert.deepEqual([[...last], last.hasNext, last.startIndex, last.endIndex], [[5], false, 5, 5]);
  assert.throws(() => last.nextPageNumber, EmptyPage);
  assert.deepEqual(asked, [[2, 5], [4, 7]]); // oxfmt-ignore
  await assert.rejects(paginator.page(4), EmptyPage);
  await assert.rejects(paginator.page("9".repeat(30)), EmptyPage);
  await assert.rejects(paginator.page("x"), PageNotAnInteger);
  assert.equal((await paginator.getPage("x")).number, 1);
  assert.equal((await new UncountedPaginator([] as number[], 2).page(1)).length, 0);
});

test("a page has one row or more", async () => {
  for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    const refused = { code: "VIEWS_BAD_OPTIONS", message: `Paginator: a page cannot have ${size} rows.` };
    await assert.rejects(Paginator.of([], size), refused);
    assert.throws(() => new UncountedPaginator([], size), { code: "VIEWS_BAD_OPTIONS" });
    assert.throws(() => new KeysetPaginator({ page: async () => ({ rows: [], next: null, previous: null }) }, size));
  }
});

test("cursors may be signed, so that nobody makes one up", async () => {
  const source = { page: async ({ after }: { after?: string | null }) => ({ rows: [after], next: "abc", previous: null }) };
  const paginator = new KeysetPaginator(source, 2, { signer: new Signer({ key: "a secret key of a test", salt: "pages" }) });
  const page = await paginator.page();
  assert.match(page.nextCursor!, /^abc:/);
  assert.deepEqual([page.hasNext, page.hasPrevious, page.hasOtherPages], [true, false, true]);
  assert.deepEqual([...(await paginator.page({ after: page.nextCursor }))], ["abc"]);
  await assert.rejects(paginator.page({ after: "abc" }), { status: 404, code: "VIEWS_NO_SUCH_PAGE" });
  assert.deepEqual([...(await paginator.getPage({ after: "abc" }))], [null]);
});
