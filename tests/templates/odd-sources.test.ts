import assert from "node:assert/strict";
import { test } from "node:test";
import { Temporal } from "temporal-polyfill";
import { Engine } from "cortado/templates";

const engine = new Engine({ templates: { "base.html": "{% block a %}[{{ block.super }}]{% endblock %}" } });

/** Sources that few write, and what they print. */
const printed: [source: string, wanted: string][] = [
  ["{{ 1_000 }}{{ 0x10 }}{{ 007 }}{{ 1.5e1 }}", "1000715"],
  ["{% if day > list or day <= list %}y{% else %}n{% endif %}{% if day < later %}y{% endif %}", "ny"],
  ["{% if day == list %}y{% else %}n{% endif %}{% if day in list %}y{% else %}n{% endif %}", "nn"],
  ["{% extends 'base.html' %}", "[]"],
  ["{% extends 'base.html' %}{% block a %}{{ block.super }}!{% endblock %}", "[]!"],
];

test("odd sources are read as Django reads them", async () => {
  const context = { day: Temporal.PlainDate.from("2024-02-29"), later: Temporal.PlainDate.from("2024-03-01"), list: [1] };
  for (const [source, wanted] of printed) assert.equal(await engine.renderString(source, context), wanted, source);
});

test("a format that is empty is the language's own", async () => {
  assert.match(await engine.renderString('{% now "" %}'), /^[A-Z][a-z.]+ \d+, \d{4}$/);
});

test("endif takes nothing", async () => {
  await assert.rejects(engine.renderString("{% if a %}{% endif a %}"), { name: "TemplateSyntaxError", message: /endif/ });
});

test("block.super needs a parent", async () => {
  await assert.rejects(engine.renderString("{% block a %}{{ block.super }}{% endblock %}"), {
    name: "TemplateSyntaxError",
    message: /extends none/,
  });
});
