// Every tag and every filter is attacked: one that is in no table makes the first test fail.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { overrideLanguage, useI18n } from "cortado/i18n";
import { blockTag, Engine, inclusionTag, library, safe, simpleTag } from "cortado/templates";
import { builtinFilters } from "../../src/templates/filters/builtins.ts";
import { bundledLibraries } from "../../src/templates/libraries/bundled.ts";
import { builtinTags } from "../../src/templates/tags/builtins.ts";

const attack = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&lt;b&gt;`;
const load = "{% load cache humanize i18n l10n static tz %}";

/** What stands behind a filter's colon. */
const filterArguments: Readonly<Record<string, string>> = {
  add: '"1"', center: "150", cut: '"a"', date: '"Y"', default: "x", default_if_none: "x", dictsort: '"a"', dictsortreversed: '"a"',
  divisibleby: "2", get_digit: "1", join: '", "', ljust: "150", rjust: "150", slice: '":60"', stringformat: '"s"', timezone: '"UTC"',
  truncatechars: "80", truncatechars_html: "80", truncatewords: "3", truncatewords_html: "3", urlizetrunc: "30", wordwrap: "20",
  apnumber: "", escape: "", yesno: '"a,b"',
}; // prettier-ignore

/** Filters that say that a text is HTML: whoever writes them in a template vouches for the value. */
const vouching = new Set(["safe", "safeseq"]);
const filters = [...Object.keys(builtinFilters), ...Object.values(bundledLibraries).flatMap((each) => Object.keys(each.filters))];
const use = (filter: string) => (filterArguments[filter] ? `${filter}:${filterArguments[filter]}` : filter);

/** Uses of each tag in which `x` is hostile. */
const tagAttacks: Readonly<Record<string, readonly string[]>> = {
  attrs: ['{% component "box" title=x class=x data-y=x onclick=x / %}', '{% component "box" title=1 ...dictionary / %}'],
  autoescape: ["{% autoescape on %}{{ x }}{% endautoescape %}", "{% autoescape off %}{% autoescape on %}{{ x }}{% endautoescape %}{% endautoescape %}"],
  block: ["{% block a %}{{ x }}{% endblock %}", "{% extends 'base' %}{% block a %}{{ x }}{{ block.super }}{% endblock %}"],
  blocktrans: ["{% blocktrans %}{{ x }}{% endblocktrans %}", "{% blocktrans with a=x count n=2 %}{{ a }}{% plural %}{{ a }}{{ x }}{% endblocktrans %}"],
  blocktranslate: ["{% blocktranslate asvar y %}{{ x }}{% endblocktranslate %}{{ y }}", "{% blocktranslate context x %}{{ x }}{% endblocktranslate %}", "{% blocktranslate %}say {{ x }}{% endblocktranslate %}"],
  cache: ["{% cache 60 xss x %}{{ x }}{% endcache %}{% cache 60 xss x %}{{ x }}{% endcache %}"],
  comment: ["{% comment %}{{ x }}{% endcomment %}"],
  component: ['{% component "box" title=x %}{{ x }}{% endcomponent %}', '{% component x / %}'],
  csp_nonce_attr: ["{% with csp_nonce=x %}{% csp_nonce_attr %}{% endwith %}"],
  csrf_token: ["{% with csrf_token=x %}{% csrf_token %}{% endwith %}"],
  cycle: ["{% for i in '12' %}{% cycle x 'a' as c %}{{ c }}{% endfor %}", "{% cycle x|lower 'a' as c silent %}{{ c }}"],
  debug: ["{% debug %}"],
  extends: ["{% extends 'base' %}{% block a %}{{ x }}{% endblock %}", "{% extends x %}"],
  filter: ["{% filter upper %}{{ x }}{% endfilter %}", "{% filter lower|cut:'a' %}{{ x }}{% endfilter %}"],
  firstof: ["{% firstof no x %}", "{% firstof no x as y %}{{ y }}"],
  for: ["{% for c in x %}{{ c }}{% endfor %}", "{% for k, v in dictionary.items %}{{ k }}{{ v }}{% endfor %}", "{% for c in list %}{{ forloop }}{{ c }}{% endfor %}"],
  get_available_languages: ["{% get_available_languages as y %}{{ y }}"],
  get_current_language: ["{% get_current_language as y %}{{ y }}"],
  get_current_language_bidi: ["{% get_current_language_bidi as y %}{{ y }}"],
  get_current_timezone: ["{% get_current_timezone as y %}{{ y }}"],
  get_language_info: ["{% get_language_info for x as y %}{{ y.name }}{{ y.code }}"],
  get_language_info_list: ["{% get_language_info_list for list as y %}{% for l in y %}{{ l.code }}{% endfor %}"],
  get_media_prefix: ["{% get_media_prefix as y %}{{ y }}"],
  get_static_prefix: ["{% get_static_prefix as y %}{{ y }}"],
  if: ["{% if x == attack %}{{ x }}{% elif x %}{{ x }}{% endif %}"],
  ifchanged: ["{% for i in '12' %}{% ifchanged %}{{ x }}{% endifchanged %}{% ifchanged x %}{{ x }}{% endifchanged %}{% endfor %}"],
  include: ["{% include 'part' %}", "{% include 'part' with x=x only %}", "{% include x %}"],
  language: ["{% language 'de' %}{{ x }}{% endlanguage %}", "{% language x %}{% endlanguage %}"],
  load: ["{% load i18n %}{{ x }}"],
  localize: ["{% localize on %}{{ x }}{% endlocalize %}{% localize off %}{{ x }}{% endlocalize %}"],
  localtime: ["{% localtime off %}{{ x }}{% endlocaltime %}"],
  lorem: ["{% lorem x w %}"],
  now: ["{% now 'Y' as y %}{{ y }}"],
  partial: ["{% partialdef p %}{{ x }}{% endpartialdef %}{% partial p %}"],
  partialdef: ["{% partialdef p inline %}{{ x }}{% endpartialdef %}"],
  props: ['{% component "box" title=x size=x / %}'],
  querystring: ["{% querystring dictionary a=x %}", "{% querystring dictionary b=list %}"],
  regroup: ["{% regroup rows by a as groups %}{% for g in groups %}{{ g.grouper }}{{ g.list }}{{ g }}{% endfor %}"],
  resetcycle: ["{% for i in '12' %}{% cycle x 'b' %}{% resetcycle %}{% endfor %}"],
  slot: ['{% component "box" title=1 %}{% slot "foot" as data %}{{ data.given }}{{ data }}{{ x }}{% endslot %}{% endcomponent %}'],
  spaceless: ["{% spaceless %}<p> {{ x }} </p>{% endspaceless %}"],
  static: ["{% static x %}", "{% static x as y %}{{ y }}"],
  templatetag: ["{% templatetag openblock %}{{ x }}"],
  timezone: ["{% timezone 'UTC' %}{{ x }}{% endtimezone %}", "{% timezone x %}{% endtimezone %}"],
  trans: ["{% trans x %}", "{% trans 'say' context x %}", "{% trans x as y %}{{ y }}"],
  translate: ["{% translate x|upper %}", "{% translate x noop as y %}{{ y }}", "{% autoescape off %}{% translate x as y %}{% endautoescape %}{{ y }}"],
  url: ["{% url x %}", "{% url 'a' x as y %}{{ y }}", "{% url 'a' b=x %}"],
  verbatim: ["{% verbatim %}{{ x }}{% endverbatim %}"],
  widthratio: ["{% widthratio x 2 100 %}", "{% widthratio 1 x 100 as y %}{{ y }}"],
  with: ["{% with y=x %}{{ y }}{% endwith %}", "{% with x|lower as y %}{{ y }}{% endwith %}"],
}; // prettier-ignore

const own = library({
  tags: {
    echo: simpleTag((text: unknown) => text),
    wrap: blockTag((content, title: string) => `${title}${String(content)}`),
    inner: inclusionTag("part", (x: unknown) => ({ x })),
  },
  filters: { twice: (text: string) => text + text },
});

/** What an address has of a parameter. */
const ofAddress = (given: unknown) => (typeof given === "object" ? "object" : String(given));

const engine = new Engine({
  templates: {
    base: "{% block a %}{{ x }}{% endblock %}",
    part: "{{ x }}",
    "components/box.html":
      '{% props title size=title %}<i {% attrs class="box" %}>{{ title }}{{ size }}{% slot %}{{ title }}{% endslot %}{% slot "foot" given=title %}{{ title }}{% endslot %}</i>',
  },
  libraries: { own },
  debug: true,
  reverse: (name, args, kwargs) => `/${name}/${args.map(ofAddress).join("/")}?${Object.values(kwargs).map(ofAddress).join("&")}`,
});

const context = {
  x: attack,
  attack,
  list: [attack, { a: attack }],
  rows: [{ a: attack }, { a: attack }],
  moment: new Date(0),
  dictionary: { "data-a": attack, b: attack },
};

/** Whether markup of the attack is markup of the page, or closes a quote of it. */
function isHarmed(html: string): boolean {
  const plain = html
    .replace(/<input type="hidden" name="csrfmiddlewaretoken" value="[^"<>]*">|<i (?:[\w:-]+="[^"<>]*" ?)*>|<\/i>|<p>|<\/p>/g, "")
    .replace(/"\/[\w/]*/g, "");
  return /<\/?(?:script|img|b\b)/i.test(html) || /<[a-z!/]/i.test(plain);
}

/** What a template prints; what it throws is no page. */
async function page(source: string, given: Record<string, unknown> = context): Promise<string> {
  try {
    return await engine.renderString(source.startsWith("{% extends") ? source : load + source, given);
  } catch (error) {
    assert.match((error as { code?: string }).code ?? "", /^(?:TEMPLATES|KERNEL)_/, `${source}: ${(error as Error).stack}`);
    return "";
  }
}

before(() =>
  useI18n({
    languages: { en: "English", de: "German" },
    catalogues: [
      {
        language: "de",
        po: 'msgid "say %(x)s"\nmsgstr "<b>%(x)s</b>"\n\nmsgid "plain"\nmsgstr "<b>bold</b>"\n\nmsgid "own %(x)s"\nmsgstr "%(constructor)s %(toString)s %(__proto__)s"\n',
      },
    ],
  }),
);
after(() => useI18n({}));

describe("hostile values", () => {
  test("there is an attack on every tag", () => {
    const tags = [...Object.keys(builtinTags), ...Object.values(bundledLibraries).flatMap((each) => Object.keys(each.tags))];
    assert.deepEqual(tags.filter((tag) => !tagAttacks[tag]).sort(), []);
    assert.deepEqual(Object.keys(tagAttacks).filter((tag) => !tags.includes(tag)), []); // prettier-ignore
  });

  for (const [tag, sources] of Object.entries(tagAttacks)) {
    test(`stay text in {% ${tag} %}`, async () => {
      for (const source of sources) {
        const html = await page(source);
        if (tag !== "verbatim") assert.ok(!isHarmed(html), `${source}\n${html}`);
      }
    });
  }

  for (const filter of filters) {
    test(`stay text behind |${filter}`, async () => {
      const sources = [
        `{{ x|${use(filter)} }}`,
        `{{ list|${use(filter)} }}`,
        `{{ dictionary|${use(filter)} }}`,
        `{% filter ${use(filter)} %}{{ x }}{% endfilter %}`,
      ];
      const rows = [
        `{{ rows|${use(filter)} }}`,
        `{{ rows|${filter}:"a" }}`,
        `{{ moment|${use(filter)} }}`,
        `{{ moment|${filter}:x }}`,
      ];
      const asArgument = [
        ...rows,
        `{{ "a"|${filter}:x }}`,
        `{{ x|${filter}:x }}`,
        `{{ list|${filter}:x }}`,
        `{{ 5|${filter}:x }}`,
      ];
      for (const source of [...sources, ...asArgument]) {
        const html = await page(source);
        const opens = vouching.has(filter) || (filter === "linebreaks" && html.startsWith("<p>"));
        const cleaned = html.replace(
          /<\/?(?:br|p|li|ul)>|<a href="[^"<>]*"(?: rel="nofollow")?>|<\/a>|<script (?:id="[^"<>]*" )?type="application\/json">|<\/script>(?=$)/g,
          "",
        );
        if (!opens) assert.ok(!/<[a-z!/]/i.test(cleaned), `${source}\n${html}`);
      }
    });
  }

  test("stay text behind any two filters", async () => {
    const made = new Set(["json_script", "linebreaks", "linebreaksbr", "unordered_list", "urlize", "urlizetrunc"]);
    const plain = filters.filter((name) => !vouching.has(name) && !made.has(name));
    for (const first of plain) {
      for (const second of plain) {
        const html = await page(`{{ x|${use(first)}|${use(second)} }}`);
        assert.ok(!/<[a-z!/]/i.test(html), `${first}|${second}\n${html}`);
      }
    }
  });

  test("stay text beside safe ones", async () => {
    const mixed = { ...context, html: safe("<u>ok</u>"), mix: [safe("<u>"), attack], format: "s<script>" };
    for (const source of [
      "{{ html }}{{ x }}",
      "{{ html|add:x }}",
      "{{ x|add:html }}",
      '{{ mix|join:"<hr>" }}',
      "{{ mix|join:x }}",
      "{{ html|default:x }}{{ no|default:x }}",
      "{% firstof x html %}",
      "{{ html|cut:'o'|add:x }}",
      "{{ mix|unordered_list }}",
      "{{ mix|first }}{{ mix|last }}",
      "{{ html|stringformat:format }}",
      "{{ 'a'|stringformat:format }}",
      "{% load own %}{{ html|twice }}{{ x|twice }}",
    ]) {
      const html = (await page(source, mixed)).replaceAll(/<\/?(?:u|hr|li)>/g, "");
      assert.ok(!/<[a-z!/]/i.test(html), `${source}\n${html}`);
    }
  });

  test("stay text in tags of one's own, kept with as, and in what is awaited", async () => {
    for (const source of [
      "{% echo x %}",
      "{% echo x as y %}{{ y }}",
      "{% wrap x %}{{ x }}{% endwrap %}",
      "{% wrap x as y %}{{ x }}{% endwrap %}{{ y }}",
      "{% inner x %}",
      "{{ later }}{{ html }}",
    ]) {
      const html = await page(`{% load own %}${source}`, {
        ...context,
        later: Promise.resolve(attack),
        html: { toHtml: async () => attack },
      });
      assert.ok(html !== "" && !isHarmed(html), `${source}\n${html}`);
    }
  });

  test("are no names of Object's own in a translation", async () => {
    const shown = await overrideLanguage("de", () => page("{% blocktranslate %}own {{ x }}{% endblocktranslate %}", { x: "y" }));
    assert.equal(shown, "own y");
  });

  test("stay text in translations, whose own markup is the translator's", async () => {
    const german = (source: string) => overrideLanguage("de", () => page(source));
    assert.equal(await german("{% translate 'plain' %}{{ _('plain') }}"), "<b>bold</b><b>bold</b>");
    assert.ok((await german("{% blocktranslate %}say {{ x }}{% endblocktranslate %}")).startsWith("<b>&lt;script&gt;"));
    assert.equal(await overrideLanguage("de", () => page("{% translate x %}", { x: "plain" })), "&lt;b&gt;bold&lt;/b&gt;");
  });
});

describe("hostile shapes", () => {
  const names = [
    "toHtml",
    "toJSON",
    "toString",
    "valueOf",
    "toList",
    "cmp",
    "constructor",
    "length",
    "size",
    "getTime",
    "year",
    "render",
  ];
  const shapes = names.flatMap((name) => [{ [name]: 1 }, { [name]: {} }, [[{ [name]: [] }]]]);

  test("that JSON can bring are a page, or an error of their own, in every filter and tag", async () => {
    for (const x of shapes) {
      const given = { x, attack: x, list: [x], rows: [x], dictionary: { a: x }, moment: x };
      for (const filter of filters) {
        await page(`{{ x|${use(filter)} }}`, given);
        await page(`{{ "a"|${filter}:x }}{{ 5|${filter}:x }}`, given);
      }
      for (const source of Object.values(tagAttacks).flat()) await page(source, given);
    }
  });

  test("of numbers are a page, or an error of their own, in every filter", async () => {
    const numbers = [
      -1,
      0.1,
      1e21,
      1e308,
      -1e308,
      Number.NaN,
      Infinity,
      10n ** 400n,
      "9".repeat(400),
      "1e999999999",
      "\ud800",
      new Date(Number.NaN),
    ];
    for (const x of numbers)
      for (const filter of filters)
        for (const argument of ["", ":x", ':"c"', ':"d"', ':".200g"', ":-1", ":99999999999999999999"]) await page(`{{ x|${filter}${argument} }}`, { x }); // prettier-ignore
  });
});

describe("hostile names", () => {
  const values = {
    o: { a: 1 },
    f: () => 1,
    l: [1, 2],
    s: "text",
    m: new Map([["a", 1]]),
    C: class {},
    d: new Date(0),
    p: Promise.resolve({}),
  };
  const machinery = [
    "constructor",
    "prototype",
    "__proto__",
    "constructor.constructor",
    "toString.constructor",
    "valueOf",
    "hasOwnProperty",
    "__defineGetter__",
    "__lookupGetter__",
    "isPrototypeOf",
  ];
  const uses = ["{{ V }}", "{% if V %}x{% endif %}", "{% for i in V %}x{% endfor %}", "{% with y=V %}{{ y }}{% endwith %}", "{{ 1|default_if_none:V }}{{ V }}", '{% component "box" title=V / %}', '{% component "box" title=1 ...V / %}', "{% cycle V %}", "{% blocktranslate with y=V %}{{ y }}{% endblocktranslate %}", "{% translate V %}", "{% firstof V %}", "{% include 'part' with x=V only %}", "{% regroup l by V as g %}{{ g }}", "{% load own %}{% echo V %}"]; // prettier-ignore

  test("lead to no constructor and no prototype, in any tag", async () => {
    for (const owner of Object.keys(values)) {
      for (const name of machinery) {
        for (const use of uses) {
          const html = await page(use.replaceAll("V", `${owner}.${name}`), values);
          assert.doesNotMatch(html, /function|native code|class [{]|\[object/, `${use} ${owner}.${name}`);
        }
      }
    }
  });

  test("that are bound in a template change no prototype", async () => {
    for (const source of [
      "{% with __proto__=d constructor=d toString=d %}{{ nothing.polluted }}{% endwith %}",
      "{% for __proto__ in l %}{% endfor %}",
      "{% include 'part' with __proto__=d %}",
      '{% component "box" title=1 __proto__=d constructor=d / %}',
      "{% now 'Y' as __proto__ %}",
      "{% cycle d as __proto__ %}",
      "{% translate 'x' as __proto__ %}",
      "{% url 'a' __proto__=d %}",
      "{% querystring __proto__=d %}",
      "{% load own %}{% echo d as __proto__ %}{% regroup l by a as __proto__ %}",
      '{% component "box" title=1 %}{% slot "foot" as __proto__ %}{% endslot %}{% endcomponent %}',
    ]) {
      await page(source, { d: { polluted: 1 }, l: [{ polluted: 1 }] });
      assert.equal(({} as Record<string, unknown>)["polluted"], undefined, source);
      assert.equal(Object.getPrototypeOf({}), Object.prototype);
    }
  });
});

describe("hostile templates", () => {
  const breaks = ['"];P;["', "'];P;['", "`${P}`", '"+P+"', "*/P/*", '\\";P;//', "\u2028P\u2028", ")};P;({", "${P}", '\\"+P+\\"'];
  const places = [
    "{{ H }}", '{{ "H" }}', "{{ 'H'|default:'H' }}", "{{ a|default:H }}", "{{ a.H }}", "{{ a|H }}", '{{ _("H") }}', "H", "{# H #}",
    "{% H %}", "{% block H %}{% endblock %}", "{% cycle 'H' 'b' as H %}", "{% with H=1 %}{% endwith %}", "{% for H in l %}{{ H }}{% endfor %}",
    "{% partialdef H %}{% endpartialdef %}{% partial H %}", "{% include 'H' %}", "{% extends 'H' %}", "{% url 'H' H=1 as H %}", "{% now 'H' as H %}",
    "{% load H %}", "{% regroup l by H as H %}", "{% if a == 'H' %}{% endif %}", "{% ifchanged 'H' %}{% endifchanged %}", "{% templatetag H %}",
    "{% verbatim H %}{% endverbatim H %}", "{% comment H %}{% endcomment %}", "{% querystring H='H' %}", "{% filter default:'H' %}{% endfilter %}",
    "{% translate 'H' context 'H' as H %}", "{% blocktranslate with H='H' context 'H' asvar H %}H{{ H }}{% endblocktranslate %}",
    "{% cache 60 H 'H' %}H{% endcache %}", "{% language 'H' %}{% endlanguage %}", "{% timezone 'H' %}{% endtimezone %}", "{% static 'H' as H %}",
    "{% get_current_language as H %}", "{% component 'H' / %}", '{% component "box" title="H" H="H" / %}', '{% component "box" title=1 %}{% slot "H" as H %}H{% endslot %}{% endcomponent %}',
    '{% component "box" title=1 %}{% slot "foot" as H %}{{ H }}{% endslot %}{% endcomponent %}', "{% props H %}{% slot 'H' H='H' %}{% endslot %}{% attrs H='H' %}", "{% props a='H' %}{{ a }}",
    "{% load own %}{% echo 'H' as H %}{% wrap 'H' %}H{% endwrap %}{% inner x='H' %}",
  ]; // prettier-ignore

  test("are data to the code that is made of them", async () => {
    const holder = globalThis as { harmed?: number };
    for (const place of places) {
      for (const text of breaks) {
        await page(
          place.replaceAll("H", () => text.replaceAll("P", "globalThis.harmed=1")),
          { a: "a", l: [1] },
        );
        assert.equal(holder.harmed, undefined, `${place} with ${text}`);
      }
    }
  });

  test("of any mixture are a page, or an error of their own", async () => {
    const pieces = [
      ...new Set(
        Object.values(tagAttacks)
          .flat()
          .flatMap((source) => source.match(/{[%{].*?[%}]}|[^{]+/g) ?? []),
      ),
    ];
    let seed = 7;
    const pick = () => pieces[(seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % pieces.length]!;
    for (let round = 0; round < 1000; round++) {
      const tag = pick();
      const name = /^{%\s*(\w+)/.exec(tag)?.[1];
      await page([pick(), tag, pick(), name ? `{% end${name} %}` : "", pick()].join(""));
    }
  });
});
