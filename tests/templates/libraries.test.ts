import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { cache, MemoryCache, useCaches } from "cortado/cache";
import {
  blockTag,
  Engine,
  filter,
  inclusionTag,
  library,
  safe,
  simpleTag,
  type TagParser,
  templateFragmentKey,
  type TemplateError,
} from "cortado/templates";

const engine = new Engine();
const shows = async (source: string, context: Record<string, unknown>, wanted: string) =>
  assert.equal(await engine.renderString(source, context), wanted);

describe("static", () => {
  test("addresses are made of the engine's prefixes, or by its function", async () => {
    const source =
      '{% load static %}{% static "a b/<c>.css" %} {% static path as x %}{{ x }} {% get_static_prefix %} {% get_media_prefix as m %}{{ m }}';
    await shows(source, { path: "x.js" }, "/static/a%20b/%3Cc%3E.css /static/x.js /static/ /media/");
    const own = new Engine({ staticUrl: "https://cdn/s", mediaUrl: "/up/", staticFile: (path) => `/s/${path}?a&b` });
    assert.equal(
      await own.renderString(source, { path: "x.js" }),
      "/s/a b/&lt;c&gt;.css?a&amp;b /s/x.js?a&amp;b https://cdn/s/ /up/",
    );
    await assert.rejects(engine.renderString("{% load static %}{% static %}"), /takes one argument/);
  });
});

describe("humanize", () => {
  const load = "{% load humanize %}";

  test("numbers are said as people say them", async () => {
    await shows(`${load}{{ 1|apnumber }} {{ 9|apnumber }} {{ 10|apnumber }} {{ "x"|apnumber }}`, {}, "one nine 10 x");
    await shows(
      `${load}{{ a|intcomma }} {{ b|intcomma }} {{ c|intcomma }} {{ "12345"|intcomma }} {{ "<1>"|intcomma }}`,
      { a: 4500000, b: 1234.5, c: -1000n },
      "4,500,000 1,234.5 -1,000 12,345 <1>",
    );
    await shows(
      `${load}{{ a|intword }} {{ b|intword }} {{ c|intword }} {{ d|intword }}`,
      { a: 1000000, b: 1200000, c: 999999, d: 2 * 10 ** 33 },
      "1.0 million 1.2 million 999999 2.0 decillion",
    );
    await shows(
      `${load}{{ 1|ordinal }} {{ 2|ordinal }} {{ 3|ordinal }} {{ 11|ordinal }} {{ 112|ordinal }} {{ 21|ordinal }} {{ x|ordinal }}`,
      { x: -1 },
      "1st 2nd 3rd 11th 112th 21st -1",
    );
  });

  test("times are said from now", async () => {
    const now = Date.now();
    const ago = (seconds: number) => new Date(now - seconds * 1000);
    const said: [Date, RegExp][] = [
      [ago(0), /^now$/],
      [ago(30), /^3\d\u00a0seconds\u00a0ago$/],
      [ago(61), /^a\u00a0minute\u00a0ago$/],
      [ago(7300), /^2\u00a0hours\u00a0ago$/],
      [ago(3 * 86_400 + 5), /^3\u00a0days ago$/],
      [ago(-50 * 60), /^49\u00a0minutes\u00a0from\u00a0now$/],
      [ago(-86_400 * 8 - 5), /^1\u00a0week, 1\u00a0day from now$/],
    ];
    for (const [moment, wanted] of said)
      assert.match(await engine.renderString(`${load}{{ m|naturaltime }}`, { m: moment }), wanted);
    await shows(
      `${load}{{ a|naturalday }} {{ b|naturalday }} {{ c|naturalday }} {{ "x"|naturalday }} {{ d|naturalday:"Y" }}`,
      { a: ago(0), b: ago(86_400), c: ago(-86_400), d: new Date(0) },
      "today yesterday tomorrow x 1970",
    );
  });
});

