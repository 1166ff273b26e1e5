import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "cortado/templates";
import { builtinFilters } from "../../src/templates/filters/builtins.ts";

const engine = new Engine();

/** Filter expressions over `x`, and what they print. */
const table: [title: string, x: unknown, rows: Record<string, string>][] = [
  ["texts", "joel is a slug", { "x|title": "Joel Is A Slug", "x|capfirst": "Joel is a slug", "x|truncatewords:2": "joel is …", "x|truncatechars:7": "joel i…", "x|slugify": "joel-is-a-slug", "x|wordcount": "4", "x|cut:' '": "joelisaslug", "x|center:18": "  joel is a slug  ", "x|slice:':4'": "joel" }],
  ["HTML", "<b>bold</b> & more", { "x|striptags": "bold &amp; more", "x|escape": "&lt;b&gt;bold&lt;/b&gt; &amp; more", "x|truncatewords_html:1": "&lt;b&gt;bold&lt;/b&gt; …", "x|force_escape|escape": "&lt;b&gt;bold&lt;/b&gt; &amp; more", "x|escapejs": "\\u003Cb\\u003Ebold\\u003C/b\\u003E \\u0026 more" }],
  ["numbers", 66666.666, { "x|floatformat": "66666.7", "x|floatformat:'2g'": "66,666.67", "x|floatformat:0": "66667", "x|add:1": "66667", "x|filesizeformat": "65.1\u00a0KB", "x|stringformat:'.1f'": "66666.7", "x|divisibleby:2": "True" }],
  ["lists", [3, 1, 2], { "x|join:' & '": "3 & 1 & 2", "x|length": "3", "x|first": "3", "x|last": "2", "x|slice:'1:'": "[1, 2]", "x|pluralize": "s", "x|make_list|length": "9" }],
  ["absence", null, { "x|default:'-'": "-", "x|default_if_none:'n'": "n", "x|yesno:'y,n,m'": "m", "x|date:'Y'": "" }],
  ["lines", "a\n\n<b>", { "x|linebreaks": "<p>a</p>\n\n<p>&lt;b&gt;</p>", "x|linebreaksbr": "a<br><br>&lt;b&gt;", "x|linenumbers": "1. a\n2. \n3. &lt;b&gt;" }],
  ["addresses", "see www.cortado.org/?a=b, or me@cortado.org", { "x|urlize": 'see <a href="https://www.cortado.org/?a=b" rel="nofollow">www.cortado.org/?a=b</a>, or <a href="mailto:me@cortado.org">me@cortado.org</a>', "x|urlencode": "see%20www.cortado.org/%3Fa%3Db%2C%20or%20me%40cortado.org" }],
  ["dates", new Date("2026-11-03T00:05:09Z"), { "x|date:'D jS F Y, \\\\o\\\\n W z t L'": "Tue 3rd November 2026, on 45 307 30 False", "x|time:'H:i:s'": "00:05:09", "x|date:'N P'": "Nov. 12:05 a.m.", "x|timesince:later": "1\u00a0month, 1\u00a0week", "later|timeuntil:x": "1\u00a0month, 1\u00a0week" }],
  ["letters", "It's <Joel's> 5-CALL", { "x|upper": "IT&#x27;S &lt;JOEL&#x27;S&gt; 5-CALL", "x|lower": "it&#x27;s &lt;joel&#x27;s&gt; 5-call", "x|addslashes|safe": "It\\'s <Joel\\'s> 5-CALL", "x|ljust:22|safe": "It's <Joel's> 5-CALL  ", "x|rjust:22|safe": "  It's <Joel's> 5-CALL", "x|wordwrap:6|safe": "It's\n<Joel's>\n5-CALL", "'CALL'|phone2numeric": "2255", "x|iriencode": "It&#x27;s%20%3CJoel&#x27;s%3E%205-CALL", "x|make_list|first": "I", "x|pprint|safe": `"It's <Joel's> 5-CALL"` }],
  ["safety", ["<a>", "&"], { "x|safeseq|join:''": "<a>&", "x|escapeseq|join:''": "&lt;a&gt;&amp;", "x|join:''": "&lt;a&gt;&amp;", "x.0|safe": "<a>", "x.0|force_escape": "&lt;a&gt;", "x.1|random": "&amp;", "x|unordered_list": "\t<li>&lt;a&gt;</li>\n\t<li>&amp;</li>" }],
  ["cut HTML", "<p>one <b>two three</b></p>", { "x|truncatechars_html:6|safe": "<p>one <b>t…</b></p>", "x|truncatewords_html:2|safe": "<p>one <b>two …</b></p>", "'see http://cortado.org/long'|urlizetrunc:12": 'see <a href="http://cortado.org/long" rel="nofollow">http://cort…</a>' }],
  ["digits", 1234, { "x|get_digit:2": "3", "x|get_digit:0": "1234", "x|get_digit:9": "0", "x|stringformat:'06d'": "001234", "x|stringformat:'x'": "4d2", "x|add:'6'": "1240", "x|floatformat:-2": "1234", "x|divisibleby:5": "False", "x|yesno": "yes" }],
  ["JSON", { a: "<é>", b: [1, null] }, { "x|json_script:'d'": '<script id="d" type="application/json">{"a": "\\u003C\\u00e9\\u003E", "b": [1, null]}</script>' }],
]; // prettier-ignore

for (const [title, x, rows] of table) {
  test(`filters shape ${title}`, async () => {
    for (const [expression, wanted] of Object.entries(rows)) {
      const source = `{{ ${expression.replaceAll("\\\\", "\\")} }}`;
      assert.equal(await engine.renderString(source, { x, later: new Date("2026-12-10T12:00:00Z") }), wanted, expression);
    }
  });
}

test("each filter of the language is in a table", () => {
  const shown = table.map(([, , rows]) => Object.keys(rows).join(" ")).join(" ");
  const elsewhere = new Set(["dictsort", "dictsortreversed"]);
  assert.deepEqual(
    Object.keys(builtinFilters).filter((name) => !elsewhere.has(name) && !new RegExp(`\\|${name}\\b`).test(shown)),
    [],
  );
});

test("dictsort sorts by a key, and gives nothing where it cannot", async () => {
  const x = [{ n: 2 }, { n: 1 }];
  assert.equal(await engine.renderString("{% for i in x|dictsort:'n' %}{{ i.n }}{% endfor %}", { x }), "12");
  assert.equal(await engine.renderString("{% for i in x|dictsortreversed:'n' %}{{ i.n }}{% endfor %}", { x }), "21");
  assert.equal(await engine.renderString("[{{ x|dictsort:'m' }}]", { x }), "[]");
});

test("a list in a list stands inside its item", async () => {
  assert.equal(
    await engine.renderString("{{ x|unordered_list }}", { x: ["A", ["<B>"]] }),
    "\t<li>A\n\t<ul>\n\t\t<li>&lt;B&gt;</li>\n\t</ul>\n\t</li>",
  );
});
