import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { catalogueProblems, compileMessages, makeMessages, scriptMessages } from "#app";
import { type MessageFile, parseMo, parsePo, writePo } from "cortado/i18n";
import { templateMessages } from "cortado/templates";
import { temporaryFolder } from "../temporary-folder.ts";

function project(t: TestContext, files: Record<string, string>) {
  const root = temporaryFolder(t);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const apps = [{ name: "shop", directory: join(root, "shop") }];
  const read = (name: string) => readFileSync(join(root, name), "utf8");
  const catalogue = (language: string, folder = "locale") => parsePo(read(`${folder}/${language}/LC_MESSAGES/cortado.po`));
  return { settings: { root, apps }, root, write, read, catalogue };
}

const found = (source: string) => scriptMessages(source).map(({ id, plural, context }) => [context, id, plural].filter((part) => part !== undefined)); // prettier-ignore
const inTemplate = (source: string) => templateMessages(source).messages.map(({ id, plural, context }) => [context, id, plural].filter((part) => part !== undefined)); // prettier-ignore

test("texts of every call are found, however they are written", () => {
  assert.deepEqual(
    found(`
      gettext("double"); gettextLazy('single \\'quoted\\''); gettextNoop(\`backquoted
of two lines\`);
      ngettext("%(n)d cup", "%(n)d cups", count);
      pgettext("drink", "Java"), npgettextLazy("tree", "leaf", "leaves", n);
      gettext("sum " + "of " + 'texts'); catalogue.gettext("a method's"); _("short");
      gettext(
        "on a line of its own",
      );
      gettext("\\u{1F600} \\x41\\u0042\\n");
    `),
    [["double"], ["single 'quoted'"], ["backquoted\nof two lines"], ["%(n)d cup", "%(n)d cups"], ["drink", "Java"], ["tree", "leaf", "leaves"], ["sum of texts"], ["a method's"], ["short"], ["on a line of its own"], ["😀 AB\n"]],
  ); // prettier-ignore
});

test("what only looks like a text to be translated is left alone", () => {
  assert.deepEqual(
    found(`
      // gettext("in a comment")
      /* gettext("in another") */
      const text = "gettext('in a text')", other = \`gettext("in a template")\`;
      gettext(variable); gettext(\`computed \${gettext("inside")} here\`); ngettext("one", many, 3); gettext("a" + b);
      const pattern = /gettext("in an expression")'/; const half = 1 / 2; gettext("after a slash") / 2;
      return /["'\`]/.test(text) ? mygettext("no") : gettext("after an expression");
      gettext("");
    `),
    [["inside"], ["after a slash"], ["after an expression"]],
  );
});

test("comments for translators go with the text below them or beside them", () => {
  const messages = scriptMessages(`
    // Translators: a verb,
    // not a month
    gettext("May");
    gettext("March"); // Translators: the month
    /* Translators: far away */

    gettext("June");
  `);
  assert.deepEqual(messages.map(({ comments }) => comments), [["a verb, not a month"], ["the month"], []]); // prettier-ignore
});

test("texts of templates are found in tags, blocks and constants", () => {
  assert.deepEqual(
    inTemplate(`
      {% translate "Coffee" %} {% trans 'Tea' context "drink" as label %} {% translate "100%" noop %} {% translate name %}
      {% blocktranslate with a=b %}Hello {{ a }}, 50%{% endblocktranslate %}
      {% blocktrans count n=cups context "order" trimmed %}
        {{ n }} cup
        of it
      {% plural %}
        {{ n }} cups
        of it
      {% endblocktrans %}
      {{ _("Constant") }} {{ x|default:_('Argument') }} {% if a == _("Condition") %}{% endif %}
      {% verbatim %}{% translate "not here" %}{% endverbatim %} {# {% translate "nor here" %} #}
      {% comment %}{% translate "nor there" %}{% endcomment %}
    `),
    [["Coffee"], ["drink", "Tea"], ["100%%"], ["Hello %(a)s, 50%%"], ["order", "%(n)s cup of it", "%(n)s cups of it"], ["Constant"], ["Argument"], ["Condition"]],
  ); // prettier-ignore
});

