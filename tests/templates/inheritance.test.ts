import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "cortado/templates";

const render = (templates: Record<string, string>, context = {}) => new Engine({ templates }).render("page", context);

test("a child replaces blocks and may print its parent's", async () => {
  const templates = {
    base: "<{% block title %}Site{% endblock %}>{% block body %}{% endblock %}",
    middle: '{% extends "base" %}{% block title %}Shop | {{ block.super }}{% endblock %}',
    page: '{% extends "middle" %}{% block title %}Coffee | {{ block.super }}{% endblock title %}{% block body %}{{ name }}{% endblock %}',
  };
  assert.equal(await render(templates, { name: "Latte" }), "<Coffee | Shop | Site>Latte");
});

test("a block in a loop sees the loop", async () => {
  const templates = {
    base: "{% for i in list %}{% block row %}{{ i }}{% endblock %};{% endfor %}",
    page: '{% extends "base" %}{% block row %}{{ forloop.counter }}:{{ block.super }}{% endblock %}',
  };
  assert.equal(await render(templates, { list: ["a", "b"] }), "1:a;2:b;");
});

test("the parent may be named by the context", async () => {
  const templates = {
    one: "1{% block x %}{% endblock %}",
    two: "2{% block x %}{% endblock %}",
    page: "{% extends parent %}{% block x %}!{% endblock %}",
  };
  assert.equal(await render(templates, { parent: "two" }), "2!");
});

test("include sees the context, with adds names and only hides the rest", async () => {
  const templates = {
    row: "[{{ a }}{{ b }}]",
    page: '{% include "row" %}{% include "row" with b=2 %}{% include "row" with b=3 only %}',
  };
  assert.equal(await render(templates, { a: 1 }), "[1][12][3]");
});

test("an included template has its own blocks", async () => {
  const templates = {
    part: "({% block body %}part{% endblock %})",
    base: "{% block body %}{% endblock %}",
    page: '{% extends "base" %}{% block body %}{% include "part" %}{% endblock %}',
  };
  assert.equal(await render(templates), "(part)");
});

test("include takes the first of several names that exists", async () => {
  assert.equal(await render({ b: "B", page: "{% include names %}" }, { names: ["a", "b"] }), "B");
});

test("relative names start from the template in which they stand", async () => {
  const engine = new Engine({
    templates: { "shop/page": '{% include "./row" %}{% include "../top" %}', "shop/row": "row", top: "top" },
  });
  assert.equal(await engine.render("shop/page"), "rowtop");
});

test("partials are printed where they are named, and rendered alone", async () => {
  const templates = {
    page: "{% partialdef card %}<{{ x }}>{% endpartialdef %}{% for x in list %}{% partial card %}{% endfor %}",
  };
  const engine = new Engine({ templates });
  assert.equal(await engine.render("page", { list: [1, 2] }), "<1><2>");
  assert.equal(await engine.render("page#card", { x: 3 }), "<3>");
});

test("autoescape off reaches into what is included", async () => {
  assert.equal(
    await render(
      { part: "{{ x }}", page: '{% autoescape off %}{% include "part" %}{% endautoescape %}{% include "part" %}' },
      { x: "<" },
    ),
    "<&lt;",
  );
});
