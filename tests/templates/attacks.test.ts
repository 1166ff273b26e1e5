import assert from "node:assert/strict";
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Engine, safe, TemplateDoesNotExist, TemplateSyntaxError } from "cortado/templates";
import { temporaryFolder } from "../temporary-folder.ts";

const engine = new Engine({ templates: { page: "{{ x }}" } });

test("constructor, prototype and __proto__ are out of reach", async () => {
  const context = { o: { a: 1 }, f: () => 1, l: [1], s: "text", C: class {} };
  for (const path of [
    "o.constructor",
    "f.constructor",
    "l.constructor.constructor",
    "s.constructor",
    "C.prototype",
    "o.prototype",
    "constructor",
    "toString",
    "hasOwnProperty",
  ]) {
    assert.equal(await engine.renderString(`[{{ ${path} }}]`, context), "[]", path);
  }
  for (const path of ["o.__proto__", "__proto__", "o._private", "o.__defineGetter__"]) {
    await assert.rejects(engine.renderString(`{{ ${path} }}`, context), TemplateSyntaxError, path);
  }
  assert.equal(await engine.renderString('[{{ l|dictsort:"constructor.name" }}]', { l: [{}, {}] }), "[]");
});

test("names of Object's own are no operators, formats or literals", async () => {
  await assert.rejects(engine.renderString("{% if a constructor b %}{% endif %}"), TemplateSyntaxError);
  assert.equal(await engine.renderString("{% if constructor or toString %}x{% endif %}"), "");
  assert.equal(typeof (await engine.renderString('{% now "constructor" %}')), "string");
  assert.equal(await engine.renderString("{% with constructor=1 valueOf=2 %}{{ constructor }}{{ valueOf }}{% endwith %}"), "12");
});

test("a context's text is never code and never a template", async () => {
  const text = '{{ secret }}{% debug %}`${process.exit()}`"); process.exit(); ("\\u2028';
  assert.equal(await engine.render("page", { x: text, secret: "s" }), text.replaceAll('"', "&quot;"));
});

test("a template's text cannot break out of the compiled code", async () => {
  const nasty = "`${1+1}` \"; throw 1; // \\ \u2028 */ '";
  assert.equal(await engine.renderString(nasty), nasty);
  await assert.rejects(engine.renderString("{{ a'];process.exit();['b }}"), TemplateSyntaxError);
  assert.equal(await engine.renderString('{{ "a\\"+process.exit()+\\""|lower }}'), 'a"+process.exit()+"');
  assert.equal(await engine.renderString('{% block x"];process.exit(); %}ok{% endblock %}'), "ok");
});

test("methods that change data are not called", async () => {
  const calls: string[] = [];
  class Row {
    save() {
      calls.push("save");
    }
    delete() {
      calls.push("delete");
    }
    bulkCreate() {
      calls.push("bulkCreate");
    }
  }
  const marked = Object.assign(() => calls.push("marked"), { altersData: true });
  const list = [1, 2];
  const map = new Map([["a", 1]]);
  await engine.renderString(
    "{{ r.save }}{{ r.delete }}{{ r.bulk_create }}{{ marked }}{{ list.pop }}{{ list.reverse }}{{ map.clear }}",
    { r: new Row(), marked, list, map },
  );
  assert.deepEqual([calls, list, map.size], [[], [1, 2], 1]);
});

test("classes are not called", async () => {
  let made = 0;
  class Thing {
    constructor() {
      made++;
    }
  }
  await engine.renderString("{{ Thing }}{{ Thing.name }}", { Thing });
  assert.equal(made, 0);
});

test("a template's name cannot lead out of its folder", async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "inside"));
  writeFileSync(join(root, "secret.txt"), "secret");
  const files = new Engine({ directories: [join(root, "inside")] });
  for (const name of ["../secret.txt", join(root, "secret.txt"), "x/../../secret.txt", "\0", "", "."]) {
    await assert.rejects(files.render(name), TemplateDoesNotExist, JSON.stringify(name));
    await assert.rejects(files.renderString("{% include name %}", { name }), Error, JSON.stringify(name));
  }
});

test("attributes made of user text stay inside their quotes", async () => {
  assert.equal(
    await engine.renderString("<a title=\"{{ x }}\" href='{{ x }}'>", { x: `"'><script>` }),
    "<a title=\"&quot;&#x27;&gt;&lt;script&gt;\" href='&quot;&#x27;&gt;&lt;script&gt;'>",
  );
  assert.equal(
    await engine.renderString('{{ x|json_script:"d" }}', { x: "</script>" }),
    '<script id="d" type="application/json">"\\u003C/script\\u003E"</script>',
  );
  assert.equal(
    await engine
      .renderString("{{ x|urlize }}", { x: 'http://a.com/"onclick=alert(1)' })
      .then((html) => html.includes('"onclick')),
    false,
  );
});

test("filters of HTML take time in proportion to the text, whatever it holds", async () => {
  const started = performance.now();
  for (const part of ["<", "<a", "<!--", "<a \"'>", "<b>", "</b>"]) {
    const html = part.repeat(50_000);
    for (const filter of ["striptags", "truncatechars_html:100000", "truncatewords_html:100000"])
      await engine.renderString(`{{ html|${filter} }}`, { html });
  }
  assert.ok(performance.now() - started < 5000);
});

test(
  "filters of people's texts take time in proportion to the text, and no width fills the memory",
  { timeout: 20_000 },
  async () => {
    const texts = [";!", ",", ".", "_", "-_", "0", "http://.", "&;", "(", ").", "www.,"].map(
      (part) => `${part.repeat(200_000 / part.length)}x`,
    );
    for (const x of texts)
      for (const filter of ["slugify", "urlize", "urlizetrunc:20", "title", "wordwrap:20", "intcomma"])
        await engine.renderString(`{% load humanize %}{{ x|${filter} }}`, { x: `0${x}` });
    for (const filter of ["ljust:w", "rjust:w", "center:w", "stringformat:f", "floatformat:w"])
      assert.ok((await engine.renderString(`{{ "1"|${filter} }}`, { w: 1e15, f: "999999999999d" })).length <= 100_000, filter);
  },
);

test("tags with quotes that hold > or never end are tags all the same", async () => {
  const cases = {
    '<a title=">">in</a> out': "in out",
    '<a "><img src=x onerror=alert(1)>text': "text",
    "a < b <b": "a < b <b",
    "<!-- a > b -->kept": "kept",
    "<<b>script>": "",
  };
  for (const [html, text] of Object.entries(cases))
    assert.equal(await engine.renderString("{{ html|striptags|safe }}", { html }), text, html);
  const cut = await engine.renderString("{{ html|truncatewords_html:1 }}", { html: safe('<p><a title=">">one two</a></p>') });
  assert.equal(cut, '<p><a title=">">one …</a></p>');
});
