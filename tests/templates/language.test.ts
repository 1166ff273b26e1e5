import assert from "node:assert/strict";
import { test } from "node:test";
import { gettextLazy, useI18n } from "cortado/i18n";
import { Engine, safe, SafeString } from "cortado/templates";
import { Temporal } from "cortado/validation";

const engine = new Engine({ timeZone: "Asia/Seoul" });
const shows = async (source: string, context: Record<string, unknown>, wanted: string) =>
  assert.equal(await engine.renderString(source, context), wanted);

test("a name is looked up in dictionaries, maps, lists and objects", async () => {
  await shows(
    "{{ a.b }} {{ m.k }} {{ l.1 }} {{ o.size }}",
    { a: { b: 1 }, m: new Map([["k", 2]]), l: [1, 3], o: { size: 4 } },
    "1 2 3 4",
  );
});

test("a name that is not there is tried in camelCase", async () => {
  await shows(
    "{{ is_ice }} {{ form.as_p }} {{ form.as_div }}",
    { isIce: true, form: { asP: "p", as_div: "exact", asDiv: "camel" } },
    "True p exact",
  );
});

test("a moment has Python's parts, in UTC, and a text Python's methods", async () => {
  const d = new Date("2026-03-04T20:06:07.120Z");
  const parts = "year month day hour minute second microsecond weekday isoweekday isoformat timestamp".split(" ");
  await shows(
    parts.map((part) => `{{ d.${part} }}`).join(" "),
    { d },
    "2026 3 4 20 6 7 120000 2 3 2026-03-04T20:06:07.120000+00:00 1772654767.12",
  );
  await shows("{{ d.isoformat }} [{{ none.year }}{{ none.isoformat }}]", { d: new Date(0), none: new Date(NaN) }, "1970-01-01T00:00:00+00:00 []"); // prettier-ignore
  const text = " it is ÉMILE's ";
  await shows("{{ t.upper }}{{ t.lower }}{{ t.title }}{{ t.strip.capitalize }}", { t: safe(text) }, " IT IS ÉMILE&#x27;S  it is émile&#x27;s  It Is Émile&#x27;S It is émile&#x27;s"); // prettier-ignore
  await shows(
    "[{{ t.lstrip }}][{{ t.rstrip }}]{% for w in t.split %}{{ w }}.{% endfor %}",
    { t: " a  b " },
    "[a  b ][ a  b]a.b.",
  );
  await shows("{% for l in t.splitlines %}{{ l }}.{% endfor %}{{ e.splitlines }}{{ e.split }}", { t: "a\r\n\nb\n", e: "" }, "a..b.[][]"); // prettier-ignore
  await shows(
    "{{ n.isdigit }} {{ t.isdigit }} {{ t.isalpha }} {{ e.isalpha }}",
    { n: "12", t: "é", e: "" },
    "True False True False",
  );
});

test("functions are called without arguments, and those that need one are not", async () => {
  class Coffee {
    name = "Latte";
    shout() {
      return this.name.toUpperCase();
    }
    priceIn(_currency: string) {
      return 1;
    }
  }
  await shows("{{ c.shout }}[{{ c.priceIn }}][{{ make }}]", { c: new Coffee(), make: () => "made" }, "LATTE[][made]");
});

test("values print as Django prints them", async () => {
  const context = { t: true, n: null, l: ["a", 1, null], d: { k: "v" }, f: 0.5, tiny: 0.00001, nan: Number.NaN, big: 10n ** 20n };
  await shows("{% autoescape off %}{{ t }} {{ n }} {{ l }} {{ d }} {{ f }} {{ tiny }} {{ nan }} {{ big }}{% endautoescape %}", context, "True None ['a', 1, None] {'k': 'v'} 0.5 0.00001 nan 100000000000000000000");
}); // prettier-ignore

test("an object prints by its own toString, and inside a list with its class", async () => {
  class Roaster {
    toString() {
      return "Blue";
    }
  }
  await shows("{{ r }} {{ l|safe }}", { r: new Roaster(), l: [new Roaster()] }, "Blue [<Roaster: Blue>]");
});

test("a date prints in the engine's zone", async () => {
  await shows("{{ d }}", { d: new Date("2026-11-23T04:30:00Z") }, "Nov. 23, 2026, 1:30 p.m.");
  await shows("{{ d|date:'Y-m-d H:i e T' }}", { d: new Date("2026-11-23T20:30:00Z") }, "2026-11-24 05:30 Asia/Seoul GMT+9");
});

test("a date and time without a zone is taken to be in the engine's", async () => {
  const d = Temporal.PlainDateTime.from("2026-11-23T13:30:00");
  await shows(
    "{{ d }} {{ d|date:'c O Z U|e|' }}",
    { d },
    "Nov. 23, 2026, 1:30 p.m. 2026-11-23T13:30:00 +0900 32400 1795408200||",
  );
  await shows("{{ d|date:'O' }}{{ d|time:'H:i' }}|{{ t|time:'H:i' }}", { d: d.toPlainDate(), t: d.toPlainTime() }, "|13:30");
});

