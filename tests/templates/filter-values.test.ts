import assert from "node:assert/strict";
import { test } from "node:test";
import { Temporal } from "temporal-polyfill";
import { overrideLanguage } from "cortado/i18n";
import { Engine, safe } from "cortado/templates";

const engine = new Engine({ timeZone: "Asia/Seoul" });
const bare = new Engine({ autoescape: false, timeZone: "Asia/Seoul" });
const shown = (expression: string, x: unknown, a?: unknown) => bare.renderString(`{{ x|${expression} }}`, { x, a });

test("filters of texts are given dates and durations as plain texts, in no language", async () => {
  assert.equal(await shown("upper", Temporal.PlainDate.from("2024-02-29")), "2024-02-29");
  assert.equal(await shown("lower", new Date("2020-12-31T23:59:59.123Z")), "2020-12-31 23:59:59.123000+00:00");
  assert.equal(await shown("cut:'0'", Temporal.PlainDateTime.from("2011-07-03T14:30:05")), "211-7-3 14:3:5");
  assert.equal(
    await shown("join:' – '", [Temporal.PlainTime.from("09:05"), Temporal.PlainDate.from("2024-02-29")]),
    "09:05:00 – 2024-02-29",
  );
  assert.equal(await bare.renderString("{{ x }}, {{ y }}", { x: Temporal.Duration.from({ days: 1, hours: 2, microseconds: 5 }), y: Temporal.Duration.from({ hours: -1 }) }), "1 day, 2:00:00.000005, -1 day, 23:00:00"); // prettier-ignore
});

test("a width that is no number is told, not passed over", async () => {
  for (const filter of ["ljust", "rjust", "center", "wordwrap", "urlizetrunc", "divisibleby"])
    await assert.rejects(shown(`${filter}:'wide'`, "7"), /'wide' is no whole number/, filter);
  await assert.rejects(shown("wordwrap:0", "text"), /cannot be 0 characters wide/);
  await assert.rejects(shown("divisibleby:0", 7), /divided by zero/);
});

test("stringformat follows Python's rules of formats", async () => {
  const rows: [unknown, string, string][] = [
    [2.5, ".0f", "2"], [0.125, ".2f", "0.12"], [-0.5, "d", "0"], [2.5, "x", ""], [65, "c", "A"], ["é", "a", "'\\xe9'"], ["abc", "5.2s|", "   ab|"],
    ["x", "s %s", ""], ["x", "%", ""], [[1], "%", "%"], [{ n: 3 }, "(n)03d", "003"], [Number.POSITIVE_INFINITY, "f", "inf"], ["7", "d", ""],
    [1e22, ".1f", "10000000000000000000000.0"], [2.5, "one", ""], ["\u200b", "r", "'\\u200b'"],
  ]; // prettier-ignore
  for (const [value, format, wanted] of rows) assert.equal(await shown("stringformat:a", value, format), wanted, format);
});

test("words are wrapped as Python wraps them", async () => {
  assert.equal(await shown("wordwrap:5", "  lead and\ttab"), "lead\nand\ntab");
  assert.equal(await shown("wordwrap:9", "one\r\n\r\ntwo three\n"), "one\n\ntwo three\n");
});

test("texts are cut with the words of the language, and HTML is closed", async () => {
  assert.equal(await shown("truncatechars_html:3", "<p>abc</p>"), "<p>ab…</p>");
  assert.equal(await shown("truncatechars_html:9", "a & <b>b</b>"), "a &amp; <b>b</b>");
  assert.equal(await shown("truncatewords_html:2", "hello >< world"), "hello &gt;…".replace("…", " …"));
  assert.equal(await shown("truncatechars_html:1", "é́x"), "…");
});

test("numbers keep their exact digits", async () => {
  assert.equal(await shown("add:-2", -(10n ** 25n)), "-10000000000000000000000002");
  assert.equal(await shown("filesizeformat", Number.NaN), "0\u00a0bytes");
  assert.equal(await shown("floatformat:2", "1_000"), "1000.00");
  assert.equal(await shown("get_digit:2", safe("<b>")), "<b>");
  assert.equal(await overrideLanguage("de", () => bare.renderString("{{ x }}", { x: 1.5e300 })), "1,5e+300");
});

test("a value that a filter hands through stays as safe as it was", async () => {
  const x = safe("<b>x</b>");
  assert.equal(await engine.renderString("{{ x|yesno:'a' }}{{ x|get_digit:'a' }}{{ x|last }}", { x }), "<b>x</b><b>x</b>>");
});

test("a fourth word of yesno is one too many, and the second stands for None", async () => {
  assert.equal(await shown("yesno:'a,b,c,d'", null), "b");
});

test("a format asks a clock for its hours and a day for its days", async () => {
  const moment = new Date("2009-05-16T05:04:00Z");
  assert.equal(await shown("time:'d'", moment), "");
  assert.equal(await shown("time:'H:i'", moment), "14:04");
  assert.equal(await shown("date:'Y'", Temporal.PlainTime.from("09:05")), "");
  assert.equal(await shown("date:''", Temporal.PlainDate.from("2024-02-29")), "Feb. 29, 2024");
  assert.equal(await shown("date:'r'", Temporal.PlainDate.from("1999-12-31")), "Fri, 31 Dec 1999 00:00:00 +0900");
  assert.equal(await shown("date:a", moment, "\\\\d \\d d"), "\\d d 16");
});

test("json_script writes moments as JSON has them elsewhere", async () => {
  assert.equal(await shown("json_script", new Date("2009-05-16T05:04:00Z")), '<script type="application/json">"2009-05-16T05:04:00Z"</script>');
  assert.equal(await shown("json_script:0", Temporal.PlainTime.from("13:05:09.25")), '<script type="application/json">"13:05:09.250"</script>');
}); // prettier-ignore

test("what cannot be gone through is no list", async () => {
  const day = Temporal.PlainDate.from("2024-02-29");
  assert.equal(await shown("length", day), "0");
  assert.equal(await shown("join:', '", day), "Feb. 29, 2024");
  await assert.rejects(shown("unordered_list", day), /is no list/);
});

test("months between moments are counted on the calendar that rows have them in", async () => {
  const [from, to] = [new Date("1999-02-28T22:00:00Z"), new Date("2000-02-28T23:29:36Z")];
  assert.equal(await shown("timesince:a", from, to), "1\u00a0year");
  assert.equal(await shown("timeuntil:a", to, from), "1\u00a0year");
});

test("humanize keeps the digits of large numbers, and cuts what is no whole one", async () => {
  const humanized = (filter: string, x: unknown) => bare.renderString(`{% load humanize %}{{ x|${filter} }}`, { x });
  assert.equal(await humanized("ordinal", 58212759320190524n), "58212759320190524th");
  assert.equal(await humanized("apnumber", 23271095307744093859n), "23271095307744093859");
  assert.equal(await humanized("intword", 233834.184), "233834");
  assert.equal(await humanized("intword", 1_200_000), "1.2 million");
});

test("years before 100 have their own days of the week", async () => {
  assert.equal(await shown("date:'D w z o-W'", Temporal.PlainDate.from("0001-01-22")), "Mon 1 22 1-4");
});

test("a letter after one that has no capital form begins a word", async () => {
  assert.equal(await shown("title", "한국two 日本語one it's 3rd"), "한국Two 日本語One It's 3rd");
});
