// What the compiler says of typed templates, with the names that `cortado check` writes down.
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { declareTemplates, Engine } from "cortado/templates";
import { TypedProjects } from "./typed-project.ts";

const engine = new Engine({
  templates: {
    "base.html": "{% block title %}{{ site }}{% endblock %}{% block content %}{% endblock %}{{ user.name }}",
    "coffee.html": `{% extends "base.html" %}{% block content %}{{ title|upper }}{% for coffee in coffee_list %}
      {{ coffee.name }} {{ coffee.is_ice }} {{ coffee.roaster.country }} {{ coffee.label }}
      {% for tag in coffee.tags %}{{ tag.code }}{% endfor %}{% endfor %}{{ coffee_list.count }}
      {% if form %}{{ form.errors }}{% endif %}{{ note|default:"" }}{% endblock %}`,
    "row.html": "{{ coffee.name }}{% for key, value in prices.items %}{{ key }}{{ value }}{% endfor %}{{ first.0.name }}",
    "moment.html": "{{ at.year }}{{ title.upper }}",
    "plain.html": "{% if title %}{{ title.length }}{% endif %}",
  },
});
const names = declareTemplates(engine, { given: ["user", "site"] });

const models = `import { boolean, char, foreignKey, manager, manyToMany, Model } from "cortado/orm";
export class Roaster extends Model({ country: char({ maxLength: 2 }) }) { static objects = manager(this); }
export class Tag extends Model({ code: char({ maxLength: 3 }) }) { static objects = manager(this); }
export class Coffee extends Model({
  name: char({ maxLength: 30 }), isIce: boolean({ default: false }),
  roaster: () => foreignKey(Roaster, { onDelete: "protect" }), tags: () => manyToMany(Tag),
}) { static objects = manager(this); label() { return this.name; } }
`;
const imports = `import type { QuerySet } from "cortado/orm";
import { type TypedTemplate, template } from "cortado/templates";
import { Coffee, Roaster } from "./models.ts";
declare function render<Context extends object>(page: TypedTemplate<Context>, context: NoInfer<Context>): void;
`;

const accepted: Record<string, string> = {
  "a context with every name": 'template<{ coffee_list: QuerySet<Coffee>; title: string }>("coffee.html");',
  "a camelCase name for a snake_case one": 'template<{ coffeeList: QuerySet<Coffee>; title: string }>("coffee.html");',
  "names that are read under a condition": 'template<{ coffee_list: QuerySet<Coffee>; title: string; form: { errors: string[] }; note: string }>("coffee.html");',
  "Python's parts of moments and texts": 'template<{ at: Date; title: string }>("moment.html");',
  "names that no template reads": 'template<{ title: string; more: number }>("plain.html");',
  "promises, functions, dictionaries and lists": 'template<{ coffee: Promise<Coffee>; prices: Map<string, number>; first: () => Coffee[] }>("row.html");',
  "what may be missing, and unions": 'template<{ coffee: Coffee | null; prices: Record<string, number>; first: (Coffee | { code: string })[] }>("row.html");',
  "values of any type": 'template<{ coffee: any; prices: unknown; first: any[] }>("row.html");',
  "rows of a context where it is rendered": 'render(template<{ coffee_list: QuerySet<Coffee>; title: string }>("coffee.html"), { coffee_list: Coffee.objects.all(), title: "x" });',
  "the template's own names, without types": 'render(template("coffee.html"), { coffee_list: [], title: 3, extra: 1 });',
}; // oxfmt-ignore

