import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "cortado/templates";

const reverse = (name: string, args: unknown[], kwargs: Record<string, unknown>) => {
  if (name === "none") throw new Error("There is no route none.");
  return `/${name}/${[...args, ...Object.values(kwargs)].join("/")}?a&b`;
};
const engine = new Engine({ reverse, debug: true });
const shows = async (source: string, context: Record<string, unknown>, wanted: string) =>
  assert.equal(await engine.renderString(source, context), wanted);

test("for goes through lists, texts, sets, maps and dictionaries", async () => {
  await shows("{% for x in l %}{{ x }}{% empty %}none{% endfor %}", { l: [1, 2] }, "12");
  await shows("{% for x in l reversed %}{{ x }}{% endfor %}", { l: "abc" }, "cba");
  await shows("{% for k, v in m.items %}{{ k }}={{ v }};{% endfor %}", { m: { a: 1, b: 2 } }, "a=1;b=2;");
  await shows("{% for k, v in m %}{{ k }}={{ v }};{% endfor %}", { m: new Map([["a", 1]]) }, "a=1;");
  await shows("{% for x in l %}{% empty %}none{% endfor %}", { l: null }, "none");
});

test("forloop knows its turn and its parent", async () => {
  const source =
    "{% for a in l %}{% for b in l %}{{ forloop.parentloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{% if forloop.last %}.{% endif %}{% endfor %}{% endfor %}";
  await shows(source, { l: [1, 2] }, "102111.202211.");
  await shows("{% for a in l %}{% if forloop.first %}{{ forloop.length }}{% endif %}{% endfor %}", { l: [1, 2, 3] }, "3");
});

test("a name bound in a tag ends with it", async () => {
  await shows("{% with x=1 %}{{ x }}{% endwith %}{{ x }}{% for x in l %}{{ x }}{% endfor %}{{ x }}", { x: "o", l: [2] }, "1o2o");
});

test("url gives an address, escaped, or keeps it; with as a missing route is no error", async () => {
  await shows(
    '{% url "coffee" 3 %} {% url "coffee" id=4 as link %}{{ link }}{% url "none" as no %}[{{ no }}]',
    {},
    "/coffee/3?a&amp;b /coffee/4?a&amp;b[]",
  );
  await assert.rejects(engine.renderString('{% url "none" %}'), /There is no route none/);
});

test("csrf_token prints the hidden field, from a text or a function", async () => {
  await shows("{% csrf_token %}", { csrf_token: () => "a<b" }, '<input type="hidden" name="csrfmiddlewaretoken" value="a&lt;b">');
  await shows("{% csrf_token %}", {}, "");
});

test("csp_nonce_attr is the attribute, where there is a nonce", async () => {
  await shows("<script {% csp_nonce_attr %}>", { csp_nonce: () => "a<b" }, '<script nonce="a&lt;b">');
  await shows("<script {% csp_nonce_attr %}>", {}, "<script >");
});

test("comment, verbatim and templatetag print what they should", async () => {
  await shows("a{% comment 'why' %}{% nonsense %}{{ ! }}{% endcomment %}{# {{ x }} #}b", {}, "ab");
  await shows("{% verbatim %}{{ x }}{% if %}{% endverbatim %}", { x: 1 }, "{{ x }}{% if %}");
  await shows("{% templatetag openvariable %}", {}, "{{");
});

test("cycle goes round, silently when told, and is reset", async () => {
  await shows(
    "{% for i in l %}{% cycle 'a' 'b' as c silent %}{{ c }}{% if i == 2 %}{% resetcycle c %}{% endif %}{% endfor %}",
    { l: [1, 2, 3] },
    "aba",
  );
});

test("ifchanged compares with the turn before", async () => {
  await shows("{% for x in l %}{% ifchanged x %}{{ x }}{% else %}-{% endifchanged %}{% endfor %}", { l: [1, 1, 2] }, "1-2");
});

test("firstof, regroup, widthratio, spaceless and filter", async () => {
  await shows('{% firstof a b "c" %}', { b: "<" }, "&lt;");
  await shows(
    "{% regroup l by c as g %}{% for c, items in g %}{{ c }}:{{ items|length }} {% endfor %}",
    { l: [{ c: "x" }, { c: "x" }, { c: "y" }] },
    "x:2 y:1 ",
  );
  await shows("{% widthratio 50 80 100 %}", {}, "62");
  await shows("{% spaceless %} <p> <b>x </b> </p> {% endspaceless %}", {}, "<p><b>x </b></p>");
  await shows("{% filter upper %}{{ x }}{% endfilter %}", { x: "<a" }, "&LT;A");
});

test("querystring changes the request's parameters", async () => {
  const request = { query: new URLSearchParams("page=1&q=a b") };
  await shows("{% querystring page=2 %} {% querystring q=None %}", { request }, "?page=2&amp;q=a+b ?page=1");
});

test("with, now, url, firstof and cycle keep what they show under a name", async () => {
  await shows("{% with a=1 b=2 %}{{ a }}{{ b }}{% endwith %}{% with x as c %}{{ c }}{% endwith %}", { x: "<" }, "12&lt;");
  assert.match(await engine.renderString('{% now "Y" as year %}[{{ year }}]'), /^\[\d{4}\]$/);
  await shows('{% firstof no "b" as found %}{{ found }}{% widthratio 1 2 10 as half %}{{ half }}', {}, "b5");
});

test("now, lorem and debug print something of their own", async () => {
  assert.match(await engine.renderString('{% now "Y" %}'), /^\d{4}$/);
  assert.equal(await engine.renderString("{% lorem 2 w %}"), "lorem ipsum");
  assert.match(await engine.renderString("{% debug %}", { tasty: "<x>" }), /tasty: &#x27;&lt;x&gt;&#x27;/);
});
