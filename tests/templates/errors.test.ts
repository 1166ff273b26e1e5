import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkTemplates,
  Engine,
  library,
  TemplateDoesNotExist,
  TemplateError,
  TemplateSyntaxError,
  templateTrace,
} from "cortado/templates";

const libraries = { money: library({ filters: { won: (value: unknown) => `${value}원` }, tags: {} }) };
const templates = {
  "coffee.html": "x",
  "base.html": "{% block content %}{% endblock %}",
  "loop.html": '\n {% include "bad.html" %}',
  "bad.html": "a\n{% for x in y %}{{ x|lowr }}{% endfor %}",
};
const engine = new Engine({ templates, libraries });

async function failure(run: Promise<unknown>): Promise<TemplateError> {
  const error = await run.then(() => undefined, (thrown: unknown) => thrown); // prettier-ignore
  assert.ok(error instanceof TemplateError);
  return error;
}

const cases: [code: string, source: string, message: RegExp, hint: RegExp | undefined][] = [
  ["TEMPLATES_BAD_SYNTAX", "{{ a b }}", /The expression "a b" cannot be read from "b" on\./, undefined],
  ["TEMPLATES_UNKNOWN_TAG", "{% fro x in y %}", /There is no tag "fro" here/, /Did you mean "for"\?/],
  ["TEMPLATES_UNKNOWN_TAG", "{% if a %}{% endfi %}", /"elif", "else", "endif" would close what is open/, /Did you mean "endif"\?/],
  ["TEMPLATES_UNKNOWN_FILTER", "{{ a|lowr }}", /There is no filter "lowr"\./, /Did you mean "lower"\?/],
  ["TEMPLATES_UNKNOWN_FILTER", "{{ a|won }}", /There is no filter "won"\./, /Load its library first: {% load money %}\./],
  ["TEMPLATES_UNKNOWN_LIBRARY", "{% load mony %}", /There is no template library "mony"\. There are: cache, humanize, i18n, l10n, static, tz, money\./, /Did you mean "money"\?/],
  ["TEMPLATES_UNCLOSED_TAG", "{% for x in y %}", /The tag "for" is never closed\./, /Close it with {% endfor %}\./],
  ["TEMPLATES_UNKNOWN_PARTIAL", "{% partialdef card %}{% endpartialdef %}{% partial crad %}", /defines no partial "crad"\. It defines: card\./, /Did you mean "card"\?/],
  ["TEMPLATES_MISSING_NAME", "{{ a|default:b }}", /The context has no "b"\./, undefined],
  ["TEMPLATES_BAD_VALUE", "{% for x in five %}{% endfor %}", /{% for %} cannot go through 5: it is no list\./, undefined],
  ["TEMPLATES_BAD_VALUE", '{% url "a" %}', /this engine knows no addresses/, /Give the engine a `reverse` function\./],
]; // prettier-ignore

for (const [code, source, message, hint] of cases) {
  test(`${code} explains ${source}`, async () => {
    const error = await failure(engine.renderString(source, { five: 5 }));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    if (hint) assert.match(error.hint ?? "", hint);
    assert.equal(error.line, 1);
    assert.match(error.excerpt ?? "", /^1 \| .*\n +\^+$/);
  });
}

test("TEMPLATES_DOES_NOT_EXIST names the nearest template", async () => {
  const error = await failure(engine.render("cofee.html"));
  assert.ok(error instanceof TemplateDoesNotExist);
  assert.equal(error.name, "TemplateDoesNotExist");
  assert.equal(error.code, "TEMPLATES_DOES_NOT_EXIST");
  assert.equal(error.message, 'There is no template "cofee.html". Looked in: memory.');
  assert.equal(error.hint, 'Did you mean "coffee.html"?');
});

test("TEMPLATES_PENDING_VALUE says how to await", () => {
  const pending = new Engine({ templates: { a: "{{ x }}" } });
  assert.throws(() => pending.renderSync("a", { x: Promise.resolve(1) }), {
    code: "TEMPLATES_PENDING_VALUE",
    hint: "Use `await engine.render(…)`.",
  });
});

test("TEMPLATES_UNKNOWN_BLOCK and all other problems are found without rendering", () => {
  const all = new Engine({
    templates: {
      ...templates,
      "page.html": '{% extends "base.html" %}{% block contnet %}{% block inner %}{% endblock %}{% endblock %}',
      "lost.html": '{% include "cofee.html" %}',
    },
  });
  const found = checkTemplates(all).map(({ level, object }) => `${level} ${object}`);
  assert.deepEqual(found, ["error bad.html:2", "error lost.html:1", "warning page.html:1"]);
  const problems = all.compileAll();
  assert.deepEqual(problems.map(({ code, template }) => [template, code]), [
    ["bad.html", "TEMPLATES_UNKNOWN_FILTER"],
    ["lost.html", "TEMPLATES_DOES_NOT_EXIST"],
    ["page.html", "TEMPLATES_UNKNOWN_BLOCK"],
  ]); // prettier-ignore
  assert.match(problems[1]!.message, /There is no template "cofee\.html".*\nin lost\.html, line 1, column 1/);
  assert.equal(problems[2]!.line, 1);
  assert.equal(problems[2]!.hint, 'Did you mean "content"?');
});

test("an error shows its line with a caret and the templates that led to it", async () => {
  const error = await failure(engine.render("loop.html", { y: [1] }));
  assert.ok(error instanceof TemplateSyntaxError);
  assert.deepEqual([error.template, error.line, error.column], ["bad.html", 2, 17]);
  assert.match(
    error.message,
    /There is no filter "lowr"\.\nin bad\.html, line 2, column 17\n\n2 \| {% for x in y %}{{ x\|lowr }}{% endfor %}\n {20}\^{12}\nfrom loop\.html, line 2, column 2/,
  );
});

test("an error of the program's own stays itself, and its places are known", async () => {
  const own = new RangeError("too hot");
  const shop = new Engine({ templates: { outer: '{% include "inner" %}', inner: "\n{{ pour }}" } });
  const pour = () => {
    throw own;
  };
  await assert.rejects(shop.render("outer", { pour }), (thrown) => thrown === own);
  assert.deepEqual(templateTrace(own).map(({ template, line }) => `${template}:${line}`), ["inner:2", "outer:1"]); // prettier-ignore
});

test("templates that include one another without end are refused, with the way that led there", async () => {
  const engine = new Engine({
    templates: {
      page: '{% include "row" %}',
      row: '{% include "page" %}',
      part: "{% partialdef me %}{% partial me %}{% endpartialdef %}{% partial me %}",
    },
  });
  await assert.rejects(engine.render("page", {}), (error: TemplateError) => {
    assert.equal(error.code, "TEMPLATES_TOO_DEEP");
    assert.match(error.message, /is included within itself more than 200 levels deep\.\nin (?:row|page), line 1, column 1/);
    assert.equal(error.hint, "Include it under an {% if %} that ends.");
    assert.equal(error.frames.length, 20);
    return true;
  });
  await assert.rejects(engine.render("part", {}), { code: "TEMPLATES_TOO_DEEP" });
});

test("a tree of data is shown as deep as it is", async () => {
  const engine = new Engine({ templates: { tree: '({% if node %}{% include "tree" with node=node.child only %}{% endif %})' } });
  const node = Array.from({ length: 150 }).reduce<unknown>((child) => ({ child }), null);
  assert.equal(await engine.render("tree", { node }), "(".repeat(151) + ")".repeat(151));
  assert.equal(await engine.renderString('{% for a in "ab" %}{% include "tree" %}{% endfor %}', {}), "()()");
});