test("text is escaped unless it is safe", async () => {
  await shows("{{ a }}{{ b }}{{ c|safe }}", { a: `<&>"'`, b: safe("<b>"), c: "<i>" }, "&lt;&amp;&gt;&quot;&#x27;<b><i>");
  assert.equal(await new Engine({ autoescape: false }).renderString("{{ a }}", { a: "<" }), "<");
});

test("an object with toHtml prints that HTML, awaited", async () => {
  const now = { toHtml: () => safe("<p>now</p>") };
  const later = { toHtml: async () => safe("<p>later</p>") };
  await shows("{{ now }}{{ later }}", { now, later }, "<p>now</p><p>later</p>");
  await shows("{{ x }}", { x: { toHtml: () => "<unsafe>" } }, "&lt;unsafe&gt;");
});

test("what is missing prints nothing, or what the engine says", async () => {
  await shows("[{{ missing }}{{ a.b.c }}]", { a: {} }, "[]");
  assert.equal(await new Engine({ stringIfInvalid: "?%s?" }).renderString("{{ missing.name|upper }}", {}), "?missing.name?");
});

test("operators bind and compare as in Python", async () => {
  const truths: [string, string][] = [
    ["not a and b or c", "yes"],
    ["1 in l and 9 not in l", "yes"],
    ["'a' < 'b' and 2 >= 2", "yes"],
    ["none is None and missing is None", "yes"],
    ["l == same and d == dd", "yes"],
    ["empty or nothing or zero", "no"],
    ["'x' in text", "yes"],
    ["1 == True", "yes"],
    ["'1' == 1 or 'a' > 1", "no"],
  ];
  const context = {
    a: true,
    b: false,
    c: 1,
    l: [1, 2],
    same: [1, 2],
    d: { k: 1 },
    dd: { k: 1 },
    none: null,
    empty: [],
    nothing: {},
    zero: 0,
    text: "xyz",
  };
  for (const [condition, wanted] of truths) await shows(`{% if ${condition} %}yes{% else %}no{% endif %}`, context, wanted);
});

test("a global is seen everywhere and a context's name goes before it", async () => {
  const globals = new Engine({ globals: { site: "Cafe", shown: 1 } });
  assert.equal(await globals.renderString("{{ site }} {{ shown }}", { shown: 2 }), "Cafe 2");
});

test("in debug mode a missing name is reported with its place, but not where it is asked for", async () => {
  const missing: string[] = [];
  const debug = new Engine({
    debug: true,
    onMissingName: (name, place) => missing.push(`${name} ${place.line}:${place.column}`),
  });
  await debug.renderString(
    "{{ here }}\n {{ cofee.name }}{% if maybe %}{% endif %}{{ other|default:'-' }}{% for c in cofees %}{% endfor %}",
    { here: 1 },
  );
  assert.deepEqual(missing, ["cofee 2:2", "cofees 2:66"]);
});

test("a SafeString knows its length and its text", () => {
  const text = new SafeString("<b>");
  assert.equal(text.length, 3);
  assert.equal(`${text}`, "<b>");
  assert.equal(JSON.stringify({ text }), '{"text":"<b>"}');
});

test("numbers are written in templates as Python writes them", async () => {
  await shows("{{ 1 }} {{ -1.5 }} {{ .5 }} {{ +2 }} {{ 1e3 }} {{ 5|add:-2 }}[{{ 5. }}]", {}, "1 -1.5 0.5 2 1000 3[]");
});

test("a function that is not to be called is the value, and its own names are seen", async () => {
  let calls = 0;
  const kind = Object.assign(() => ++calls, { doNotCallInTemplates: true, label: "kind" });
  await shows("{{ kind.label }}{% if kind %}!{% endif %}", { kind }, "kind!");
  assert.equal(calls, 0);
});

test("an error that says there is none counts as missing, another is the error of the render", async () => {
  const silent = Object.assign(new Error("no row"), { silentVariableFailure: true });
  const context = (error: Error) => ({ row: { get name(): string { throw error; } } }); // oxfmt-ignore
  await shows("[{{ row.name }}{{ row.name|default:'-' }}]", context(silent), "[-]");
  await assert.rejects(engine.renderString("{{ row.name }}", context(new RangeError("loud"))), /loud/);
});

test("a lazy text is a text wherever it stands", async () => {
  const label = gettextLazy("Name");
  await shows(
    "{{ l }} {{ l|length }} {{ l|upper }} {{ a|add:l }} {% if l == 'Name' %}same{% endif %} {{ list|safe }}",
    { l: label, a: "My ", list: [label] },
    "Name 4 NAME My Name same ['Name']",
  );
});

test("a thousand separator is shown where the project wants one", async () => {
  useI18n({ useThousandSeparator: true });
  await shows(
    "{{ 1234567 }} {{ x }} {% if x == 1000 %}{{ x|floatformat:1 }}{% endif %} {{ x|stringformat:'d' }}",
    { x: 1000 },
    "1,234,567 1,000 1,000.0 1000",
  );
  useI18n({});
});