test("templates have comments for translators too, and what they cannot hold is told", () => {
  const { messages, problems } = templateMessages(`{# Translators: hot #}
{% translate "Coffee" %}
{% comment %}Translators: cold
and sweet{% endcomment %}
{% translate "Tea" %}
{% translate "Water" %}
{% blocktranslate %}a {% if x %}b{% endif %}{% endblocktranslate %}
{% blocktranslate %}without end`);
  assert.deepEqual(messages.map(({ comments }) => comments), [["hot"], ["cold and sweet"], []]); // prettier-ignore
  assert.deepEqual(problems, [{ problem: "{% blocktranslate %} holds the tag {% if x %}", line: 7 }, { problem: "{% blocktranslate %} has no end", line: 8 }]); // prettier-ignore
});

test("makemessages writes a catalogue, and again what has changed", async (t) => {
  const { settings, root, write, catalogue, read } = project(t, {
    "views.ts": '// Translators: the shop\'s name\ngettext("Corner shop");\nngettext("%(n)d cup", "%(n)d cups", 2);\n',
    "templates/index.html": '{% translate "Welcome to the coffee shop" %}{% translate "Corner shop" %}',
    "node_modules/other/index.js": 'gettext("not ours")',
  });
  const made = await makeMessages(settings, { languages: ["ko", "pt-BR"] });
  assert.deepEqual(made.changed.map(({ file, texts, untranslated }) => [file, texts, untranslated]), [["locale/ko/LC_MESSAGES/cortado.po", 3, 3], ["locale/pt_BR/LC_MESSAGES/cortado.po", 3, 3]]); // prettier-ignore
  const korean = catalogue("ko");
  assert.equal(korean.headers.get("Plural-Forms"), "nplurals=1; plural=0;");
  assert.deepEqual(korean.messages.map(({ id, references }) => [id, references]), [["Welcome to the coffee shop", ["templates/index.html:1"]], ["Corner shop", ["templates/index.html:1", "views.ts:2"]], ["%(n)d cup", ["views.ts:3"]]]); // prettier-ignore
  assert.deepEqual(korean.messages[1]!.extracted, ["the shop's name"]);

  const translations: Record<string, string[]> = { "Welcome to the coffee shop": ["커피 가게에 오신 것을 환영합니다"], "Corner shop": ["모퉁이 가게"], "%(n)d cup": ["%(n)d잔"] }; // prettier-ignore
  for (const message of korean.messages) message.translations = translations[message.id]!;
  korean.messages[1]!.comments.push("checked");
  write("locale/ko/LC_MESSAGES/cortado.po", writePo(korean));
  assert.deepEqual((await makeMessages(settings, { languages: [], all: true })).changed, []);

  write("templates/index.html", '{% translate "Welcome to the little coffee shop" %}{% translate "New" %}');
  write("views.ts", 'gettext("Corner shop");');
  const checked = await makeMessages(settings, { languages: ["ko"], check: true });
  assert.deepEqual(checked.changed, [{ file: "locale/ko/LC_MESSAGES/cortado.po", texts: 3, untranslated: 2 }]);
  const before = read("locale/ko/LC_MESSAGES/cortado.po");
  await makeMessages(settings, { languages: ["ko"] });
  assert.notEqual(read("locale/ko/LC_MESSAGES/cortado.po"), before);
  const after = catalogue("ko");
  const shown = after.messages.map(({ id, translations: texts, flags, obsolete }) => [
    id,
    texts[0],
    flags.includes("fuzzy"),
    obsolete,
  ]);
  assert.deepEqual(shown, [
    ["Welcome to the little coffee shop", "커피 가게에 오신 것을 환영합니다", true, false],
    ["New", "", false, false],
    ["Corner shop", "모퉁이 가게", false, false],
    ["Welcome to the coffee shop", "커피 가게에 오신 것을 환영합니다", false, true],
    ["%(n)d cup", "%(n)d잔", false, true],
  ]);
  assert.deepEqual(after.messages[0]!.previous, ['msgid "Welcome to the coffee shop"']);
  assert.deepEqual(after.messages[2]!.comments, ["checked"]);
  await makeMessages(settings, { languages: ["ko"], dropObsolete: true });
  assert.equal(catalogue("ko").messages.length, 3);
  assert.equal(existsSync(join(root, "locale/en")), false);
});

