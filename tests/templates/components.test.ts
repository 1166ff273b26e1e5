import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine, safe, type TemplateError } from "cortado/templates";

const templates = {
  "components/card.html":
    '{% props title size="m" %}<article {% attrs class="card" %}><h2>{{ title }} ({{ size }})</h2>{% slot %}empty{% endslot %}' +
    '{% if slots.footer %}<footer>{% slot "footer" %}{% endslot %}</footer>{% endif %}</article>',
  "components/list.html":
    '{% props items %}<ul>{% for item in items %}<li>{% slot "row" item=item place=forloop.counter %}{{ item }}{% endslot %}</li>{% endfor %}</ul>',
  "components/form/field.html": '{% props label %}<label>{{ label }} <input {% attrs type="text" %}></label>',
  "components/panel.html":
    '{% props title %}{% component "card" title=title ...attrs %}{% slot %}<p>{% slot %}{% endslot %}</p>{% endslot %}{% endcomponent %}',
  "components/form.html": "{% csrf_token %}{{ request.path }}[{{ user }}{{ secret }}]",
  "components/loose.html": "{{ anything }}",
  "components/defaults.html": '{% props first second=first|upper third="<3" %}{{ first }}{{ second }}{{ third }}',
};
const engine = new Engine({ templates });
const shows = async (source: string, context: Record<string, unknown>, wanted: string) =>
  assert.equal(await engine.renderString(source, context), wanted);

async function failure(source: string, context: Record<string, unknown> = {}): Promise<TemplateError> {
  return engine.renderString(source, context).then(
    () => assert.fail("nothing was thrown"),
    (error: TemplateError) => error,
  );
}

test("a component shows its props, and what stands in its tag", async () => {
  await shows(
    '{% component "card" title=name %}<b>{{ name }}</b>{% slot "footer" %}{{ price }}{% endslot %}{% endcomponent %}',
    { name: "<Latte>", price: 4500 },
    '<article class="card"><h2>&lt;Latte&gt; (m)</h2><b>&lt;Latte&gt;</b><footer>4500</footer></article>',
  );
  await shows('{% component "card" title="T" size="l" / %}', {}, '<article class="card"><h2>T (l)</h2>empty</article>');
});

test("a body without anything to show fills no slot", async () => {
  await shows(
    '{% component "card" title="T" %} {# a note #} {% comment %}x{% endcomment %} {% endcomponent %}',
    {},
    '<article class="card"><h2>T (m)</h2>empty</article>',
  );
  await shows('{% component "card" title="a/"/ %}', {}, '<article class="card"><h2>a/ (m)</h2>empty</article>');
});

test("a default may be made of the props before it", async () => {
  await shows('{% component "defaults" first="a" / %}', {}, "aA<3");
  await shows('{% component "defaults" first="a" second=None / %}', {}, "aNone<3");
});

test("what is no prop is an attribute, over the component's own; class and style are put together", async () => {
  await shows(
    '{% component "form/field" label="Name" name="n" required=True disabled=off hx-get="/x?a&b" @click="go()" / %}',
    { off: false },
    '<label>Name <input type="text" name="n" required hx-get="/x?a&b" @click="go()"></label>',
  );
  await shows(
    '{% component "card" title="T" class="wide" id=id / %}',
    { id: 'a"b' },
    '<article class="card wide" id="a&quot;b"><h2>T (m)</h2>empty</article>',
  );
  await shows(
    '{% component "form/field" label="N" ...more / %}',
    { more: { type: "email", "data-id": 3 } },
    '<label>N <input type="email" data-id="3"></label>',
  );
});

test("a fill sees the names of its page and what the slot gives it", async () => {
  await shows(
    '{% with mark="!" %}{% component "list" items=cups %}{% slot "row" as row %}{{ row.place }}{{ row.item|upper }}{{ mark }}{{ item }}{% endslot %}{% endcomponent %}{% endwith %}',
    { cups: ["a", "b"] },
    "<ul><li>1A!</li><li>2B!</li></ul>",
  );
  await shows('{% component "list" items="ab" / %}', {}, "<ul><li>a</li><li>b</li></ul>");
});

test("components stand in one another, and hand their slots and attributes on", async () => {
  await shows(
    '{% for x in "12" %}{% component "panel" title=x id=x %}{% component "card" title="in" %}{{ x }}{% endcomponent %}{% endcomponent %}{% endfor %}',
    {},
    ["1", "2"]
      .map(
        (x) =>
          `<article class="card" id="${x}"><h2>${x} (m)</h2><p><article class="card"><h2>in (m)</h2>${x}</article></p></article>`,
      )
      .join(""),
  );
});

test("a component sees no name of its page but those of the request, and changes none", async () => {
  await shows(
    '{% component "form" / %}{{ secret }}',
    { request: { path: "/x" }, csrf_token: () => "t", user: "ada", secret: "s" },
    '<input type="hidden" name="csrfmiddlewaretoken" value="t">/x[]s',
  );
  await shows('{% component "loose" anything="here" / %}[{{ anything }}]', {}, "here[]");
});

test("a component may be named by a value, which leads nowhere else", async () => {
  await shows(
    '{% for kind in kinds %}{% component kind title="T" / %}{% endfor %}',
    { kinds: ["card"] },
    '<article class="card"><h2>T (m)</h2>empty</article>',
  );
  for (const kind of ["../card", "card.html", "/etc/passwd", "constructor", ""]) {
    const error = await failure("{% component kind / %}", { kind });
    assert.equal(error.code, "TEMPLATES_UNKNOWN_COMPONENT", kind);
  }
});