describe("cache", () => {
  after(() => useCaches({}));

  test("a fragment is rendered once, and again when what it varies on changes", async () => {
    let made = 0;
    const source =
      "{% load cache %}{% for x in xs %}{% cache 60 side x name %}{{ x }}{{ name }}{{ count }}{% endcache %}{% endfor %}";
    const context = (name: string) => ({ xs: "aab", name, count: () => ++made });
    await cache().clear();
    await shows(source, context("<"), "a&lt;1a&lt;1b&lt;2");
    await shows(source, context("<"), "a&lt;1a&lt;1b&lt;2");
    await shows(source, context("y"), "ay3ay3by4");
    assert.equal(await cache().delete(templateFragmentKey("side", ["a", "<"])), true);
    await shows(source, context("<"), "a&lt;5a&lt;5b&lt;2");
  });

  test("many renders at once make a fragment once", async () => {
    let made = 0;
    const slow = () => new Promise((resolve) => setTimeout(() => resolve(++made), 10));
    const texts = await Promise.all(
      Array.from({ length: 20 }, () =>
        engine.renderString("{% load cache %}{% cache 60 slow %}{{ slow }}{% endcache %}", { slow }),
      ),
    );
    assert.deepEqual([...new Set(texts)], ["1"]);
  });

  test("fragments have a cache of their own where the project has one, or the one that is named", async () => {
    const [pages, fragments] = [new MemoryCache(), new MemoryCache()];
    useCaches({ default: new MemoryCache(), template_fragments: fragments, pages });
    await shows('{% load cache %}{% cache 60 a %}1{% endcache %}{% cache None b using="pages" %}2{% endcache %}', {}, "12");
    assert.deepEqual([await fragments.get(templateFragmentKey("a")), await pages.get(templateFragmentKey("b"))], ["1", "2"]);
    await assert.rejects(engine.renderString('{% load cache %}{% cache 60 a using="nope" %}{% endcache %}'), {
      code: "CACHE_UNKNOWN_ALIAS",
    });
  });

  test("a fragment that shows a form's token, a nonce or messages is kept for nobody", async () => {
    useCaches({ default: new MemoryCache() });
    let tokens = 0;
    const visitor = () => ({ csrf_token: () => `token-${++tokens}`, csp_nonce: () => "nonce", messages: () => ["hello"] });
    const form = "{% load cache %}{% cache 60 form %}[{% csrf_token %}{{ n }}]{% endcache %}";
    const forms = [await engine.renderString(form, visitor()), await engine.renderString(form, visitor())];
    assert.deepEqual(forms.map((text) => /token-\d/.exec(text)?.[0]), ["token-1", "token-2"]); // prettier-ignore
    for (const personal of [
      "{{ csrf_token }}",
      "{{ csp_nonce }}",
      "{% for m in messages %}{{ m }}{% endfor %}",
      "{% include part %}",
    ]) {
      const part = engine.fromString("{% csp_nonce_attr %}");
      const source = `{% load cache %}{% cache 60 personal %}${personal}{{ n }}{% endcache %}`;
      for (const n of [1, 2])
        assert.match(await engine.renderString(source, { ...visitor(), part, n }), new RegExp(`${n}$`), personal);
    }
    const plain = "{% load cache %}{% cache 60 plain %}{{ n }}{% endcache %}{% csrf_token %}";
    for (const n of [1, 2]) assert.match(await engine.renderString(plain, { ...visitor(), n }), /^1/);
  });

  test("the key is the one Django's cache has", () => {
    assert.equal(templateFragmentKey("foo"), "template.cache.foo.d41d8cd98f00b204e9800998ecf8427e");
    assert.equal(templateFragmentKey("foo", ["abc"]), "template.cache.foo.493e283d571a73056196f1a68efd0f66");
    assert.equal(templateFragmentKey("foo", ["abc", 5]), "template.cache.foo.14a54b1b050a36a683eb248c95c2bfa3");
  });

  test("a time that is no number, a tag without a name and an error inside are told", async () => {
    await assert.rejects(
      engine.renderString("{% load cache %}{% cache 'soon' a %}{% endcache %}"),
      /must be a number of seconds, and is 'soon'/,
    );
    await assert.rejects(engine.renderString("{% load cache %}{% cache 5 %}{% endcache %}"), {
      hint: "Write {% cache 500 sidebar %}, the time in seconds.",
    });
    const broken = engine.renderString("{% load cache %}\n{% cache 5 broken %}\n{% for x in 5 %}{% endfor %}{% endcache %}");
    await assert.rejects(broken, (error: TemplateError) => error.line === 3);
  });
});