const refused: Record<string, readonly [source: string, message: RegExp]> = {
  "a context that lacks a name": ['template<{ coffee_list: QuerySet<Coffee> }>("coffee.html");', /"\(coffee\.html reads title, which the context lacks\)"/],
  "a misspelt name": ['template<{ cofee_list: QuerySet<Coffee>; title: string }>("coffee.html");', /\(coffee\.html reads coffee_list, which the context lacks\)/],
  "an attribute that the rows do not have": ['template<{ coffee_list: QuerySet<Roaster>; title: string }>("coffee.html");', /\(coffee\.html reads coffee_list\.\*\.(is_ice|label|name|roaster|tags), which the context's type lacks\)/],
  "an attribute of what may be given": ['template<{ coffee_list: QuerySet<Coffee>; title: string; form: { fields: 1 } }>("coffee.html");', /\(coffee\.html reads form\.errors, which the context's type lacks\)/],
  "an attribute of an item by its place": ['template<{ coffee: Coffee; prices: {}; first: { code: string }[] }>("row.html");', /\(row\.html reads first\.0\.name, which the context's type lacks\)/],
  "a part of a moment that is none": ['template<{ at: number; title: string }>("moment.html");', /\(moment\.html reads at\.year, which the context's type lacks\)/],
  "a template that is not there": ['template<{ title: string }>("plane.html");', /^Argument of type '"plane\.html"' is not assignable to parameter of type '.*"plain\.html"/],
  "an unknown name without a type": ['template("cofee.html");', /"coffee\.html"/],
  "a context of another type where it is rendered": ['render(template<{ title: string }>("plain.html"), { title: 3 });', /^Type 'number' is not assignable to type 'string'\.$/],
  "a name too many where it is rendered": ['render(template<{ title: string }>("plain.html"), { title: "", titel: "" });', /'titel' does not exist in type '{ title: string; }'/],
  "a name that is left out where it is rendered": ['render(template("coffee.html"), { title: 3 });', /Property 'coffee_list' is missing/],
}; // oxfmt-ignore

suite("typed templates", () => {
  const projects = new TypedProjects();
  after(() => projects.remove());
  const sources = [...Object.values(accepted), ...Object.values(refused).map(([source]) => source)];
  const files = Object.fromEntries(sources.map((source, i) => [`case${i}.ts`, `${imports}${source}\n`]));
  const declared = { "models.ts": models, ".cortado/templates.d.ts": names };
  const { errors } = projects.compile({ ...declared, ...files });

  test("the file of names compiles", () => assert.deepEqual([errors["models.ts"], errors[".cortado/templates.d.ts"]], [undefined, undefined])); // prettier-ignore
  for (const [i, what] of Object.keys(accepted).entries())
    test(`${what} are taken`, () => assert.deepEqual(errors[`case${i}.ts`] ?? [], []));
  for (const [i, [what, [source, message]]] of Object.entries(refused).entries())
    test(`${what} is refused`, () => {
      const found = errors[`case${i + Object.keys(accepted).length}.ts`] ?? [];
      assert.equal(found.length, 1, `${source} gives ${found.length} errors: ${found.join("\n")}`);
      assert.match(found[0]!, message);
    });

  test("without the file of names any template and any context is taken", () => {
    const source = `${imports}render(template<{ a: number }>("a.html"), { a: 1 });\nrender(template("b.html"), { b: 1 });\n`;
    assert.deepEqual(projects.compile({ "models.ts": models, "a.ts": source }).errors, {});
  });

  test("a hundred templates and fifty contexts cost less than a quarter of a million instantiations", () => {
    const page = (i: number) => `"t${i}.html": { required: { n${i}: { "*": { name: {}; price: {} } }; title: {} }; optional: { page: { number: {} } }; names: "n${i}" | "title" };`; // prettier-ignore
    const many = `export {};\ndeclare module "cortado/templates" { interface TemplateNames {\n${Array.from({ length: 100 }, (_, i) => page(i)).join("\n")}\n} }\n`;
    const use = (i: number) => `export const u${i} = template<{ n${i}: { name: string; price: number; p${i}: 1 }[]; title: string }>("t${i}.html");`; // prettier-ignore
    const head = 'import { template } from "cortado/templates";\nexport const f = template;\n';
    const declares = { ".cortado/templates.d.ts": many };
    const without = projects.compile({ ...declares, "a.ts": head });
    const used = projects.compile({ ...declares, "a.ts": head + Array.from({ length: 50 }, (_, i) => use(i)).join("\n") });
    assert.deepEqual(used.errors, {});
    const cost = used.instantiations - without.instantiations;
    assert.ok(cost < 250_000, `${cost} instantiations`);
  });
});
