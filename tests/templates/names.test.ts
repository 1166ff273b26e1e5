import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { declareTemplates, Engine, library, safe, simpleTag, type TagContext, template, templateRendered, TypedTemplate } from "cortado/templates"; // prettier-ignore

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What `page.html` reads, beside others. */
const reads = (page: string, others: Record<string, string> = {}, options = {}) =>
  plain(new Engine({ templates: { ...others, "page.html": page }, ...options }).readsOf("page.html"));

describe("the names that a template reads", () => {
  test("are those it prints, with the attributes it asks them for", () => {
    assert.deepEqual(reads("{{ title }} {{ coffee.roaster.name|upper }} {{ coffee.price }} {{ 3 }} {{ 'x' }} {{ True }}"), {
      required: { title: {}, coffee: { roaster: { name: {} }, price: {} } },
      optional: {},
    });
  });

  test("are optional under a condition, in {% empty %}, before default, and in {% firstof %}", () => {
    const page = `{% if a %}{{ b }}{% elif c.d %}{{ e }}{% else %}{{ f }}{% endif %}{% for x in list %}{% empty %}{{ g }}{% endfor %}
      {{ h|default:"-" }}{{ i|default_if_none:j }}{% firstof k l %}{% if m > 3 and not n %}{% endif %}`;
    const { required, optional } = reads(page);
    assert.deepEqual(Object.keys(required).sort(), ["j", "list"]);
    assert.deepEqual(Object.keys(optional).sort(), ["a", "b", "c", "e", "f", "g", "h", "i", "k", "l", "m", "n"]);
  });

  test("are required where one place reads them whatever happens", () => {
    assert.deepEqual(reads("{% if a %}{{ a.b }}{% endif %}{{ a }}"), { required: { a: { b: {} } }, optional: {} });
  });

  test("are asked for through the names of loops and {% with %}", () => {
    const page =
      "{% for c in coffees %}{{ c.name }}{{ forloop.counter }}{% endfor %}{% with first=coffees.0 %}{{ first.price }}{% endwith %}";
    assert.deepEqual(reads(page).required, { coffees: { "*": { name: {} }, "0": { price: {} } } });
  });

  test("leave out what the template binds itself", () => {
    const page = `{% for a, b in pairs %}{{ a.x }}{{ b }}{% endfor %}{% with c=pairs|first %}{{ c.y }}{% endwith %}{% now "Y" as d %}{{ d }}
      {% cycle "x" "y" as e %}{{ e }}{% firstof f as g %}{{ g }}{% widthratio 1 2 3 as h %}{{ h }}{% regroup pairs by z as i %}{{ i }}`;
    assert.deepEqual(Object.keys({ ...reads(page).required }), ["pairs"]);
  });

  test("are those of parents and overridden blocks, with what the parent binds around them", () => {
    const parent =
      "{% block title %}{{ site }}{% endblock %}{% for item in menu %}{% block row %}{{ item.label }}{% endblock %}{% endfor %}{% block foot %}{{ unseen }}{% endblock %}";
    const page =
      "{% extends 'base.html' %}{{ nowhere }}{% block title %}{{ block.super }}{{ x }}{% endblock %}{% block row %}{{ item.url }}{% endblock %}{% block foot %}{% endblock %}";
    assert.deepEqual(reads(page, { "base.html": parent }), {
      required: { site: {}, x: {}, menu: { "*": { url: {} } } },
      optional: {},
    });
  });

  test("are those of includes, by the names that are given to them", () => {
    const others = { "row.html": "{{ row.name }}{{ extra }}{% include 'row.html' %}" };
    assert.deepEqual(reads("{% include 'row.html' with row=coffee %}", others).required, { coffee: { name: {} }, extra: {} });
    assert.deepEqual(reads("{% include 'row.html' with row=coffee only %}", others).required, { coffee: { name: {} } });
    assert.deepEqual(reads("{% if a %}{% include 'row.html' %}{% endif %}", others), {
      required: {},
      optional: { a: {}, row: { name: {} }, extra: {} },
    });
    assert.deepEqual(reads("{% include 'gone.html' %}{% include name %}", others).required, { name: {} });
  });

  test("are those of partials where they are printed, and of a partial by itself", () => {
    const engine = new Engine({ templates: { "a.html": "{% partialdef row %}{{ name }}{% endpartialdef %}{% with name=x %}{% partial row %}{% endwith %}" } }); // prettier-ignore
    assert.deepEqual(engine.names(), ["a.html", "a.html#row"]);
    assert.deepEqual(plain(engine.readsOf("a.html").required), { x: {} });
    assert.deepEqual(plain(engine.readsOf("a.html#row").required), { name: {} });
  });

  test("end where blocks, partials and includes go round in circles", () => {
    const parent = "{% block b %}{{ y }}{% block a %}{% endblock %}{% endblock %}";
    const page = "{% extends 'base.html' %}{% block a %}{% block b %}{{ x }}{{ block.super }}{% endblock %}{% endblock %}";
    assert.deepEqual(reads(page, { "base.html": parent }).required, { x: {}, y: {} });
    const circle = "{% partialdef p %}{{ z }}{% partial p %}{% endpartialdef %}{% partial p %}{% include 'other.html' %}";
    assert.deepEqual(reads(circle, { "other.html": "{{ w }}{% include 'page.html' %}" }).required, { z: {}, w: {} });
    assert.deepEqual(reads("{% extends 'page.html' %}{% block a %}{{ x }}{% endblock %}").optional, { x: {} });
  });

  test("are all optional behind a parent that is known only when it is rendered", () => {
    assert.deepEqual(reads("{% extends layout %}{% block a %}{{ x }}{% endblock %}"), {
      required: { layout: {} },
      optional: { x: {} },
    });
  });

  test("are optional after a tag that may set names", () => {
    const set = simpleTag((context: TagContext) => context.set("b", 1), { takesContext: true });
    const show = simpleTag((context: TagContext) => context.get("b"), { takesContext: true, setsNames: false });
    const libraries = { own: library({ tags: { set, show } }) };
    const found = reads("{% load own %}{{ a }}{% show %}{{ c }}{% set %}{{ b }}", {}, { libraries });
    assert.deepEqual(found, { required: { a: {}, c: {} }, optional: { b: {} } });
  });

  test("are declared for the compiler, without those that every context has", () => {
    const engine = new Engine({
      templates: { "a.html": "{{ user.name }}{{ site }}{% for c in list %}{{ c.is_ice }}{% endfor %}{% if a %}{% endif %}", "broken.html": "{% if %}" },
      globals: { site: "x" },
    }); // prettier-ignore
    const text = declareTemplates(engine, { given: ["user"] });
    assert.match(text, /"a\.html": { required: { list: { "\*": { is_ice: {} } } }; optional: { a: {} }; names: "list" };/);
    assert.doesNotMatch(text, /broken/);
  });
});

test("a typed template, a compiled one and a list of names are rendered as a name is", async () => {
  const engine = new Engine({ templates: { "a.html": "{{ x }}" } });
  const page = template<{ x: number }>("a.html");
  assert.ok(page instanceof TypedTemplate);
  const given = [page, engine.fromString("{{ x }}"), ["none.html", "a.html"]] as const;
  for (const choice of given) assert.equal(await engine.render(choice, { x: 3 }), "3");
});

test("whoever asks is told of each template that is rendered, with its context", async () => {
  const told: string[] = [];
  const stop = templateRendered.connect(({ template: { name }, context }) => void told.push(`${name} ${Object.keys(context)}`));
  const engine = new Engine({ templates: { "base.html": "{% block a %}{% endblock %}", "row.html": "{{ y }}", "a.html": "{% extends 'base.html' %}{% block a %}{% include 'row.html' with y=x only %}{% endblock %}" } }); // prettier-ignore
  await engine.render("a.html", { x: safe("1") });
  stop();
  await engine.render("a.html", { x: 1 });
  assert.deepEqual(told, ["a.html x", "base.html x", "row.html y"]);
});