test("blocks, promises and escaping are those of the place where a fill stands", async () => {
  const pages = new Engine({
    templates: {
      ...templates,
      "base.html": '{% component "card" title="T" %}{% block body %}base{% endblock %}{% endcomponent %}',
      "page.html": '{% extends "base.html" %}{% block body %}{{ later }} {{ block.super }}{% endblock %}',
      "components/raw.html": "{% autoescape off %}{% slot %}{% endslot %}{% endautoescape %}",
    },
  });
  const later = Promise.resolve("<later>");
  assert.equal(await pages.render("page.html", { later }), '<article class="card"><h2>T (m)</h2>&lt;later&gt; base</article>');
  assert.equal(await pages.renderString('{% component "raw" %}{{ x }}{% endcomponent %}', { x: "<b>" }), "&lt;b&gt;");
});

test("a mistake in the use of a component is told, with the nearest name", async () => {
  const cases: [string, string, RegExp, RegExp][] = [
    ["TEMPLATES_UNKNOWN_COMPONENT", '{% component "crad" / %}', /There is no component "crad"\. There are: card, defaults, form, form\/field, list, loose, panel\./, /Did you mean "card"\?/],
    ["TEMPLATES_UNKNOWN_PROP", '{% component "list" items="a" itmes="b" / %}', /The component "list" has no prop "itmes"\. It has: items\./, /Did you mean "items"\?/],
    ["TEMPLATES_MISSING_PROP", '{% component "card" size="l" / %}', /The component "card" needs "title"\./, /Write {% component "card" title=… %}\./],
    ["TEMPLATES_UNKNOWN_SLOT", '{% component "card" title="T" %}{% slot "foter" %}x{% endslot %}{% endcomponent %}', /The component "card" has no slot "foter"\. It has: default, footer\./, /Did you mean "footer"\?/],
    ["TEMPLATES_UNKNOWN_SLOT", '{% component "list" items="" %}x{% endcomponent %}', /has no slot "default"/, /Write {% slot %}{% endslot %} in the component/],
    ["TEMPLATES_BAD_SYNTAX", '{% component "card" title %}{% endcomponent %}', /does not understand "title"/, /Write name=value/],
    ["TEMPLATES_BAD_SYNTAX", '{% component "card" title="T" %}x{% slot %}y{% endslot %}{% endcomponent %}', /The slot "default" is filled, and other text stands beside it/, /Put all of it into the slot/],
    ["TEMPLATES_BAD_VALUE", '{% component "card" title="T" ...more / %}', /is no name for an attribute/, /./],
  ]; // prettier-ignore
  for (const [code, source, message, hint] of cases) {
    const error = await failure(source, { more: { 'a onload="x"': 1 } });
    assert.equal(error.code, code, source);
    assert.match(error.message, message);
    if (code !== "TEMPLATES_BAD_VALUE") assert.match(error.hint ?? "", hint);
    assert.equal(error.line, 1);
    assert.match(error.excerpt ?? "", /\^/);
  }
});

test("an error inside a component is told with the way that led there", async () => {
  const broken = new Engine({
    templates: {
      "components/bad.html": '{% slot "a" %}\n{% for x in five %}{% endfor %}{% endslot %}',
      "page.html": '\n{% component "bad" five=5 / %}',
      "fill.html": '{% component "bad" %}{% slot "a" %}\n{{ five|default:none }}{% endslot %}{% endcomponent %}',
    },
  });
  await assert.rejects(broken.render("page.html"), (error: TemplateError) => {
    assert.match(error.message, /\nin components\/bad\.html, line 2, column 1\n[^]*\nfrom page\.html, line 2, column 1$/);
    return true;
  });
  await assert.rejects(broken.render("fill.html"), (error: TemplateError) => {
    assert.match(
      error.message,
      /\nin fill\.html, line 2, column 1\n[^]*\nfrom components\/bad\.html, line 1, column 1\nfrom fill\.html, line 1, column 1$/,
    );
    return true;
  });
});

test("the check of all templates finds wrong uses of components", () => {
  const problems = new Engine({
    templates: {
      ...templates,
      "a.html": '{% component "crad" / %}',
      "b.html": '\n{% component "card" / %}',
      "c.html": '{% component "list" items="" %}{% slot "rwo" %}{% endslot %}{% endcomponent %}',
      "d.html": '{% component "card" title="T" %}{% if x %}{% slot "footer" %}{% endslot %}{% endif %}{% endcomponent %}',
    },
  }).compileAll();
  assert.deepEqual(
    problems.map(({ template, code, line }) => [template, code, line]),
    [
      ["a.html", "TEMPLATES_UNKNOWN_COMPONENT", 1],
      ["b.html", "TEMPLATES_MISSING_PROP", 2],
      ["c.html", "TEMPLATES_UNKNOWN_SLOT", 1],
      ["d.html", "TEMPLATES_BAD_SYNTAX", 1],
    ],
  );
});

test("safe text in an attribute closes no quote", async () => {
  await shows(
    '{% component "form/field" label="L" title=html / %}',
    { html: safe('&amp;" onload="x') },
    '<label>L <input type="text" title="&amp;&quot; onload=&quot;x"></label>',
  );
});
