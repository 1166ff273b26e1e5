// What editors offer while a query is written.
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { LanguageServer } from "./language-server.ts";
import { TypedProjects } from "./typed-project.ts";

const models = `import { char, foreignKey, integer, manager, Model, related } from "cortado/orm";
export class Roaster extends Model({ name: char({ maxLength: 30 }), coffees: () => related(Coffee, "roaster") }) { static objects = manager(this); }
export class Coffee extends Model({ name: char({ maxLength: 30 }), price: integer(), roaster: () => foreignKey(Roaster, { onDelete: "protect" }) }) {
  static objects = manager(this);
}
`;

suite("an editor", { timeout: 60_000 }, () => {
  const projects = new TypedProjects();
  const { folder } = projects.compile({ "models.ts": models });
  const server = new LanguageServer(folder);
  before(() => server.start());
  after(() => {
    server.stop();
    projects.remove();
  });
  const offered: Record<string, readonly [text: string, names: readonly string[], others?: readonly string[]]> = {
    "the names that a way back can have": ['related(Coffee, "|")', ["name", "price", "roaster"]],
    "fields and relations in a filter": ["Coffee.objects.filter({ | })", ["id", "name", "pk", "price", "roaster", "roasterId"]],
    "fields of a relation": ["Coffee.objects.filter({ roaster: { | } })", ["name", "coffees"]],
    "the lookups of a number": ["Coffee.objects.filter({ price: { | } })", ["gte", "in", "isNull"], ["icontains", "year"]],
    "the lookups of a text": ["Coffee.objects.filter({ name: { | } })", ["icontains", "startsWith"], ["year"]],
    "relations to load": ['Coffee.objects.with("|")', ["roaster"], ["name"]],
    "the names of values": ['Coffee.objects.values("|")', ["name", "price", "roasterId"]],
    "terms of an order": ['Coffee.objects.orderBy("|")', ["name", "-name", "-price", "?"]],
    "what create() takes": ["Coffee.objects.create({ | })", ["name", "price", "roaster", "roasterId"]],
    "fields in an expression": ["Coffee.objects.annotate((coffee) => ({ n: coffee.| }))", ["name", "price", "roaster"]],
  };
  let count = 0;
  for (const [what, [text, names, others = []]] of Object.entries(offered))
    test(`offers ${what}`, async () => {
      count += 1;
      const source = `import { related } from "cortado/orm";\nimport { Coffee } from "./models.ts";\n${text};\n`;
      const found = await server.completions(`use${count}.ts`, source);
      for (const name of names) assert.ok(found.includes(name), `${name} is not among ${found.join(", ")}`);
      for (const name of others) assert.ok(!found.includes(name), `${name} is among ${found.join(", ")}`);
    });
});
