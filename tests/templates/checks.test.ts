import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { checkTemplates, Engine, type EngineOptions, type TemplateError } from "cortado/templates";
import { path, Resolver } from "cortado/http";
import { temporaryFolder } from "../temporary-folder.ts";

const view = () => "";
const resolver = new Resolver([path("", view, { name: "home" }), path("coffee/<int:id>/", view, { name: "coffee" })]);
const checkUrl: EngineOptions["checkUrl"] = (name, given) => resolver.reverseProblem(name, given);

const found = (source: string, templates: Record<string, string> = {}) =>
  checkTemplates(new Engine({ templates: { ...templates, "page.html": source }, checkUrl }));

test("what is right passes the check", () => {
  const page = `{% extends "base.html" %}{% block a %}{% url "home" %}{% url "coffee" 3 %}{% url "coffee" id=x %}{% url name %}{% url "gone" as link %}
    {% partialdef row %}{% endpartialdef %}{% partial row %}{% include "base.html" %}{% include "page.html#row" %}{% endblock %}`;
  assert.deepEqual(found(page, { "base.html": "{% block a %}{% endblock %}" }), []);
});

const wrong: [source: string, code: string, message: RegExp, hint: RegExp | undefined][] = [
  ['\n{% url "cofee" id=3 %}', "HTTP_UNKNOWN_URL_NAME", /"cofee"[^]+line 2, column 1[^]+\^/, /Did you mean "coffee"\?/],
  ['\n{% url "coffee" pk=3 %}', "HTTP_NO_REVERSE_MATCH", /"coffee" cannot be made from { pk: /, /\/coffee\/<int:id>\//],
  ['\n{% url "coffee" %}', "HTTP_NO_REVERSE_MATCH", /"coffee" cannot be made/, /\/coffee\/<int:id>\//],
  ['\n{% url "home" 3 %}', "HTTP_NO_REVERSE_MATCH", /"home" cannot be made/, undefined],
  ["\n{% partialdef row %}{% endpartialdef %}{% partial rwo %}", "TEMPLATES_UNKNOWN_PARTIAL", /no partial "rwo"/, /Did you mean "row"\?/],
  ['\n{% include "pgae.html" %}', "TEMPLATES_DOES_NOT_EXIST", /There is no template "pgae\.html"/, /Did you mean "page\.html"\?/],
  ['\n{% include "page.html#row" %}', "TEMPLATES_UNKNOWN_PARTIAL", /no partial "row"/, undefined],
  ["\n{{ x|uper }}", "TEMPLATES_UNKNOWN_FILTER", /no filter "uper"/, /Did you mean "upper"\?/],
  ["\n{% load humanise %}", "TEMPLATES_UNKNOWN_LIBRARY", /no template library "humanise"/, /Did you mean "humanize"\?/],
]; // prettier-ignore

for (const [source, code, message, hint] of wrong)
  test(`the check finds what is wrong with ${source.trim()}`, () => {
    const [only, ...others] = found(source);
    assert.deepEqual(others, []);
    assert.equal(only!.code, code);
    assert.equal(only!.level, "error");
    assert.equal(only!.object, "page.html:2");
    assert.match(only!.message, message);
    if (hint) assert.match(only!.hint!, hint);
  });

test("a block that no parent has is a warning: it is never printed", () => {
  const [only] = found('{% extends "base.html" %}{% block contnet %}{% endblock %}', { "base.html": "{% block content %}{% endblock %}" }); // prettier-ignore
  assert.equal(only!.level, "warning");
  assert.equal(only!.code, "TEMPLATES_UNKNOWN_BLOCK");
  assert.match(only!.hint!, /Did you mean "content"\?/);
});

test("an address under a condition is a warning: the condition may be that there is one", () => {
  const levels = found('{% if staff %}{% url "admin:index" %}{% endif %}{% url "gone" %}').map(({ level }) => level);
  assert.deepEqual(levels, ["error", "warning"]);
});

test("a template that is a file is named by its path from here", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "a.html"), "\n\n{% if %}{% endif %}");
  const [only] = checkTemplates(new Engine({ directories: [folder] }));
  assert.equal(only!.object, `${relative(process.cwd(), join(folder, "a.html"))}:3`);
});

test("the check finds templates whose parents lead back to them, and a page says so", async () => {
  const templates = {
    "a.html": '{% extends "b.html" %}',
    "b.html": '{% extends "a.html" %}',
    "c.html": '{% extends "c.html" %}',
  };
  const engine = new Engine({ templates: { ...templates, "d.html": '{% extends "b.html" %}' } });
  const told = checkTemplates(engine).map(({ code, object }) => [code, object]);
  assert.deepEqual(
    told,
    ["a.html:1", "b.html:1", "c.html:1", "d.html:1"].map((object) => ["TEMPLATES_EXTENDS_ITSELF", object]),
  );
  await assert.rejects(engine.render("a.html", {}), (error: TemplateError) => {
    assert.match(
      error.message,
      /^There is no other template "a\.html" to extend: the parents of this template lead back to it\./,
    );
    assert.match(error.hint!, /^A template may extend one of its own name in another folder/);
    return true;
  });
});
