import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { overrideLanguage, overrideTimeZone, useI18n } from "cortado/i18n";
import { Engine, safe } from "cortado/templates";
import { Temporal } from "cortado/validation";

const po = `
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Coffee"
msgstr "Kaffee <b>"

msgctxt "verb"
msgid "Roast"
msgstr "Rösten"

msgid "%(who)s drinks 100%% of it"
msgstr "%(who)s trinkt 100%% davon"

msgid "100%% pure"
msgstr "100%% rein"

msgid "%(n)s cup"
msgid_plural "%(n)s cups"
msgstr[0] "%(n)s Tasse"
msgstr[1] "%(n)s Tassen"

msgid "Hello %(name)s"
msgstr "Hallo %(wrong)s"

msgid "a, b"
msgstr "x, y"
`;

const engine = new Engine({
  templates: {
    part: "{{ _('Coffee') }} {{ price }}",
    page: "{% load i18n %}{% language code %}{% include 'part' %} {{ later }}{% endlanguage %} {{ price }}",
  },
});
const inGerman = (source: string, context: Record<string, unknown> = {}) =>
  overrideLanguage("de", () => engine.renderString(`{% load i18n l10n tz %}${source}`, context));
const inEnglish = (source: string, context: Record<string, unknown> = {}) =>
  engine.renderString(`{% load i18n l10n tz %}${source}`, context);

before(() =>
  useI18n({
    languages: { en: "English", de: "German", ar: "Arabic" },
    catalogues: [{ language: "de", po }],
    timeZone: "Asia/Seoul",
  }),
);
after(() => useI18n({}));

describe("texts", () => {
  test("translate shows a text in the language of what runs, with a context, or as it is", async () => {
    assert.equal(
      await inGerman(
        '{% translate "Coffee" %}|{% trans "Roast" context "verb" %}|{% translate "Roast" %}|{% translate "Coffee" noop %}',
      ),
      "Kaffee <b>|Rösten|Roast|Coffee",
    );
    assert.equal(await inEnglish('{% translate "Coffee" as x %}{{ x|upper }}'), "COFFEE");
    assert.equal(await inGerman('{% translate "100% pure" %} {{ _("100% pure") }}'), "100% rein 100% rein");
  });

  test("a value is translated before its filters, and escaped as any value", async () => {
    assert.equal(
      await inGerman("{% translate name|lower %}{% translate empty %}", { name: "Coffee", empty: "" }),
      "kaffee &lt;b&gt;",
    );
    assert.equal(await inGerman("{% translate name as kept %}{{ kept }}", { name: "<i>" }), "&lt;i&gt;");
    assert.equal(await inGerman("{% translate name %}", { name: safe("<i>") }), "<i>");
  });

  test("texts in an expression are translated wherever one may stand", async () => {
    assert.equal(
      await inGerman(
        "{{ x|default:_('Coffee') }}{% if y == _('Coffee') %}same{% endif %}{% with z=_('a, b') %}{{ z }}{% endwith %}{% for p in 'ab' %}{% cycle _('a, b') '' %}{% endfor %}",
        { y: "Kaffee <b>" },
      ),
      "Kaffee <b>samex, yx, y",
    );
  });

  test("blocktranslate puts values in, escaped, and counts", async () => {
    assert.equal(
      await inGerman("{% blocktranslate with who=user.name %}{{ who }} drinks 100% of it{% endblocktranslate %}", {
        user: { name: "<Ada>" },
      }),
      "&lt;Ada&gt; trinkt 100% davon",
    );
    const cups = "{% blocktrans count n=cups %}{{ n }} cup{% plural %}{{ n }} cups{% endblocktrans %}";
    assert.deepEqual(await Promise.all([1, 2, 1.5].map((n) => inGerman(cups, { cups: n }))), [
      "1 Tasse",
      "2 Tassen",
      "1,5 Tassen",
    ]);
    assert.equal(await inEnglish(cups, { cups: 1n }), "1 cup");
    assert.equal(
      await inGerman("{% blocktranslate trimmed asvar x %}\n  %(a)s \n {{ name }}\n{% endblocktranslate %}[{{ x }}]", {
        name: "<",
      }),
      "[%(a)s &lt;]",
    );
  });

  test("a translation that asks for other values leaves the text as it is", async () => {
    assert.equal(await inGerman("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", { name: "Ada" }), "Hello Ada");
  });

  test("a value in a text is no text to be filled in again", async () => {
    assert.equal(
      await inGerman("{% blocktranslate %}{{ a }} and {{ b }}{% endblocktranslate %}", { a: "%(b)s %s %%", b: "secret" }),
      "%(b)s %s %% and secret",
    );
  });

  test("what is no text in blocktranslate is told", async () => {
    for (const [source, message] of [
      [
        "{% blocktranslate %}{% if x %}{% endif %}{% endblocktranslate %}",
        /holds text and {{ names }} alone, and here stands {% if x %}/,
      ],
      ["{% blocktranslate count a %}{% endblocktranslate %}", /"count" names nothing/],
      ["{% blocktranslate count a=b %}x{% endblocktranslate %}", /here stands {% endblocktranslate %}/],
      ["{% blocktranslate count a=b c=d %}x{% plural %}y{% endblocktranslate %}", /"count" takes one name/],
      ["{% blocktranslate context %}x{% endblocktranslate %}", /"context" needs a word after it/],
      ["{% blocktranslate %}x", /The tag "blocktranslate" is never closed/],
      [
        "{% blocktranslate count a=b %}x{% plural %}y{% endblocktranslate %}",
        /The count of {% blocktranslate %} must be a number, and is 'x'/,
      ],
      ["{% translate %}", /needs a text/],
      ['{% translate "x" noop noop %}', /has "noop" twice/],
      ['{% translate "x" context as y %}', /"context" needs a word/],
      ['{% translate "x" what %}', /does not understand "what"/],
    ] as const) {
      await assert.rejects(
        inEnglish(source, { b: "x" }),
        (error: Error) => error.name === "TemplateSyntaxError" && message.test(error.message),
        source,
      );
    }
  });
});

