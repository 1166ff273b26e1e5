// Where templates come from, how long they are kept, and engines by hand.
import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Engine, type Loader, templateContext, type TemplateSource } from "cortado/templates";
import { temporaryFolder } from "../temporary-folder.ts";

/** A loader of one's own: counts how often it is asked. */
class TableLoader implements Loader {
  readonly label = "the table";
  asked = 0;
  version = 1;
  readonly rows: Map<string, string>;

  constructor(rows: Record<string, string>) {
    this.rows = new Map(Object.entries(rows));
  }

  find(name: string): TemplateSource | undefined {
    this.asked += 1;
    const text = this.rows.get(name);
    return text === undefined ? undefined : { name, text, origin: `row ${name}` };
  }

  names(): Iterable<string> {
    return this.rows.keys();
  }

  stamp(): number {
    return this.version;
  }
}

test("templates given by hand come first, then folders, then loaders of one's own", async (t) => {
  const folder = temporaryFolder(t, { "a.html": "folder", "b.html": "folder", "deep/c.html": "deep" });
  const table = new TableLoader({ "a.html": "table", "b.html": "table", "d.html": "table" });
  const engine = new Engine({ templates: { "a.html": "memory" }, directories: [folder], loaders: [table] });
  const shown = await Promise.all(["a.html", "b.html", "deep/c.html", "d.html"].map((name) => engine.render(name)));
  assert.deepEqual(shown, ["memory", "folder", "deep", "table"]);
  assert.deepEqual(engine.names(), ["a.html", "b.html", "d.html", "deep/c.html"]);
  assert.throws(() => engine.getTemplate("e.html"), { message: `There is no template "e.html". Looked in: memory, ${folder}, the table.` }); // prettier-ignore
});

test("a template knows its name, its source and where it came from", (t) => {
  const folder = temporaryFolder(t, { "a.html": "folder" });
  const { name, origin, source } = new Engine({ directories: [folder] }).getTemplate("a.html");
  assert.deepEqual([name, origin, source], ["a.html", join(folder, "a.html"), "folder"]);
});

test("a template is found and compiled once; in debug it is read anew when its stamp changes", async () => {
  for (const debug of [false, true]) {
    const table = new TableLoader({ "a.html": "{{ x }}" });
    const engine = new Engine({ loaders: [table], debug });
    for (let i = 0; i < 5; i++) await engine.render("a.html");
    assert.equal(table.asked, 1);
    table.rows.set("a.html", "new");
    table.version = 2;
    assert.equal(await engine.render("a.html"), debug ? "new" : "");
  }
});

test("in debug a parent and an include that change are read anew with the page that has them", async (t) => {
  const files = { "base.html": "[{% block a %}{% endblock %}]", "row.html": "row", "page.html": '{% extends "base.html" %}{% block a %}{% include "row.html" %}{% endblock %}' }; // prettier-ignore
  const folder = temporaryFolder(t, files);
  const engine = new Engine({ directories: [folder], debug: true });
  assert.equal(await engine.render("page.html"), "[row]");
  for (const [name, text] of [["base.html", "({% block a %}{% endblock %})"], ["row.html", "line"]] as const) {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), new Date(), new Date(Date.now() + 5000));
  } // prettier-ignore
  assert.equal(await engine.render("page.html"), "(line)");
});

test("several engines live side by side, each with its templates, libraries and options", async () => {
  const page = new Engine({ templates: { "a.html": "{{ x }}" } });
  const mail = new Engine({ templates: { "a.html": "mail {{ x }}{{ gone }}" }, autoescape: false, stringIfInvalid: "(%s)" });
  assert.deepEqual([await page.render("a.html", { x: "<b>" }), await mail.render("a.html", { x: "<b>" })], ["&lt;b&gt;", "mail <b>(gone)"]); // prettier-ignore
});

test("names that are missing are told, whatever stands in their place, and not those that may be missing", async () => {
  const told: string[] = [];
  const onMissingName = (name: string, { line, column }: { line: number; column: number }) => void told.push(`${name} ${line}:${column}`); // prettier-ignore
  const engine = new Engine({ stringIfInvalid: "?%s?", onMissingName });
  const source = `{{ a }}{{ b|upper }}{{ c.d }}{% if e %}{{ e }}{% endif %}{{ f|default:"f" }}{{ g|default_if_none:"g" }}{{ h|upper|default:"h" }}
{% for i in j %}{% endfor %}{% with k=l %}{{ k }}{% endwith %}{% firstof m n "o" %}{% if p > 3 or q in r %}{% endif %}{{ known }}{{ nothing }}{{ is_ice }}`;
  await engine.renderString(source, { known: 1, nothing: undefined, isIce: undefined });
  assert.deepEqual(told, ["a 1:1", "b 1:8", "c 1:21", "j 2:1", "l 2:29"]);
});

test("whoever is told of a missing name may ask which names there were", async () => {
  let names: readonly string[] = [];
  const engine = new Engine({ globals: { site: 1 }, onMissingName: (_name, _place, known) => void (names = known()) });
  await engine.renderString("{% for x in '1' %}{{ titel }}{% endfor %}{% with y=1 %}{% include z %}{{ titel }}{% endwith %}", {
    title: "a",
    z: engine.fromString(""),
    get trap() {
      throw new Error("nobody asked for this");
    },
  });
  assert.deepEqual([...names].sort(), ["site", "title", "trap", "y", "z"]);
});

test("an error knows what the names around it meant, in debug alone", async () => {
  for (const debug of [true, false]) {
    const engine = new Engine({ templates: { "a.html": "{% include 'b.html' with row=coffee %}", "b.html": "{{ row.pour }}" }, debug }); // prettier-ignore
    const hot = new Error("too hot");
    const coffee = {
      pour: () => {
        throw hot;
      },
    };
    await assert.rejects(engine.render("a.html", { coffee }), (error) => error === hot);
    assert.deepEqual(templateContext(hot) && Object.keys(templateContext(hot)!).sort(), debug ? ["coffee", "row"] : undefined);
  }
});