describe("tags of one's own", () => {
  const own = library({
    tags: {
      pour: simpleTag(
        (name: string, size: string = "m", { hot = true, milk }: { hot?: boolean; milk: number }) =>
          `${name} ${size} ${hot} ${milk}`,
      ),
      plain: simpleTag((one: unknown, two: unknown) => `${String(one)}-${String(two)}`),
      any: simpleTag((...all: unknown[]) => JSON.stringify(all)),
      bound: simpleTag(Math.max.bind(null)),
      box: blockTag((content, { kind = "a" }: { kind?: string } = {}) => safe(`<${kind}>${String(content)}</${kind}>`), {
        end: "boxend",
      }),
      user: simpleTag((context, name: string) => String(context.get(name)), { takesContext: true }),
      row: inclusionTag("row", (value: number) => ({ value })),
    },
    filters: { hour: filter((moment: { hour: number }) => moment.hour, { expectsLocaltime: true }) },
  });
  const tags = new Engine({ libraries: { own }, templates: { row: "<{{ value }}{{ csrf_token }}>" }, timeZone: "Asia/Seoul" });
  const render = (source: string, context: Record<string, unknown> = {}) => tags.renderString(`{% load own %}${source}`, context);

  test("arguments go where the function takes them: in their places or by their names", async () => {
    assert.equal(await render('{% pour "Latte" milk=2 %}'), "Latte m true 2");
    assert.equal(await render('{% pour "Latte" "l" milk=1|add:1 hot=False %}'), "Latte l false 2");
    assert.equal(await render('{% pour size="s" name="Mocha" milk=0 %}'), "Mocha s true 0");
    assert.equal(await render("{% plain two=1 one=2 %}{% any 1 2 x=3 %}{% bound 1 5 3 %}", {}), "2-1[1,2,{&quot;x&quot;:3}]5");
    assert.equal(
      await render('{% box kind="b" %}{{ x }}{% boxend %}{% box as kept %}1{% boxend %}{{ kept }}', { x: "<" }),
      "<b>&lt;</b><a>1</a>",
    );
    assert.equal(
      await render('{% user "name" %}{% row 5 as kept %}{{ kept }}', { name: "<Ada>", csrf_token: () => "t" }),
      "&lt;Ada&gt;<5t>",
    );
  });

  test("a tag may read what follows it, and write its own code", async () => {
    const repeat: TagParser = (parser, token) => {
      const times = parser.expression(token.contents.split(" ")[1] ?? "1");
      const { nodes } = parser.parseUntil(token, "endrepeat");
      return {
        bodies: [nodes],
        compile: (compiler) => {
          const i = compiler.temporary();
          compiler.emit(`for (${i} = 0; ${i} < Number(${compiler.value(times)}); ${i}++) {`);
          compiler.within(["turn"], [nodes], (bind) => {
            bind("turn", i);
            compiler.nodes(nodes);
          });
          compiler.emit("}");
        },
      };
    };
    const looping = new Engine({ builtins: [library({ tags: { repeat } })], templates: { part: "({{ turn }})" } });
    assert.equal(
      await looping.renderString("{% repeat n %}{{ turn }}{{ x }}{% include 'part' %}{% endrepeat %}{{ turn }}", {
        n: 2,
        x: "<",
      }),
      "0&lt;(0)1&lt;(1)",
    );
    await assert.rejects(looping.renderString("{% repeat 2 %}"), { code: "TEMPLATES_UNCLOSED_TAG" });
  });

  test("TEMPLATES_BAD_ARGUMENTS tells what a tag takes", async () => {
    const cases: [string, RegExp, string | undefined][] = [
      [
        '{% pour "a" "b" "c" milk=1 %}',
        /^{% pour %} is given 3 arguments, and takes at most 2\. It takes: name, size, hot, milk\./,
        undefined,
      ],
      ["{% plain 1 2 tow=3 %}", /^{% plain %} has no argument "tow"\. It takes: one, two\./, 'Did you mean "two"?'],
      [
        "{% plain 1 %}",
        /^{% plain %} needs "two"\. It takes: one, two\./,
        "Where one may be left out, give the function's parameter a default; `= undefined` is one.",
      ],
      ['{% pour "a" %}', /^{% pour %} needs "milk"\./, undefined],
      ["{% plain 1 2 one=3 %}", /^{% plain %} is given "one" twice\./, undefined],
    ];
    for (const [source, message, hint] of cases) {
      await assert.rejects(render(source), (error: TemplateError) => {
        assert.equal(error.code, "TEMPLATES_BAD_ARGUMENTS", source);
        assert.equal(error.name, "TemplateSyntaxError");
        assert.match(error.message, message);
        if (hint !== undefined) assert.equal(error.hint, hint);
        return true;
      });
    }
  });

  test("an inclusion that shows no token does not ask for one", async () => {
    let asked = 0;
    const quiet = new Engine({ libraries: { own }, templates: { row: "x" } });
    assert.equal(await quiet.renderString("{% load own %}{% row 1 %}", { csrf_token: () => `${++asked}` }), "x");
    assert.equal(asked, 0);
  });

  test("a filter may be given moments in the zone of the render", async () => {
    assert.equal(await render("{{ d|hour }}", { d: new Date("2026-07-01T04:30:00Z") }), "13");
  });
});