describe("languages", () => {
  test("language holds for what stands inside: texts, numbers, included templates, what is awaited", async () => {
    const later = { toString: () => "later" };
    const context = { code: "de", price: 1.5, later: Promise.resolve(later) };
    assert.equal(await engine.render("page", context), "Kaffee <b> 1,5 later 1.5");
    assert.equal(
      await inGerman(
        "{% language None %}{% translate 'Coffee' %}{% endlanguage %}{% language 'en' %}{{ 1.5 }}{% endlanguage %}{{ 1.5 }}",
      ),
      "Coffee1.51,5",
    );
  });

  test("several renders at once keep their languages", async () => {
    const slow = { get: () => new Promise((resolve) => setTimeout(() => resolve("·"), 5)) };
    const texts = await Promise.all(
      ["de", "en", "de"].map((code) =>
        overrideLanguage(code, () => engine.renderString("{{ _('Coffee') }}{{ slow.get }}{{ _('Coffee') }}", { slow })),
      ),
    );
    assert.deepEqual(texts, ["Kaffee <b>·Kaffee <b>", "Coffee·Coffee", "Kaffee <b>·Kaffee <b>"]);
  });

  test("what is known of languages is shown", async () => {
    assert.equal(
      await inGerman("{% get_current_language as code %}{% get_current_language_bidi as bidi %}{{ code }} {{ bidi }}"),
      "de False",
    );
    assert.equal(
      await inEnglish("{% get_available_languages as all %}{% for code, name in all %}{{ code }}={{ name }} {% endfor %}"),
      "en=English de=German ar=Arabic ",
    );
    assert.equal(
      await inEnglish("{% get_language_info for 'ar' as l %}{{ l.code }} {{ l.name }} {{ l.bidi }}"),
      "ar Arabic True",
    );
    assert.equal(
      await inEnglish(
        "{% get_available_languages as all %}{% get_language_info_list for all as list %}{% for l in list %}{{ l.name_local }} {% endfor %}",
      ),
      "English Deutsch العربيّة ",
    );
    assert.equal(
      await inEnglish(
        "{{ 'de'|language_name }} {{ 'de'|language_name_local }} {{ 'de'|language_name_translated }} {{ 'ar'|language_bidi }}",
      ),
      "German Deutsch German True",
    );
  });

  test("what is no code of a language is refused", async () => {
    for (const code of ["<script>", "../de", "de de", "x"])
      await assert.rejects(inEnglish("{% language code %}{% endlanguage %}", { code }), { code: "TEMPLATES_BAD_VALUE" });
    await assert.rejects(inEnglish("{% get_language_info_list for 5 as x %}"), { code: "TEMPLATES_BAD_VALUE" });
    await assert.rejects(inEnglish("{% get_current_language %}"), { hint: "Write {% get_current_language as name %}." });
  });
});

