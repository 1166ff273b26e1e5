// The style sheets and scripts that forms and their widgets need.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { Engine, safe } from "cortado/templates";

class Stars extends f.InputWidget {
  static override media: f.MediaDefinition = {
    css: { all: ["stars.css"], print: ["stars-print.css"] },
    js: ["jquery.js", "stars.js"],
  };

  constructor() {
    super("number");
  }
}

class Map extends f.InputWidget {
  static override media: f.MediaDefinition = {
    css: { all: ["https://maps.example/map.css"] },
    js: ["jquery.js", new f.Script("map.js", { type: "module" })],
  };

  constructor() {
    super("text");
  }
}

class Place extends f.Form({
  place: f.charField({ widget: new Map() }),
  stars: f.integerField({ widget: new Stars() }),
  name: f.charField(),
}) {
  static override media: f.MediaDefinition = {
    css: { all: [new f.Stylesheet("form.css", { media: "screen" })] },
    js: ["/root.js", "map.js"],
  };
}

test("a form gathers what it and its widgets need, each once and in an order that suits all", () => {
  assert.equal(
    String(new Place().media),
    [
      '<link href="/static/form.css" media="screen" rel="stylesheet">',
      '<link href="https://maps.example/map.css" media="all" rel="stylesheet">',
      '<link href="/static/stars.css" media="all" rel="stylesheet">',
      '<link href="/static/stars-print.css" media="print" rel="stylesheet">',
      '<script src="/root.js"></script>',
      '<script src="/static/jquery.js"></script>',
      '<script src="/static/map.js"></script>',
      '<script src="/static/map.js" type="module"></script>',
      '<script src="/static/stars.js"></script>',
    ].join("\n"),
  );
});

test("templates print all of it, or the sheets or scripts alone", async () => {
  const engine = new Engine();
  const form = new Place();
  assert.equal(await engine.renderString("{{ form.media }}", { form }), String(form.media));
  const [css, js] = (await engine.renderString("{{ form.media.css }}|{{ form.media.js }}", { form })).split("|");
  assert.ok(!css!.includes("<script") && css!.includes("stars.css"));
  assert.ok(!js!.includes("<link") && js!.includes("map.js"));
  assert.equal(await engine.renderString("{{ form.media }}", { form: new (f.Form({ name: f.charField() }))() }), "");
});

test("a content security policy's nonce stands on each of them", async () => {
  const html = String(new Place().media.render({ nonce: 'a"b' }));
  assert.equal(html.match(/ nonce="a&quot;b"/g)?.length, html.split("\n").length);
  const engine = new Engine();
  const shown = (context: object) => engine.renderString("{% csp_nonce_attr form.media %}", { form: new Place(), ...context });
  assert.equal(await shown({ csp_nonce: 'a"b' }), html);
  assert.equal(await shown({}), String(new Place().media));
});

test("a subclass adds to what its parent needs, replaces it, or keeps a part of it", () => {
  class More extends Stars {
    static override media: f.MediaDefinition = { js: ["more.js"] };
  }
  class Other extends Stars {
    static override media: f.MediaDefinition = { js: ["other.js"], extend: false };
  }
  class Part extends Stars {
    static override media: f.MediaDefinition = { js: ["part.js"], extend: ["css"] };
  }
  class Same extends Stars {}
  const names = (widget: f.Widget) => [...String(widget.media).matchAll(/\/static\/([\w.-]+)/g)].map(([, name]) => name);
  assert.deepEqual(names(new More()), ["stars.css", "stars-print.css", "jquery.js", "more.js", "stars.js"]);
  assert.deepEqual(names(new Other()), ["other.js"]);
  assert.deepEqual(names(new Part()), ["stars.css", "stars-print.css", "part.js"]);
  assert.deepEqual(names(new Same()), names(new Stars()));
  assert.deepEqual(names(f.multiWidget({ widgets: [new Stars(), new Other()] })), ["stars.css", "stars-print.css", "jquery.js", "other.js", "stars.js"]); // prettier-ignore
});

test("orders that contradict one another are warned of", async () => {
  const warned = new Promise<Error & { code?: string }>((resolve) => process.once("warning", resolve));
  const both = new f.Media({ js: ["a.js", "b.js"] }).plus(new f.Media({ js: ["b.js", "a.js"] }));
  assert.equal(String(both), '<script src="/static/a.js"></script>\n<script src="/static/b.js"></script>');
  const { name, code, message } = await warned;
  assert.deepEqual([name, code], ["MediaOrderConflictWarning", "FORMS_MEDIA_ORDER"]);
  assert.match(message, /a\.js, b\.js/);
});

test("assets of one's own and HTML stand beside paths, and the static address is the project's", () => {
  class Inline implements f.MediaAsset {
    readonly key = "inline";

    toHtml() {
      return safe("<script>1</script>");
    }
  }
  const media = new f.Media({ js: ["x y.js", new Inline(), safe("<script>2</script>")] });
  f.useMediaAddress((path) => `https://cdn.example/${encodeURIComponent(path)}`);
  try {
    assert.equal(String(media), '<script src="https://cdn.example/x%20y.js"></script>\n<script>1</script>\n<script>2</script>');
  } finally {
    f.useMediaAddress((path) => `/static/${path}`);
  }
});