test("an app with a folder of catalogues keeps its own texts", async (t) => {
  const { settings, catalogue } = project(t, {
    "shop/views.ts": 'gettext("of the shop")',
    "shop/locale/.keep": "",
    "views.ts": 'gettext("of the project")',
    "static/menu.js": 'gettext("of the browser")',
  });
  await makeMessages(settings, { languages: ["de"], ignore: ["static/**"] });
  assert.deepEqual(catalogue("de", "shop/locale").messages.map(({ id }) => id), ["of the shop"]); // prettier-ignore
  assert.deepEqual(catalogue("de").messages.map(({ id }) => id), ["of the project"]); // prettier-ignore
  const { changed } = await makeMessages(settings, { languages: ["de"], domain: "cortadojs", location: "never" });
  assert.deepEqual(changed, [{ file: "locale/de/LC_MESSAGES/cortadojs.po", texts: 1, untranslated: 1 }]);
});

test("without a language and a catalogue there is nothing to write", async (t) => {
  const { settings } = project(t, { "views.ts": 'gettext("x")' });
  await assert.rejects(makeMessages(settings, { languages: [], all: true }), {
    code: "APP_NO_LANGUAGE",
    message: "There is no catalogue yet in locale, so a language must be named.",
    hint: "Name one: npx cortado makemessages --locale ko",
  });
});

const head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n';
const problemsOf = (text: string) => catalogueProblems(parsePo(text) as MessageFile).map(({ problem }) => problem);

test("mistakes of a catalogue are found", () => {
  assert.deepEqual(problemsOf(`${head}msgid "%(a)s and {b}"\nmsgstr "%(c)s und {b}"\n`), [
    'the translation of "%(a)s and {b}" has %(c), which the text does not have',
    'the translation of "%(a)s and {b}" lacks %(a)',
  ]);
  assert.deepEqual(problemsOf(`${head}msgid "x"\nmsgid_plural "xs"\nmsgstr[0] "a"\n`), [
    '"x" has 1 forms, and its header says 2',
  ]);
  assert.deepEqual(problemsOf(`${head}msgid "%(n)d x"\nmsgid_plural "%(n)d xs"\nmsgstr[0] "ein x"\nmsgstr[1] "%(n)d x"\n`), []);
  assert.deepEqual(problemsOf(`${head}msgid "a\\n"\nmsgstr "b"\n`), ['the translation of "a\\n" does not end in a new line as the text does']); // prettier-ignore
  assert.deepEqual(problemsOf(`${head}msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n`), ['"a" stands in it twice']);
  assert.deepEqual(problemsOf('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n'), ["its header has no Plural-Forms, and a text has a plural"]); // prettier-ignore
  assert.match(problemsOf('msgid ""\nmsgstr "Plural-Forms: n\\n"\n')[0]!, /its Plural-Forms cannot be read/);
  assert.deepEqual(problemsOf(`${head}#, fuzzy\nmsgid "%(a)s"\nmsgstr "x"\n`), []);
});

test("compilemessages writes a .mo file beside each catalogue without mistakes", async (t) => {
  const { settings, root } = project(t, {
    "locale/de/LC_MESSAGES/cortado.po": `${head}msgid "Coffee"\nmsgstr "Kaffee"\n\n#, fuzzy\nmsgid "Tea"\nmsgstr "Tee"\n`,
    "locale/fr/LC_MESSAGES/cortado.po": `${head}msgid "%(n)s"\nmsgstr "%(m)s"\n`,
    "locale/nl/LC_MESSAGES/cortado.po": 'msgid "Coffee"\nmsgstr "Koffie\n',
  });
  const compiled = await compileMessages(settings);
  assert.deepEqual(compiled.map(({ file, problems }) => [file.slice(7, 9), problems.length]), [["de", 0], ["fr", 2], ["nl", 1]]); // prettier-ignore
  const mo = (code: string) => join(root, `locale/${code}/LC_MESSAGES/cortado.mo`);
  assert.deepEqual(parseMo(readFileSync(mo("de"))).messages.map(({ translations }) => translations), [["Kaffee"]]); // prettier-ignore
  assert.equal(existsSync(mo("fr")), false);
  await compileMessages(settings, { languages: ["de"], useFuzzy: true });
  assert.equal(parseMo(readFileSync(mo("de"))).messages.length, 2);
});

test("a source of any shape is read to its end", () => {
  for (const source of [
    "`",
    "`${",
    "'",
    '"\\',
    "/",
    "/*",
    "gettext(",
    "gettext('a'",
    "`${`${'}'}`}` gettext(",
    "\\",
    "<!--",
    "a ? /b/ : `",
  ]) {
    assert.doesNotThrow(() => scriptMessages(`${source} gettext`), source);
    assert.doesNotThrow(() => templateMessages(`{% translate ${source} %}{{ _("${source}`), source);
  }
});
