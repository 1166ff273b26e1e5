import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "cortado/templates";

const engine = new Engine({ templates: { row: "[{{ row.name }}]" } });

/** Rows as a QuerySet has them: thenable, asynchronously iterable, counted when asked. */
class Rows {
  asked = 0;
  // oxlint-disable-next-line unicorn/no-thenable -- a QuerySet is one
  then(resolve: (rows: unknown[]) => void) {
    this.asked++;
    resolve([{ name: "a" }, { name: "b" }]);
  }
  async *[Symbol.asyncIterator]() {
    yield* await (this as unknown as PromiseLike<unknown[]>);
  }
  count() {
    return Promise.resolve(2);
  }
}

test("promises are awaited in output, conditions, loops, with and arguments of filters", async () => {
  const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), 1));
  const source =
    "{{ a }}{% if no %}x{% else %}y{% endif %}{% for i in l %}{{ i }}{% endfor %}{% with w=a %}{{ w }}{% endwith %}{{ m|default:a }}{{ o.p.q }}";
  const context = {
    a: later("<1>"),
    no: later(false),
    l: later([1, later(2)]),
    m: later(""),
    o: later({ p: later({ q: "deep" }) }),
  };
  assert.equal(await engine.renderString(source, context), "&lt;1&gt;y12&lt;1&gt;&lt;1&gt;deep");
});

test("one render runs a QuerySet once, and asks it for what it has itself", async () => {
  const rows = new Rows();
  const source =
    '{{ rows.count }}{% if rows %}{% for row in rows %}{% include "row" %}{% endfor %}{% endif %}{{ rows|length }}{{ rows.0.name }}';
  assert.equal(await engine.renderString(source, { rows }), "2[a][b]2a");
  assert.equal(rows.asked, 1);
});

test("a look-up asks a getter once, whatever it gives", async () => {
  const asked: string[] = [];
  const answers: Record<string, unknown> = {
    text: "t",
    none: null,
    list: [1],
    later: Promise.resolve(1),
    html: { toHtml: () => "h" },
  };
  const owner = {};
  for (const [name, answer] of Object.entries(answers)) {
    const get = () => {
      asked.push(name);
      return answer;
    };
    Object.defineProperty(owner, name, { get });
  }
  const source = "{{ o.text }}{{ o.none }}{% for x in o.list %}{{ x }}{% endfor %}{{ o.later }}{% if o.html %}{% endif %}";
  for (const o of [owner, Object.create(owner)]) {
    assert.equal(await engine.renderString(source, { o }), "tNone11");
    assert.deepEqual(asked.splice(0), Object.keys(answers));
  }
});

test("an asynchronous iterator is collected", async () => {
  async function* count() {
    yield 1;
    yield 2;
  }
  assert.equal(await engine.renderString("{% for n in numbers %}{{ n }}{% endfor %}", { numbers: count() }), "12");
});

test("a template without promises renders at once", () => {
  const plain = new Engine({ templates: { a: "{% for x in l %}{{ x }}{% endfor %}" } });
  assert.equal(plain.renderSync("a", { l: [1, 2] }), "12");
});

test("a rejected promise is the error of the render, and one that says there is none is missing", async () => {
  await assert.rejects(engine.renderString("{{ a }}", { a: Promise.reject(new Error("broken")) }), /broken/);
  const none = Object.assign(new Error("no row"), { silentVariableFailure: true });
  assert.equal(await engine.renderString("[{{ a.name }}]", { a: Promise.reject(none) }), "[]");
  const owner = {
    get passport(): never {
      throw none;
    },
  };
  assert.equal(await engine.renderString("[{{ owner.passport.number }}]", { owner }), "[]");
});