describe("formats", () => {
  const moment = new Date("2026-03-01T04:30:00Z");

  test("numbers and dates are written as the language writes them", async () => {
    assert.equal(
      await inGerman("{{ x }} {{ 0.5 }} {{ big }} {{ d|date }} {{ d|date:'D, F' }}", { x: 1234.5, big: 10n ** 20n, d: moment }),
      "1234,5 0,5 100000000000000000000 1. März 2026 So, März",
    );
    assert.equal(await inEnglish("{{ x }} {{ d }}", { x: 1234.5, d: moment }), "1234.5 March 1, 2026, 1:30 p.m.");
  });

  test("localize off and unlocalize leave them alone", async () => {
    assert.equal(
      await inGerman(
        "{% localize off %}{{ x }} {{ d|date }}{% localize on %} {{ x }}{% endlocalize %}{% endlocalize %} {{ x|unlocalize }} {{ x }}",
        { x: 1.5, d: moment },
      ),
      "1.5 März 1, 2026 1,5 1.5 1,5",
    );
    assert.equal(await inGerman("{% localize off %}{{ x|localize }}{% endlocalize %}", { x: 1.5 }), "1,5");
  });

  test("filters follow the language", async () => {
    assert.equal(
      await inGerman("{{ x|floatformat:2 }} {{ x|floatformat:'2g' }} {{ x|floatformat:'2u' }} {{ n|filesizeformat }}", {
        x: 1234.567,
        n: 1536,
      }),
      "1234,57 1.234,57 1234.57 1,5\u00a0KB",
    );
  });
});

describe("time zones", () => {
  const moment = new Date("2026-07-01T04:30:00Z");

  test("moments are shown in the zone that is active, in another, or in UTC", async () => {
    assert.equal(
      await inEnglish(
        "{{ d|date:'H:i' }} {% timezone 'Europe/Paris' %}{{ d|date:'H:i' }}{% endtimezone %} {% localtime off %}{{ d|date:'H:i' }}{% endlocaltime %}",
        { d: moment },
      ),
      "13:30 06:30 04:30",
    );
    assert.equal(
      await overrideTimeZone("America/New_York", () =>
        inEnglish(
          "{{ d|date:'H:i' }} {% timezone None %}{{ d|date:'H:i' }}{% endtimezone %}{% get_current_timezone as z %} {{ z }}",
          { d: moment },
        ),
      ),
      "00:30 13:30 America/New_York",
    );
  });

  test("filters move a moment to another zone", async () => {
    assert.equal(
      await inEnglish(
        "{{ d|utc|date:'H:i e' }} {{ d|timezone:'Europe/Paris'|date:'H:i' }} {% localtime off %}{{ d|localtime|date:'H:i' }}{% endlocaltime %}[{{ x|utc }}]",
        { d: moment, x: "no" },
      ),
      "04:30 UTC 06:30 13:30[]",
    );
    assert.equal(await inEnglish("{{ d|utc|date:'H:i' }}", { d: Temporal.PlainDateTime.from("2026-07-01T13:30:00") }), "04:30");
  });

  test("a zone that is not there is refused, with the nearest name", async () => {
    await assert.rejects(inEnglish("{% timezone 'Asia/Seuol' %}{% endtimezone %}"), {
      code: "TEMPLATES_BAD_VALUE",
      hint: 'Did you mean "Asia/Seoul"?',
    });
    await assert.rejects(inEnglish("{{ d|timezone:'x' }}", { d: moment }), /There is no time zone 'x'/);
  });
});
