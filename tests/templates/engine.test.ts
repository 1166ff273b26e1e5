import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  blockTag,
  Engine,
  filter,
  inclusionTag,
  library,
  safe,
  type SafeString,
  simpleTag,
  type TagContext,
} from "cortado/templates";
import { temporaryFolder } from "../temporary-folder.ts";

test("a file that changes is read again in debug mode only", async () => {
  const directory = temporaryFolder();
  const file = join(directory, "a.html");
  writeFileSync(file, "one");
  const debug = new Engine({ directories: [directory], debug: true });
  const fast = new Engine({ directories: [directory] });
  assert.deepEqual([await debug.render("a.html"), await fast.render("a.html")], ["one", "one"]);
  writeFileSync(file, "two");
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  assert.deepEqual([await debug.render("a.html"), await fast.render("a.html")], ["two", "one"]);
});

test("the first folder wins, and a template may extend the next one of its own name", async () => {
  const [mine, theirs] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(theirs, "base.html"), "<{% block x %}theirs{% endblock %}>");
  writeFileSync(join(mine, "base.html"), '{% extends "base.html" %}{% block x %}mine and {{ block.super }}{% endblock %}');
  assert.equal(await new Engine({ directories: [mine, theirs] }).render("base.html"), "<mine and theirs>");
});

test("a list of names takes the first that exists", async () => {
  assert.equal(await new Engine({ templates: { b: "B" } }).render(["a", "b"]), "B");
});

test("a library brings filters and tags of one's own", async () => {
  const own = library({
    filters: { won: (value: number) => `${value}원`, shout: filter((text: string) => `${text}!`, { text: true, isSafe: true }) },
    tags: {
      hello: simpleTag((name: string, { mood = "kind" } = {}) => `A ${mood} <hello> to ${name}`),
      count: simpleTag((context: TagContext) => context.set("n", Number(context.get("n") ?? 0) + 1), { takesContext: true }),
      card: blockTag((content: SafeString, title: string) => safe(`<h2>${title}</h2>${content}`)),
      price: inclusionTag("price", async (value: number) => ({ value })),
    },
  });
  const engine = new Engine({ libraries: { own }, templates: { price: "<b>{{ value }}{{ hidden }}</b>" } });
  const shows = async (source: string, wanted: string) =>
    assert.equal(await engine.renderString(`{% load own %}${source}`, { x: "<x>", n: 1, hidden: 1 }), wanted);
  await shows("{{ 3|won }} {{ '<i>'|shout }} {{ x|shout }}", "3원 <i>! &lt;x&gt;!");
  await shows('{% hello x mood="warm" %}', "A warm &lt;hello&gt; to &lt;x&gt;");
  await shows("{% hello x as greeting %}{{ greeting|length }}", "21");
  await shows("{% count %}{% count %}{{ n }}", "3");
  await shows("{% for i in '12' %}{% count %}{{ n }}{% endfor %}{{ n }}", "231");
  await shows('{% card "T" %}{{ x }}{% endcard %}', "<h2>T</h2>&lt;x&gt;");
  await shows("{% price 5 %}", "<b>5</b>");
});

test("load from brings only what it names, and builtins need no load", async () => {
  const own = library({ filters: { a: () => "A", b: () => "B" } });
  const engine = new Engine({ libraries: { own } });
  assert.equal(await engine.renderString("{% load a from own %}{{ 1|a }}"), "A");
  await assert.rejects(engine.renderString("{% load a from own %}{{ 1|b }}"), { code: "TEMPLATES_UNKNOWN_FILTER" });
  assert.equal(await new Engine({ builtins: [own] }).renderString("{{ 1|b }}"), "B");
  const named = new Engine({ builtins: ["own", "humanize"], libraries: { own } });
  assert.equal(await named.renderString("{{ 1|b }} {{ 1234|intcomma }}"), "B 1,234");
  assert.throws(() => new Engine({ builtins: ["humanise"] }), {
    code: "TEMPLATES_UNKNOWN_LIBRARY",
    message: 'There is no template library "humanise". There are: cache, humanize, i18n, l10n, static, tz.',
    hint: 'Did you mean "humanize"?',
  });
});

test("a long template is compiled in proportion to its length", async () => {
  const long = new Engine().fromString("{{ row.name|lower }}\n".repeat(20_000));
  assert.equal(
    (await new Engine({ templates: { page: "{% include long %}" } }).render("page", { long, row: { name: "A" } })).length,
    40_000,
  );
});

test("braces that never close are text, however many there are", async () => {
  const engine = new Engine();
  const open = "{{ a {% b {# c ".repeat(20_000);
  assert.equal(await engine.renderString(open), open);
  assert.equal(
    await engine.renderString("{{{ x }}{% now\n %}{{ x }", { x: 1 }).catch((error: Error) => error.name),
    "TemplateSyntaxError",
  );
  assert.equal(await engine.renderString("{% now\n %}{{ x }} {{ x }", { x: 1 }), "{% now\n %}1 {{ x }");
});
